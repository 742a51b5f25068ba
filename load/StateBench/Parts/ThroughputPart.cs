using System.Globalization;
using Settlement.Fill;
using Settlement.Ledger;

namespace Settlement.StateBench.Parts;

/// <summary>
/// Settlements a second for the same number of active persons on a small and on the large ledger, and for any person of the large one.
/// </summary>
internal static class ThroughputPart
{
    private const int TargetPercent = 90;

    public static async Task RunAsync(StateOptions options, StateLedgers ledgers, LedgerOptions large, string policies)
    {
        LedgerOptions small = await ledgers.SmallAsync(options.Active);
        await using SiloUnderTest smallSilo = await SiloUnderTest.StartAsync(small, policies);
        await using SiloUnderTest largeSilo = await SiloUnderTest.StartAsync(large, policies);
        LedgerCheck smallCheck = await LedgerCheck.BeginAsync(small, smallSilo.Ledger);
        LedgerCheck largeCheck = await LedgerCheck.BeginAsync(large, largeSilo.Ledger);
        string run = Guid.NewGuid().ToString("N")[..12];
        Stays smallStays = new($"s{run}", options.Plan.Seed);
        Stays largeStays = new($"l{run}", options.Plan.Seed);
        int[] active = Pick.Persons(options.Plan, stream: 200, options.Active);

        Func<int, Task>[] measured =
        [
            draw => smallSilo.SettleAsync(smallStays.Next(draw % options.Active)),
            draw => largeSilo.SettleAsync(largeStays.Next(active[draw % options.Active])),
            draw => largeSilo.SettleAsync(largeStays.Next(draw % options.Plan.Persons)),
        ];
        List<double>[] rates = [[], [], []];
        for (int round = 0; round <= options.Rounds; round++)
        {
            for (int i = 0; i < measured.Length; i++)
            {
                double rate = await RateAsync(options, round, measured[i]);
                if (round > 0) rates[i].Add(rate); // the first round warms up
            }
        }

        await smallCheck.EndAsync(smallStays.Count);
        await largeCheck.EndAsync(largeStays.Count);
        double[] medians = [.. rates.Select(Median)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Throughput, {options.InFlight} in flight, medians of {options.Rounds} rounds of {options.Seconds} s, turn about
              {options.Active:N0} persons on a ledger of only them       {medians[0],9:N0} settlements/s
              {options.Active:N0} persons on the large ledger            {medians[1],9:N0} settlements/s, {medians[1] / medians[0]:P0} (wanted: at least {TargetPercent} %)
              any of {options.Plan.Persons:N0} persons on the large ledger   {medians[2],9:N0} settlements/s, {medians[2] / medians[0]:P0}
            """));
    }

    /// <summary>One round: every caller with draws of its own.</summary>
    private static Task<double> RateAsync(StateOptions options, int round, Func<int, Task> settle)
    {
        Draws[] draws = [.. Enumerable.Range(0, options.InFlight)
            .Select(caller => new Draws(options.Plan.Seed, stream: 300 + round, caller))];
        return Measuring.RateAsync(
            options.InFlight, TimeSpan.FromSeconds(options.Seconds), caller => settle(draws[caller].Below(int.MaxValue)));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
