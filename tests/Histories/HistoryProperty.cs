using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Settlement.Tests.Histories;

/// <summary>
/// Checks something on random histories. The seed is printed; <c>SETTLEMENT_SEED</c> repeats a run, <c>SETTLEMENT_HISTORIES</c> sets how
/// many histories are tried, for a longer run. A failure names the seed, the history as it was found and the smallest one that still fails.
/// </summary>
public static class HistoryProperty
{
    private const string SeedVariable = "SETTLEMENT_SEED";
    private const string CountVariable = "SETTLEMENT_HISTORIES";

    /// <summary>Runs a check on random histories of a city.</summary>
    /// <param name="city">The city.</param>
    /// <param name="print">Takes the line with the seed.</param>
    /// <param name="holds">Throws when it does not hold.</param>
    /// <param name="count">How many histories, unless the environment says otherwise (it does not where the seed is always the
    /// same).</param>
    /// <param name="longest">Acts of the longest.</param>
    /// <param name="always">Seed where every run must try the same histories; else it is chosen by chance.</param>
    public static void ForEvery(
        City city, Action<string> print, Action<History> holds, int count = 100, int longest = 32, ulong? always = null)
    {
        var seed = always ?? Seed();
        print($"{city.Name}: seed {seed} (repeat with {SeedVariable}={seed})");
        var config = Config.QuickThrowOnFailure.WithMaxTest(always is null ? Count(count) : count).WithEndSize(longest).WithReplay(seed, 1);
        Check.One(config, Prop.ForAll(Arb.From(city.Histories, history => history.Smaller()), holds));
    }

    /// <summary>The seed of this run: given, or by chance.</summary>
    public static ulong Seed() => Given(SeedVariable) is { } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : (ulong)Random.Shared.Next(1_000_000);

    /// <summary>How many histories to try.</summary>
    public static int Count(int usual) => Given(CountVariable) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : usual;

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? given : null;
}
