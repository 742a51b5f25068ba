using System.Globalization;

namespace Settlement.Bench.Output;

/// <summary>The table at the end: medians over the rounds, and ratios within the run.</summary>
internal static class Report
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>The lines of the report.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Figures> all)
    {
        ILookup<string, Figures> byScenario = all.ToLookup(figures => figures.Scenario);
        yield return "                                                                           processor us an operation    WAL bytes       ratio of the rate to";
        yield return "scenario          median /s   min - max /s        p50 ms    p99 ms  p99.9 ms  server database generator an operation  empty  grain one-statement";
        foreach (string scenario in Scenarios.Names.Where(byScenario.Contains))
        {
            Figures[] rounds = [.. byScenario[scenario]];
            double rate = Rate(rounds);
            string range = Text($"{rounds.Min(figures => figures.Rate):N0} - {rounds.Max(figures => figures.Rate):N0}");
            yield return Text(
                $"{scenario,-16} {rate,10:N0}   {range,-16} {Milliseconds(rounds, f => f.P50),9} {Milliseconds(rounds, f => f.P99),9} {Milliseconds(rounds, f => f.P999),9} ")
                + $"{Cost(rounds, f => f.ServerMicroseconds, "N1"),7} {Cost(rounds, f => f.DatabaseMicroseconds, "N1"),8} {Cost(rounds, f => f.GeneratorMicroseconds, "N1"),9} "
                + $"{Cost(rounds, f => f.WalBytes, "N0"),12} {Ratio(byScenario, rate, Scenarios.Empty),6} {Ratio(byScenario, rate, Scenarios.Grain),6} {Ratio(byScenario, rate, Scenarios.OneStatement),13}";
        }

        foreach (string line in Comparisons(byScenario)) yield return line;
    }

    /// <summary>What no column says: scenarios of the product beside each other.</summary>
    private static IEnumerable<string> Comparisons(ILookup<string, Figures> all)
    {
        (string Over, string Under, string Says)[] rates =
        [
            (Scenarios.SettlePostgres, Scenarios.GrainState, "settle-postgres is {0} x grain-state"),
            (Scenarios.SettlePostgres, Scenarios.RowLock, "settle-postgres is {0} x row-lock"),
            (Scenarios.SettlePostgres, Scenarios.Pgbench64, "settle-postgres is {0} x pgbench-64"),
            (Scenarios.SettlePostgres, Scenarios.Pgbench16, "settle-postgres is {0} x pgbench-16"),
            (Scenarios.Hot, Scenarios.SettlePostgres, "hot-person is {0} x settle-postgres"),
            (Scenarios.Metered, Scenarios.Untold, "settle-metered is {0} x settle-untold"),
            (Scenarios.Told, Scenarios.Untold, "settle-told is {0} x settle-untold"),
            (Scenarios.Traced, Scenarios.Untold, "settle-traced is {0} x settle-untold"),
            (Scenarios.Bulk, Scenarios.SettlePostgres, "bulk-stream is {0} x settle-postgres"),
        ];
        yield return "";
        foreach ((string over, string under, string says) in rates)
        {
            if (all.Contains(over) && all.Contains(under))
                yield return string.Format(CultureInfo.InvariantCulture, says, Text($"{Rate(all[over]) / Rate(all[under]):N2}"));
        }

        if (all.Contains(Scenarios.Beside) && all.Contains(Scenarios.SettlePostgres))
            yield return Beside(all[Scenarios.Beside], all[Scenarios.SettlePostgres]);
        if (all.Contains(Scenarios.SettleAlone) && all.Contains(Scenarios.InsertAlone))
            yield return Text(
                $"the median of settle-alone is {P50(all[Scenarios.SettleAlone]) / P50(all[Scenarios.InsertAlone]):N2} x that of insert-alone");
    }

    /// <summary>
    /// The other build or the other settings beside the product, round by round: what disturbs a machine for longer than a round disturbs
    /// both, so the ratios scatter less than the rates.
    /// </summary>
    private static string Beside(IEnumerable<Figures> beside, IEnumerable<Figures> product)
    {
        (Figures Beside, Figures Product)[] pairs = [.. beside.Zip(product)];
        return Text($"settle-beside is {Spread(pair => pair.Beside.Rate / pair.Product.Rate)} x settle-postgres; ")
            + Text($"processor of its server {Spread(pair => pair.Beside.ServerMicroseconds / pair.Product.ServerMicroseconds)} x, ")
            + Text($"of the database {Spread(pair => pair.Beside.DatabaseMicroseconds / pair.Product.DatabaseMicroseconds)} x; ")
            + Text($"p99 {Spread(pair => (double)pair.Beside.P99 / pair.Product.P99)} x ")
            + Text($"(medians over {pairs.Length} rounds, and their middle half)");

        string Spread(Func<(Figures Beside, Figures Product), double?> ratio)
        {
            double[] sorted = [.. pairs.Select(ratio).OfType<double>().Order()];
            return sorted.Length == 0
                ? "-"
                : Text($"{Median.Of(sorted):N3} ({sorted[sorted.Length / 4]:N3} - {sorted[sorted.Length * 3 / 4]:N3})");
        }
    }

    private static double Rate(IEnumerable<Figures> rounds) => Median.Of(rounds.Select(figures => figures.Rate));

    private static double P50(IEnumerable<Figures> rounds) => Median.Of(rounds.Select(figures => (double)figures.P50));

    private static string Milliseconds(Figures[] rounds, Func<Figures, long> latency) =>
        Text($"{Median.Of(rounds.Select(figures => (double)latency(figures))) / NanosecondsPerMillisecond:N3}");

    private static string Cost(Figures[] rounds, Func<Figures, double?> cost, string format) =>
        rounds.Select(cost).OfType<double>().ToArray() is { Length: > 0 } known
        ? Median.Of(known).ToString(format, CultureInfo.InvariantCulture)
        : "-";

    private static string Ratio(ILookup<string, Figures> all, double rate, string to) =>
        all.Contains(to) ? Text($"{rate / Rate(all[to]):N2}") : "-";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
