using System.Runtime.CompilerServices;
using System.Text.Json;
using Settlement.Cluster.Tests.Support;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>
/// The console in a real browser: Debian's Chromium, driven by <c>browser/walk.js</c> with Playwright and axe. The program prints what it
/// saw, the tests say what it should have seen. Needs chromium, Node.js and npm (<c>scripts/install-test-tools</c>).
/// </summary>
public sealed class ConsoleBrowserTests : IClassFixture<ConsoleBrowserTests.Walk>
{
    private static readonly TimeSpan WalkGuard = TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, JsonElement> seen;

    public ConsoleBrowserTests(Walk walk) => seen = walk.Seen;

    [Theory]
    [InlineData("zh", "zh-CN")]
    [InlineData("en dark", "en")]
    [InlineData("zh phone", "zh-CN")]
    public void Every_page_is_accessible_and_fits_the_screen(string view, string language)
    {
        Assert.Equal("{}", seen[$"accessibility {view}"].GetRawText());
        Assert.Equal(10, seen[$"pages {view}"].GetInt32());
        Assert.Equal(language, seen[$"language {view}"].GetString());
    }

    [Fact]
    public void From_the_sign_in_to_the_source_of_a_step_the_keyboard_is_enough()
    {
        Assert.Equal("key", seen["keyboard starts in"].GetString());
        Assert.Equal("医疗保险费用结算单", seen["keyboard comes back to"].GetString());
        Assert.Equal("skip", seen["keyboard skips to"].GetString());
        Assert.Equal("""{"count":1,"source":true,"group":"steps-pooled"}""", seen["keyboard opens"].GetRawText());
        Assert.True(seen["keyboard shows where it is"].GetBoolean());
    }

    [Fact]
    public void The_scripts_follow_what_is_put_in()
    {
        Assert.Equal("60000", seen["slider moves the figure"].GetString());
        Assert.True(seen["slider moves the result"].GetBoolean());
        Assert.Equal("特三级 · 本地", seen["level moves the result"].GetString());
        Assert.True(seen["operations renew themselves"].GetBoolean());
        Assert.Equal("true", seen["operations can be paused"].GetString());
        Assert.Equal("""["silo-1","silo-2","silo-3"]""", seen["operations show the nodes"].GetRawText());
        Assert.Equal("""{"fewer":true,"some":true}""", seen["search leaves"].GetRawText());
    }

    [Fact]
    public void Without_scripts_the_pages_do_their_work() =>
        Assert.Equal("基层 · 本地", seen["without scripts the calculator answers"].GetString());

    [Fact]
    public void On_paper_every_step_is_open_and_nothing_is_to_be_pressed()
    {
        Assert.True(seen["print hides"].GetBoolean());
        Assert.True(seen["print opens"].GetBoolean());
    }

    [Fact]
    public void A_refusal_is_a_page_in_the_chosen_language()
    {
        Assert.Equal("There is no settlement 'NOSUCH'.", seen["refusal says"].GetString());
        Assert.Equal("[]", seen["refusal is accessible"].GetRawText());
        Assert.Equal("/console/sign-in", seen["signed out leads to"].GetString());
    }

    [Fact]
    public void The_browser_complains_of_nothing_and_asks_nobody_else()
    {
        Assert.Equal("[]", seen["complaints of the browser"].GetRawText());
        Assert.Equal("[]", seen["requests that leave the server"].GetRawText());
    }

    /// <summary>One walk for all tests: a browser takes longer to start than to look at a page.</summary>
    public sealed class Walk : IAsyncLifetime
    {
        internal Dictionary<string, JsonElement> Seen { get; private set; } = [];

        public async Task InitializeAsync()
        {
            string folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "browser");
            // Two nodes and one that is lost, for the operations page.
            string[] ledger = await TestLedgers.PostgresAsync();
            await using ConsoleScene scene = await ConsoleScene.StartAsync([.. ledger, "Cluster:NodeName=silo-1"]);
            await using TestSilo second = await TestSilo.StartAsync(
                [.. ledger, $"Gateway:KeyFile={scene.KeyPath}", "Cluster:NodeName=silo-2"]);
            await LostNode.AddAsync(ledger[1]["Ledger:ConnectionString=".Length..], "90 seconds");
            List<string> arguments = [
                "walk.js", Chromium(), scene.Silo.HttpAddress, scene.AgencyKey, ConsoleScene.Person, scene.OwnSettlement.SettlementId];
            // For who wants to look: SETTLEMENT_SCREENSHOTS names a folder.
            if (Environment.GetEnvironmentVariable("SETTLEMENT_SCREENSHOTS") is { Length: > 0 } shots)
                arguments.Add(Directory.CreateDirectory(shots).FullName);
            Seen = await ForeignProgram.SeenByNodeAsync(folder, WalkGuard, [.. arguments]);
        }

        public Task DisposeAsync() => Task.CompletedTask;

        private static string Chromium() =>
            Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
                .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("These tests need Chromium, and it is not on the PATH: run scripts/install-test-tools.");

        private static string Here([CallerFilePath] string path = "") => path;
    }
}
