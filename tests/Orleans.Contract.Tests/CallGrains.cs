using Orleans;
using Orleans.Concurrency;

namespace Settlement.Contract;

public interface ICallGrain : IGrainWithStringKey
{
    Task<string> Everything(string text, int number, Immutable<byte[]> bytes, DateOnly day, long? none, Paper paper);

    ValueTask<int> ValueResult(int number);

    ValueTask NoResult();

    Task ThrowBeforeTask(string message);

    Task ThrowAfterAwait(string message);

    ValueTask<int> ThrowFromValueTask(string message);

    Task CancelItself();

    Task<string> WaitFor(string name, CancellationToken cancellationToken);

    /// <summary>Waits for an event of the test, without hearing of cancellation.</summary>
    Task WaitDeaf(string name);

    Task<int> NeverMind(CancellationToken cancellationToken = default);
}

[GenerateSerializer, Immutable]
public sealed record Paper([property: Id(0)] string Title, [property: Id(1)] long Fen);

[GenerateSerializer]
public sealed class TornPaperException(string message) : Exception(message);

public sealed class CallGrain(Observer observer) : Grain, ICallGrain
{
    public Task<string> Everything(string text, int number, Immutable<byte[]> bytes, DateOnly day, long? none, Paper paper) =>
        Task.FromResult($"{text} {number} {bytes.Value.Length} {day:yyyy-MM-dd} {none is null} {paper.Title} {paper.Fen}");

    public ValueTask<int> ValueResult(int number) => new(number + 1);

    public async ValueTask NoResult() => await Task.Yield();

    public Task ThrowBeforeTask(string message) => throw new TornPaperException(message);

    public async Task ThrowAfterAwait(string message)
    {
        await Task.Yield();
        throw new TornPaperException(message);
    }

    public async ValueTask<int> ThrowFromValueTask(string message)
    {
        await Task.Yield();
        throw new TornPaperException(message);
    }

    public async Task CancelItself()
    {
        await Task.Yield();
        throw new OperationCanceledException("Of its own will.");
    }

    public async Task<string> WaitFor(string name, CancellationToken cancellationToken)
    {
        observer.Report($"waits {name}");
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
        observer.Report($"heard {name}");
        return name;
    }

    public async Task WaitDeaf(string name)
    {
        observer.Report($"waits {name}");
        await observer.Until($"let go {name}");
        observer.Report($"done {name}");
    }

    public Task<int> NeverMind(CancellationToken cancellationToken = default)
    {
        observer.Report($"ran {this.GetPrimaryKeyString()}");
        return Task.FromResult(1);
    }
}

/// <summary>No class implements it.</summary>
public interface INobodyGrain : IGrainWithStringKey
{
    Task Ping();
}

public interface IAskingGrain : IGrainWithStringKey
{
    /// <summary>Starts a call of a grain that does not answer in time; reports what comes back.</summary>
    Task AskDeaf(string name);
}

/// <summary>The silo's time limit is for calls made in the silo; a client outside has its own. So a grain makes the call.</summary>
[Reentrant]
public sealed class AskingGrain(Observer observer) : Grain, IAskingGrain
{
    private Task? _asking;

    public Task AskDeaf(string name)
    {
        _asking ??= Ask(name);
        return Task.CompletedTask;
    }

    private async Task Ask(string name)
    {
        try
        {
            await GrainFactory.GetGrain<ICallGrain>(name).WaitDeaf(name);
        }
        catch (TimeoutException)
        {
            observer.Report($"timed out {name}");
        }
    }
}
