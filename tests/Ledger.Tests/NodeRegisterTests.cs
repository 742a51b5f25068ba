using Settlement.Ledger.Nodes;
using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>What the nodes that share a ledger know of each other.</summary>
public sealed class PostgresNodeRegisterTests : LedgerTest
{
    private INodeRegister register = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        register = Own(NodeRegister.Create(Place.Options, TimeProvider.System));
    }

    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    [Fact]
    public async Task What_a_node_says_is_read_by_another_process_with_how_long_ago_it_was()
    {
        NodeEntry one = Entry("one", """{"queue": 7}""");
        await register.ReportAsync(one);
        await register.ReportAsync(Entry("two"));
        await SilentAsync("two", seconds: 90);

        IReadOnlyList<HeardNode> heard = await Own(NodeRegister.Create(Place.Options, TimeProvider.System)).ReadAsync();

        Assert.Equal([one, heard[1].Entry], heard.Select(node => node.Entry));
        Assert.Equal("two", heard[1].Entry.Name);
        Assert.InRange(heard[0].Silence, TimeSpan.Zero, Patience);
        Assert.InRange(heard[1].Silence, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(90) + Patience);
    }

    [Fact]
    public async Task A_node_that_speaks_again_or_starts_again_at_its_place_is_one_node()
    {
        await register.ReportAsync(Entry("one", """{"queue": 1}"""));
        await SilentAsync("one", seconds: 7200);
        NodeEntry again = Entry("one", """{"queue": 2}""");
        await register.ReportAsync(again);

        HeardNode only = Assert.Single(await register.ReadAsync());
        Assert.Equal(again, only.Entry);
        Assert.True(only.Silence < NodeRegister.Patience, $"{only.Silence}");
    }

    [Fact]
    public async Task A_node_silent_for_an_hour_is_forgotten_and_not_before()
    {
        await register.ReportAsync(Entry("late"));
        await register.ReportAsync(Entry("lost"));
        await SilentAsync("late", seconds: 3500);
        await SilentAsync("lost", seconds: 3700);
        await register.ReportAsync(Entry("one"));

        Assert.Equal(["late", "one"], (await register.ReadAsync()).Select(node => node.Entry.Name));
    }

    [Fact]
    public async Task A_node_takes_itself_away_and_never_its_successor()
    {
        NodeEntry first = Entry("one");
        NodeEntry second = first with { Instance = Guid.NewGuid() };
        await register.ReportAsync(first);
        await register.ReportAsync(second);

        await register.RemoveAsync(first);
        Assert.Single(await register.ReadAsync());
        await register.RemoveAsync(second);
        Assert.Empty(await register.ReadAsync());
    }

    [Fact]
    public async Task A_node_learns_that_somebody_looks_through_another_that_is_there()
    {
        NodeEntry watching = Entry("watching") with { Watches = true };
        Assert.False(await register.ReportAsync(watching)); // its own looking is no news
        Assert.True(await register.ReportAsync(Entry("one")));
        await SilentAsync("watching", seconds: 60);
        Assert.False(await register.ReportAsync(Entry("one")));
        await register.ReportAsync(watching with { Watches = false });
        Assert.False(await register.ReportAsync(Entry("one")));
    }

    [Fact]
    public async Task Nodes_that_report_and_forget_at_once_do_not_hinder_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            NodeEntry own = Entry($"n{number}");
            for (int i = 0; i < 40; i++)
            {
                await register.ReportAsync(own with { Report = $$"""{"i": {{i}}}""" });
                if (i % 10 == 0) await SilentAsync($"n{(number + 1) % 8}", seconds: 3700);
            }
        }))).WaitAsync(Patience);

        foreach (HeardNode node in await register.ReadAsync()) Assert.Equal("""{"i": 39}""", node.Entry.Report);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_said_in_the_ledgers_words()
    {
        await Place.ExecuteAsync("DROP TABLE ledger.node");
        LedgerUnavailableException refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => register.ReportAsync(Entry("one")));
        Assert.Contains("ledger.node", refused.Message);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => register.ReadAsync());
    }

    private static NodeEntry Entry(string name, string report = "{}") => new(name, $"{name}:5081", Guid.NewGuid(), Watches: false, report);

    private Task<int> SilentAsync(string name, int seconds) =>
        Place.ExecuteAsync($"UPDATE ledger.node SET heard_at = now() - interval '{seconds} seconds' WHERE name = '{name}'");
}

/// <summary>A process that has its ledger to itself knows itself.</summary>
public sealed class SingleNodeRegisterTests
{
    [Fact]
    public async Task It_is_heard_until_it_leaves()
    {
        ManualTimeProvider time = new(new DateTimeOffset(2026, 6, 1, 4, 0, 0, TimeSpan.Zero));
        LedgerOptions options = new() { Provider = LedgerProvider.Sqlite, Path = "l.db" };
        await using INodeRegister register = NodeRegister.Create(options, time);
        Assert.Empty(await register.ReadAsync());
        NodeEntry own = new("one", "one:5081", Guid.NewGuid(), Watches: true, "{}");

        Assert.False(await register.ReportAsync(own));
        time.Advance(TimeSpan.FromSeconds(20));
        HeardNode heard = Assert.Single(await register.ReadAsync());
        Assert.Equal((own, TimeSpan.FromSeconds(20)), (heard.Entry, heard.Silence));

        await register.RemoveAsync(own);
        Assert.Empty(await register.ReadAsync());
    }
}
