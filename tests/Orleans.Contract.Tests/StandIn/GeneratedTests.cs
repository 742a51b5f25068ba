using Orleans;
using Orleans.Concurrency;

namespace Settlement.Contract.StandIn;

internal interface IHiddenGrain : IGrainWithStringKey
{
    ValueTask<HiddenAnswer> Ask(HiddenQuestion question, CancellationToken cancellationToken);
}

[Immutable]
internal sealed record HiddenQuestion(string Text);

[Immutable]
internal sealed record HiddenAnswer(string Text);

internal sealed class HiddenGrain : Grain, IHiddenGrain
{
    public ValueTask<HiddenAnswer> Ask(HiddenQuestion question, CancellationToken cancellationToken) =>
        new(new HiddenAnswer(question.Text));
}

public interface ILocalsGrain : IGrainWithStringKey
{
    Task<string> Seen();
}

public sealed class LocalsGrain : Grain, ILocalsGrain
{
    public static AsyncLocal<string> Local { get; } = new();

    public Task<string> Seen()
    {
        var seen = Local.Value ?? "nothing";
        Local.Value = "the grain's";
        return Task.FromResult(seen);
    }
}

[StatelessWorker]
public sealed class WorkerGrain : Grain, IWorkerGrain
{
    public Task Work() => Task.CompletedTask;
}

public interface IWorkerGrain : IGrainWithStringKey
{
    Task Work();
}

/// <summary>The classes generated for grain interfaces, and what must not pass between caller and grain on one thread.</summary>
public sealed class GeneratedTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Internal_interfaces_and_types_work()
    {
        var answer = await cluster.Client.GetGrain<IHiddenGrain>("key").Ask(new HiddenQuestion("why"), CancellationToken.None);
        Assert.Equal("why", answer.Text);
    }

    [Fact]
    public async Task Async_locals_do_not_pass_between_caller_and_grain()
    {
        var grain = cluster.Client.GetGrain<ILocalsGrain>("key");
        LocalsGrain.Local.Value = "the caller's";
        for (var i = 0; i < 3; i++) Assert.Equal("nothing", await grain.Seen());
        Assert.Equal("the caller's", LocalsGrain.Local.Value);
    }

    [Fact]
    public void A_stateless_worker_is_refused()
    {
        var failure = Assert.Throws<NotSupportedException>(() => cluster.Client.GetGrain<IWorkerGrain>("key"));
        Assert.Contains(nameof(WorkerGrain), failure.Message);
    }
}
