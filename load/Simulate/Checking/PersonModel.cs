using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>
/// What the checker knows of one person: every entry in order of commit, the account after each as the rules compute it, and sums of its
/// own that no rule computes.
/// </summary>
internal sealed class PersonModel
{
    private readonly Dictionary<(int Year, CounterId Counter), long> sums = [];
    private readonly Dictionary<int, int> reversed = [];
    private readonly Dictionary<int, int> assisted = [];

    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>Accounts by sequence; the first is that of an unknown person.</summary>
    public List<Account> Accounts { get; } = [Account.Empty];

    /// <summary>The highest number that was answered.</summary>
    public int Answered { get; set; }

    public Account Newest => Accounts[^1];

    /// <summary>The entry of a sequence, or null.</summary>
    public LedgerEntry? At(int sequence) => sequence >= 1 && sequence <= Entries.Count ? Entries[sequence - 1] : null;

    /// <summary>How many entries the person had when the ledger held so many.</summary>
    public int VersionAt(long position)
    {
        int version = Entries.Count;
        while (version > 0 && Entries[version - 1].Position > position) version--;
        return version;
    }

    public bool IsReversed(int sequence) => reversed.ContainsKey(sequence);

    /// <summary>Notes a reversal of an entry, and what it frees.</summary>
    /// <param name="sequence">The entry reversed.</param>
    /// <param name="by">The reversal.</param>
    public void Reverse(int sequence, int by)
    {
        reversed.Add(sequence, by);
        foreach ((int settlement, int assistance) in assisted)
        {
            if (assistance == sequence) assisted.Remove(settlement);
        }
    }

    /// <summary>
    /// Notes assistance claimed later. False when the settlement does not stand, or its assistance was claimed and that stands.
    /// </summary>
    /// <param name="settlement">The settlement.</param>
    /// <param name="assistance">The entry of the assistance.</param>
    public bool Assist(int settlement, int assistance) =>
        At(settlement) is { Kind: LedgerEntryKind.Settlement } && !IsReversed(settlement) && assisted.TryAdd(settlement, assistance);

    /// <summary>Whether assistance claimed later stands on a settlement.</summary>
    public bool IsAssisted(int settlement) => assisted.ContainsKey(settlement);

    /// <summary>
    /// Settlements and later assistance of a settlement's benefit year that stood at a version, from that settlement on, oldest first. None
    /// when it did not stand itself.
    /// </summary>
    public IReadOnlyList<LedgerEntry> StandingFrom(LedgerEntry first, int version)
    {
        return Stood(first)
            ? [.. Entries.Take(version).Skip(first.Sequence - 1).Where(entry => entry.BenefitYear == first.BenefitYear && Stood(entry)
                && entry.Kind is LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater)]
            : [];

        bool Stood(LedgerEntry entry) => !reversed.TryGetValue(entry.Sequence, out int by) || by > version;
    }

    /// <summary>Whether a charge stood settled at a version.</summary>
    public bool IsSettled(LedgerKey charge, int version) => Entries.Take(version).Any(entry =>
        entry.ChargeKey == charge && (!reversed.TryGetValue(entry.Sequence, out int by) || by > version));

    /// <summary>Adds what an entry pays, or takes away what a reversal gives back, to plain sums of its year.</summary>
    public void Sum(LedgerEntry entry)
    {
        int sign = entry.Kind switch
        {
            LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater => 1,
            LedgerEntryKind.Reversal => -1,
            _ => 0,
        };
        Add(CounterId.PooledPaid, entry.Pooled);
        Add(CounterId.SeriousIllnessPaid, entry.SeriousIllness);
        Add(CounterId.AssistanceBasicPaid, entry.AssistanceBasic);
        Add(CounterId.AssistanceTiltPaid, entry.AssistanceTilt);
        Add(CounterId.AssistanceOutpatientPaid, entry.AssistanceOutpatient);

        void Add(CounterId counter, long fen) =>
            sums[(entry.BenefitYear, counter)] = sums.GetValueOrDefault((entry.BenefitYear, counter)) + (sign * fen);
    }

    /// <summary>The first counter of a year that is not the sum of what stands, or null.</summary>
    public string? Unequal(int year, Account account)
    {
        foreach (((int of, CounterId counter), long sum) in sums)
        {
            if (of == year && account.Counter(counter, year) != sum)
                return $"{CounterNames.NameOf(counter)} of {year} is {account.Counter(counter, year)}, what stands sums to {sum}";
        }

        return null;
    }
}
