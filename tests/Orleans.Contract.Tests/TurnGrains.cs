using Orleans;
using Orleans.Concurrency;

namespace Settlement.Contract;

public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Reads, waits, writes: loses counts unless calls exclude each other.</summary>
    Task<int> IncrementSlowly();

    Task<int> Read();

    [AlwaysInterleave]
    Task<int> ReadAtOnce();

    /// <summary>Stays until <see cref="Open"/>.</summary>
    Task WaitAtGate();

    [AlwaysInterleave]
    Task Open();
}

public sealed class CounterGrain(Observer observer) : Grain, ICounterGrain
{
    private readonly TaskCompletionSource _gate = new();
    private int _value;

    public async Task<int> IncrementSlowly()
    {
        var read = _value;
        await Task.Yield();
        await Task.Yield();
        return _value = read + 1;
    }

    public Task<int> Read() => Task.FromResult(_value);

    public Task<int> ReadAtOnce() => Task.FromResult(_value);

    public async Task WaitAtGate()
    {
        observer.Report($"waiting {this.GetPrimaryKeyString()}");
        await _gate.Task;
        _value++;
    }

    public Task Open()
    {
        _gate.SetResult();
        return Task.CompletedTask;
    }
}

public interface IReentrantGrain : IGrainWithStringKey
{
    /// <summary>Works in several turns once so many calls have entered. Gives whether two turns ever ran at once.</summary>
    Task<bool> WorkTogether(int callers);
}

[Reentrant]
public sealed class ReentrantGrain : Grain, IReentrantGrain
{
    private readonly TaskCompletionSource _all = new();
    private int _entered;
    private int _turns;
    private bool _parallel;

    public async Task<bool> WorkTogether(int callers)
    {
        if (++_entered == callers) _all.SetResult();
        await _all.Task;
        for (var i = 0; i < 10; i++)
        {
            Turn();
            await Task.Yield();
        }

        return _parallel;
    }

    private void Turn()
    {
        if (Interlocked.Increment(ref _turns) != 1) _parallel = true;
        Thread.SpinWait(200);
        Interlocked.Decrement(ref _turns);
    }
}

public interface IReadOnlyGrain : IGrainWithStringKey
{
    [ReadOnly]
    Task<int> ReadTogether(int readers);

    Task Write();
}

public sealed class ReadOnlyGrain(Observer observer) : Grain, IReadOnlyGrain
{
    private readonly TaskCompletionSource _all = new();
    private int _readers;
    private bool _writing;

    public async Task<int> ReadTogether(int readers)
    {
        if (_writing) throw new InvalidOperationException("A read ran beside a write.");
        if (++_readers == readers) _all.SetResult();
        observer.Report($"read {this.GetPrimaryKeyString()}");
        await _all.Task;
        return _readers;
    }

    public async Task Write()
    {
        _writing = true;
        await Task.Yield();
        observer.Report($"write {this.GetPrimaryKeyString()}");
        _writing = false;
    }
}

public interface ISchedulerGrain : IGrainWithStringKey
{
    Task<bool> StaysOnItsScheduler();

    Task<bool> StartsTasksOnItsScheduler();
}

public sealed class SchedulerGrain : Grain, ISchedulerGrain
{
    public async Task<bool> StaysOnItsScheduler()
    {
        var mine = TaskScheduler.Current;
        if (mine == TaskScheduler.Default) return false;
        await Task.Yield();
        var afterYield = TaskScheduler.Current == mine;
        await Task.Run(static () => { });
        return afterYield && TaskScheduler.Current == mine;
    }

    public async Task<bool> StartsTasksOnItsScheduler()
    {
        var mine = TaskScheduler.Current;
        var inner = await Task.Factory.StartNew(
            static () => TaskScheduler.Current, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        return inner == mine;
    }
}
