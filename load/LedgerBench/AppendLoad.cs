using System.Diagnostics;
using Settlement.Ledger;

namespace Settlement.LedgerBench;

/// <summary>Lanes that append one durable entry after the other, and what they saw.</summary>
internal sealed class AppendLoad(int lanes)
{
    private const int PersonsPerLane = 10;
    private readonly byte[] blob = CreateBlob();
    private readonly LedgerEntry?[,] newest = new LedgerEntry?[lanes, PersonsPerLane];
    private readonly List<double>[] milliseconds = [.. Enumerable.Range(0, lanes).Select(_ => new List<double>(1 << 14))];

    public long Count => milliseconds.Sum(static list => (long)list.Count);

    public void Reset() => Array.ForEach(milliseconds, static list => list.Clear());

    public Task RunAsync(LedgerWriter writer, TimeSpan length)
    {
        long end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(() => RunLaneAsync(writer, lane, end))));
    }

    public double Percentile(double percent)
    {
        double[] sorted = [.. milliseconds.SelectMany(static list => list).Order()];
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    /// <summary>Reads the ledger back: every chain sound and each person's newest entry the one that was answered last.</summary>
    public async Task<long> CheckAsync(ILedgerStore store)
    {
        Dictionary<string, LedgerEntry> expected = newest.Cast<LedgerEntry?>().OfType<LedgerEntry>().ToDictionary(static e => e.PersonId);
        LedgerEntry? before = null;
        long count = 0;
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            bool first = before?.PersonId != entry.PersonId;
            if (first) Close(before);
            if (entry.Sequence != (first ? 1 : before!.Sequence + 1) || entry.PreviousHash != (first ? LedgerHash.Zero : before!.Hash)
                || !entry.HashIsValid())
                throw new InvalidOperationException($"The chain of {entry.PersonId} is broken at {entry.Sequence}.");
            before = entry;
            count++;
        }
        Close(before);
        return expected.Count == 0 ? count : throw new InvalidOperationException($"{expected.Count} persons are missing.");

        void Close(LedgerEntry? last)
        {
            if (last is null) return;
            if (!expected.Remove(last.PersonId, out LedgerEntry? answered) || answered.Hash != last.Hash)
                throw new InvalidOperationException($"The newest entry of {last.PersonId} is not the one that was answered.");
        }
    }

    private async Task RunLaneAsync(LedgerWriter writer, int lane, long end)
    {
        PersonLane[] open = [.. Enumerable.Range(0, PersonsPerLane).Select(i => writer.OpenLane($"2101{lane:D8}{i:D4}"))];
        for (int turn = 0; Stopwatch.GetTimestamp() < end; turn++)
        {
            int person = turn % PersonsPerLane;
            LedgerEntry entry = Next(open[person].PersonId, newest[lane, person]);
            long started = Stopwatch.GetTimestamp();
            AppendOutcome outcome = await writer.AppendAsync(open[person], entry);
            if (!outcome.IsAppended)
                throw new InvalidOperationException($"An append was answered {outcome.Status}: these figures would mean nothing.");
            milliseconds[lane].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            newest[lane, person] = entry;
        }
    }

    private LedgerEntry Next(string person, LedgerEntry? before)
    {
        int sequence = (before?.Sequence ?? 0) + 1;
        string request = $"{person}{sequence:D10}";
        return new LedgerEntry
        {
            PersonId = person,
            Sequence = sequence,
            Kind = LedgerEntryKind.Settlement,
            Origin = "H21010500001",
            RequestId = request,
            RequestKey = LedgerKey.ForRequest("H21010500001", request),
            ChargeKey = LedgerKey.ForCharge("H21010500001", request, "1"),
            BenefitYear = 2026,
            EffectiveDate = new DateOnly(2026, 6, 15),
            VisitType = 21,
            Region = 210100,
            PackKey = 42,
            Total = 100_00,
            Pooled = 60_00,
            PersonPays = 40_00,
            Event = blob.AsMemory(0, 200),
            Answer = blob.AsMemory(200, 250),
            AccountAfter = blob.AsMemory(450, 150),
            RecordedAt = TimeProvider.System.GetUtcNow(),
            PreviousHash = before?.Hash ?? LedgerHash.Zero,
        }.Seal();
    }

    private static byte[] CreateBlob()
    {
        byte[] bytes = new byte[600];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
