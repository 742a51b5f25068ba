using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Torture.History;
using Claims = Settlement.Simulate.Claims;
using WireClaim = Settlement.Contract.Claim;

namespace Settlement.Torture.Checking;

/// <summary>
/// One person's entries beside what clients were told and when. What somebody knew before something else was asked for must come before it:
/// settlements are linearizable. Reads are held to what their silo had shown before; another silo may lag, and by how much is counted.
/// </summary>
internal sealed class PersonHistory(string person, Adjudicator adjudicator)
{
    private readonly List<(long Returned, int Sequence)> known = [];
    private readonly Dictionary<int, List<(long Returned, int Sequence)>> knownBySilo = [];
    private readonly List<Attempt> reads = [];
    private readonly Dictionary<int, Account> accounts = [];

    /// <summary>The person's entries, as the ledger gives them.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>Reads that showed less than another silo had shown.</summary>
    public int Behind { get; private set; }

    /// <summary>Adds what a client was told.</summary>
    public void Add(Attempt attempt)
    {
        if (attempt.Kind is OperationKind.Account or OperationKind.Quote && attempt.Outcome == Outcome.Acknowledged) reads.Add(attempt);
        if (attempt.Sequence == 0 || attempt.Outcome is not (Outcome.Acknowledged or Outcome.AlreadySettled)) return;
        known.Add((attempt.Returned, attempt.Sequence));
        // An ask goes to the ledger and tells nothing of what the silo's activation knows.
        if (attempt.Kind == OperationKind.Ask) return;
        if (!knownBySilo.TryGetValue(attempt.Silo, out List<(long, int)>? there)) knownBySilo.Add(attempt.Silo, there = []);
        there.Add((attempt.Returned, attempt.Sequence));
    }

    /// <summary>Checks order and reads.</summary>
    /// <param name="invokedAt">When an entry was first asked for.</param>
    public IEnumerable<Violation> Check(Func<LedgerEntry, long> invokedAt)
    {
        KnownBefore all = new(known);
        foreach (LedgerEntry entry in Entries)
        {
            long invoked = invokedAt(entry);
            int before = all.At(invoked);
            if (invoked != long.MaxValue && before >= entry.Sequence)
                yield return new Violation(
                    Invariant.Order, $"{person} entry {entry.Sequence} ({entry.RequestId}) was asked for when entry {before} was known",
                    invoked);
        }

        Dictionary<int, KnownBefore> bySilo = knownBySilo.ToDictionary(static pair => pair.Key, static pair => new KnownBefore(pair.Value));
        foreach (Attempt read in reads)
        {
            int least = bySilo.TryGetValue(read.Silo, out KnownBefore? there) ? there.At(read.Invoked) : 0;
            int? shown = read.Kind == OperationKind.Account ? Shown(read) : Quoted(read, invokedAt);
            if (shown is null)
                yield return new Violation(
                    Invariant.Reads,
                    $"{person}: {read.Kind} through silo {read.Silo} shows {string.Join(' ', read.Figures)} at entry {read.Sequence}, a state that never was", read.Invoked);
            else if (shown < least)
                yield return new Violation(
                    Invariant.Reads,
                    $"{person}: {read.Kind} through silo {read.Silo} shows entry {shown} after that silo had shown {least}", read.Invoked);
            else if (shown < all.At(read.Invoked))
                Behind++;
        }
    }

    /// <summary>The entry that an account shows, or null when the account after that entry is another.</summary>
    private int? Shown(Attempt read)
    {
        if (AccountAt(read.Sequence) is not { } account) return null;
        long pooled = 0;
        foreach (ref readonly Policy.Counter counter in account.Counters.Yearly)
        {
            if (counter.Key.Id == CounterId.PooledPaid) pooled += counter.Value;
        }

        return read.Figures is [var shown, var count] && shown == pooled
            && count == account.Counters.Yearly.Length + account.Counters.Referenced.Length ? read.Sequence : null;
    }

    /// <summary>The newest entry after which the rules give the figures of a quote; null when there is none.</summary>
    private int? Quoted(Attempt read, Func<LedgerEntry, long> invokedAt)
    {
        Claim claim = Claims.ToPolicy(WireClaim.Parser.ParseFrom(Convert.FromBase64String(read.Claim)));
        int newest = Entries.Count;
        while (newest > 0 && invokedAt(Entries[newest - 1]) > read.Returned) newest--;
        for (int sequence = newest; sequence >= 1; sequence--)
        {
            if (AccountAt(sequence) is { } account
                && adjudicator.Settle(account, claim, sequence + 1) is Adjudication { Amounts: var amounts }
                && read.Figures.SequenceEqual(
                    [amounts.Pooled, amounts.SeriousIllness, amounts.Assistance, amounts.PersonPays, amounts.DeductiblePaid]))
                return sequence;
        }

        return null;
    }

    private Account? AccountAt(int sequence)
    {
        if (accounts.TryGetValue(sequence, out Account? known)) return known;
        if (sequence < 1 || sequence > Entries.Count) return null;
        Account account = AccountCodec.Decode(Entries[sequence - 1].AccountAfter.Span);
        accounts.Add(sequence, account);
        return account;
    }

    /// <summary>The highest number known before a moment.</summary>
    private sealed class KnownBefore
    {
        private readonly long[] times;
        private readonly int[] highest;

        public KnownBefore(List<(long Returned, int Sequence)> known)
        {
            known.Sort();
            times = [.. known.Select(static one => one.Returned)];
            highest = new int[times.Length];
            for (int i = 0; i < times.Length; i++) highest[i] = Math.Max(i > 0 ? highest[i - 1] : 0, known[i].Sequence);
        }

        public int At(long moment)
        {
            int place = Array.BinarySearch(times, moment);
            int before = place >= 0 ? Array.FindIndex(times, time => time >= moment) : ~place;
            return before > 0 ? highest[before - 1] : 0;
        }
    }
}
