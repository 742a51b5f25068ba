using System.Net;
using System.Text.RegularExpressions;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>The operations page of two silos on one PostgreSQL ledger shows both, whichever is asked.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private string[] ledger = null!;
    private ConsoleScene scene = null!;
    private TestSilo second = null!;
    private ConsoleVisitor agency = null!;

    private string Database => ledger[1]["Ledger:ConnectionString=".Length..];

    public async Task InitializeAsync()
    {
        ledger = await TestLedgers.PostgresAsync();
        scene = await ConsoleScene.StartAsync([.. ledger, "Cluster:NodeName=silo-1"]);
        second = await TestSilo.StartAsync([.. ledger, $"Gateway:KeyFile={scene.KeyPath}", "Cluster:NodeName=silo-2"]);
        agency = await scene.SignedInAsync(scene.AgencyKey);
    }

    public async Task DisposeAsync()
    {
        agency.Dispose();
        await second.DisposeAsync();
        await scene.DisposeAsync();
    }

    [Fact]
    public async Task Both_are_shown_and_measure_once_somebody_looks_and_the_sum_is_of_both()
    {
        string page = await UntilShownAsync(text => Row(text, "silo-2").Contains("就绪"));
        Assert.Contains("本页", Row(page, "silo-1"));
        Assert.Contains(new Uri(second.HttpAddress).Authority, Row(page, "silo-2"));
        Assert.Contains($"{Environment.ProcessId}", Row(page, "silo-2"));
        Assert.Contains("合计 2 个节点", page);

        // What is called at the second silo is read at the first.
        await UntilShownAsync(
            text => Figures(text, "silo-2")[2] != "–",
            () => QuoteAsync(second));
        Assert.Equal("–", Figures(await agency.ReadTextAsync("/console/operations/live"), "silo-1")[2]); // nobody called it

        using ConsoleVisitor there = new(second.HttpAddress);
        await SignInAsync(there);
        string other = await there.ReadTextAsync("/console/operations");
        Assert.Contains("本页", Row(other, "silo-2"));
        Assert.Contains("silo-1", other);
    }

    [Fact]
    public async Task A_node_that_stops_in_good_order_is_gone_and_one_that_falls_is_lost_and_then_forgotten()
    {
        await UntilShownAsync(text => text.Contains("silo-2"));
        await second.StopAsync();
        Assert.DoesNotContain("silo-2", await agency.ReadTextAsync("/console/operations/live"));

        await LostNode.AddAsync(Database, "20 seconds");
        string page = await agency.ReadTextAsync("/console/operations/live");
        Assert.Contains("失联", Row(page, LostNode.Name));
        Assert.Contains("20 秒前", Row(page, LostNode.Name));
        Assert.Contains("合计 1 个节点", page);
        Assert.Equal(Figures(page, "silo-1")[3], Figures(page, "合计")[3]); // the queue of the lost one is in no sum

        await LostNode.AddAsync(Database, "2 hours");
        await UntilShownAsync(text => !text.Contains(LostNode.Name));
    }

    [Fact]
    public async Task A_node_that_cannot_tell_of_itself_settles_on_and_is_back_when_it_can()
    {
        await UntilShownAsync(text => text.Contains("silo-2"));
        await PostgresServer.ExecuteAsync(Database, "ALTER TABLE ledger.node RENAME TO node_aside");
        string page = await agency.ReadTextAsync("/console/operations/live");
        Assert.Contains("无法读取其他节点", page);
        Assert.Contains("就绪", Row(page, "silo-1"));
        await scene.Silo.Settlement.SettleAsync(Requests.Settle(ConsoleScene.Person, "n1", Requests.Inpatient(1_000_000)), Agency());
        using HttpClient http = new();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{scene.Silo.HttpAddress}/health/ready")).StatusCode);

        await PostgresServer.ExecuteAsync(Database, "ALTER TABLE ledger.node_aside RENAME TO node; TRUNCATE ledger.node");
        await UntilShownAsync(text => Row(text, "silo-2").Contains("就绪"));
    }

    [Fact]
    public async Task A_node_that_drains_says_so()
    {
        await using TestSilo slow = await TestSilo.StartAsync(
            [.. ledger, $"Gateway:KeyFile={scene.KeyPath}", "Cluster:NodeName=silo-4", "Gateway:DrainDelay=00:00:08"]);
        await UntilShownAsync(text => text.Contains("silo-4"));
        Task stopping = slow.StopAsync();
        await UntilShownAsync(text => Row(text, "silo-4").Contains("退出中"));
        await stopping;
        Assert.DoesNotContain("silo-4", await agency.ReadTextAsync("/console/operations/live"));
    }

    private async Task<string> UntilShownAsync(Func<string, bool> holds, Func<Task>? meanwhile = null)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (meanwhile is not null) await meanwhile();
            string page = await agency.ReadTextAsync("/console/operations/live");
            if (holds(page)) return page;
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    private Task<QuoteResponse> QuoteAsync(TestSilo silo) => silo.Settlement.QuoteAsync(
        new QuoteRequest { Person = ConsoleScene.Person, Claim = Requests.Inpatient(1_000_000) }, Agency()).ResponseAsync;

    private Grpc.Core.Metadata Agency() => new() { { "authorization", $"Bearer {scene.AgencyKey}" } };

    private async Task SignInAsync(ConsoleVisitor visitor)
    {
        using HttpResponseMessage answer = await visitor.SubmitAsync("/console/sign-in", "/console/sign-in", ("key", scene.AgencyKey));
        Assert.Equal("/console", answer.Headers.Location?.OriginalString);
    }

    /// <summary>The row of a node; empty when it is not there.</summary>
    private static string Row(string page, string name) =>
        Regex.Matches(page, "<tr>.*?</tr>", RegexOptions.Singleline).Select(match => match.Value)
            .FirstOrDefault(row => row.Contains($"<th scope=\"row\">{name}", StringComparison.Ordinal)) ?? "";

    /// <summary>Its figures in their order: entries, calls, p99, queue, fences, memory, last heard; dashes when it is not there.</summary>
    private static string[] Figures(string page, string name)
    {
        string[] figures = [.. Regex.Matches(Row(page, name), "<td class=\"number\">(.*?)</td>").Select(match => match.Groups[1].Value)];
        return figures.Length == 0 ? ["–", "–", "–", "–", "–", "–", "–"] : figures;
    }
}
