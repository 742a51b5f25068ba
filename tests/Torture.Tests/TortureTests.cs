using Settlement.Torture.Faults;
using Xunit.Abstractions;

namespace Settlement.Torture.Tests;

/// <summary>
/// The torture in its short form: real silos, real PostgreSQL, real kills, a fixed seed. Whatever dies, nothing acknowledged is lost.
/// </summary>
public sealed class TortureTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("postgres", 319)]
    [InlineData("sqlite", 38)]
    public async Task Every_invariant_holds_through_kills_and_pauses(string store, int seed)
    {
        bool postgres = store == "postgres";
        TortureOptions options = new()
        {
            Postgres = postgres,
            Silos = postgres ? 2 : 1,
            Duration = TimeSpan.FromSeconds(5),
            Every = TimeSpan.FromMilliseconds(500),
            Seed = (ulong)seed,
            Whole = true,
            Disk = false,
            Clients = 8,
            Persons = 24,
            History = Path.Combine(Directory.CreateTempSubdirectory("settlement-torture-").FullName, "history.jsonl"),
        };
        using StringWriter told = new();
        TortureOutcome outcome = await TortureRun.RunAsync(options, told);
        output.WriteLine($"{told}{Report.Of(options, outcome)}");
        Assert.Empty(outcome.Result.Violations);
        Assert.Equal(FaultPlan.Draw(options, disk: false).Select(static fault => fault.Kind)
            .Order(), outcome.Faults.Select(static fault => fault.Kind).Order());
        Assert.Contains(outcome.Faults, static fault => fault.Kind == FaultKind.KillSilo);
        Assert.Contains(outcome.Faults, static fault => fault.Kind == FaultKind.PauseSilo);
        Assert.True(outcome.Result.Acknowledged > options.Persons);
    }
}
