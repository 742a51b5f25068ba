using System.Globalization;
using Settlement.Ledger;

namespace Settlement.StateBench.Parts;

/// <summary>What an idle active person takes: each settled once, then everything collected, against the same process before.</summary>
internal static class MemoryPart
{
    private const int Target = 4096;
    private const int Warm = 1_000;

    public static async Task RunAsync(StateOptions options, LedgerOptions large, string policies)
    {
        await using SiloUnderTest silo = await SiloUnderTest.StartAsync(large, policies);
        LedgerCheck check = await LedgerCheck.BeginAsync(large, silo.Ledger);
        Stays stays = new($"m{Guid.NewGuid():N}"[..13], options.Plan.Seed);
        int[] persons = Pick.Persons(options.Plan, stream: 202, options.Idle);
        int warm = Math.Min(Warm, persons.Length / 2);
        await Measuring.EachAsync(options.InFlight, persons[..warm], person => silo.SettleAsync(stays.Next(person)));
        (long heap, long resident) before = Read();
        await Measuring.EachAsync(options.InFlight, persons[warm..], person => silo.SettleAsync(stays.Next(person)));
        (long heap, long resident) after = Read();
        int count = persons.Length - warm;
        long each = (after.heap - before.heap) / count;
        await check.EndAsync(stays.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            Memory of an idle active person, {count:N0} of them, each settled once
              managed heap   {each,7:N0} bytes a person (wanted: under {Target:N0}: {(each < Target ? "kept" : "MISSED")})
              working set    {(after.resident - before.resident) / count,7:N0} bytes a person, with the gaps that the collector keeps
            """));
    }

    private static (long Heap, long Resident) Read()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
