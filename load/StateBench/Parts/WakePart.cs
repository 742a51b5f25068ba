using System.Globalization;
using Settlement.Ledger;

namespace Settlement.StateBench.Parts;

/// <summary>How long the first call to a person takes who is not active: activation and the reading of the newest entry.</summary>
internal static class WakePart
{
    private const int Warm = 300;
    private const int Together = 16;
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(StateOptions options, LedgerOptions large, string policies)
    {
        await using SiloUnderTest silo = await SiloUnderTest.StartAsync(large, policies);
        int[] persons = Pick.Persons(options.Plan, stream: 201, Math.Min(options.Plan.Persons, options.Wakes * 2 + Warm));
        int warm = persons.Length - options.Wakes * 2;
        await Measuring.EachAsync(Together, persons[..warm], silo.WakeAsync);
        Latencies alone = await Measuring.EachAsync(1, persons[warm..(warm + options.Wakes)], silo.WakeAsync);
        Latencies together = await Measuring.EachAsync(Together, persons[(warm + options.Wakes)..], silo.WakeAsync);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            First call to persons who are not active, drawn from {options.Plan.Persons:N0}
              one after the other   {alone}
              {Together} at a time         {together}
              wanted: p99 within {Target.TotalMilliseconds:N0} ms one after the other: {(alone.AtPerMille(990) <= Target ? "kept" : "MISSED")}
            """));
    }
}
