namespace Settlement.Ledger;

/// <summary>
/// Consecutive entries of one person that stand or fall together: they are written in one transaction, all or none, with one outcome.
/// Made by <see cref="Of"/>, which checks what can be known without the database.
/// </summary>
public sealed class LedgerGroup
{
    /// <summary>Most entries in one group.</summary>
    public const int MaxEntries = 1_024;

    /// <summary>Most bytes in one group, as <see cref="SizeOf"/> counts them.</summary>
    public const long MaxBytes = 64L << 20;

    private readonly LedgerEntry[] entries;

    private LedgerGroup(LedgerEntry[] entries) => this.entries = entries;

    /// <summary>The entries in order, one or more.</summary>
    public IReadOnlyList<LedgerEntry> Entries => entries;

    /// <summary>The first entry: the one that follows what the ledger holds.</summary>
    public LedgerEntry First => entries[0];

    /// <summary>The last entry: the person's newest one once the group is durable.</summary>
    public LedgerEntry Last => entries[^1];

    /// <summary>Checks the entries and makes them a group.</summary>
    /// <exception cref="ArgumentException">
    /// There are none or too many, they are too large together, one is not sealed or does not follow the one before it, or two take the
    /// same request key, charge or reversal. The message names the entry and the rule.
    /// </exception>
    public static LedgerGroup Of(IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        LedgerEntry[] members = [.. entries];
        return FaultOf(members) is { } fault ? throw new ArgumentException(fault, nameof(entries)) : new LedgerGroup(members);
    }

    /// <summary>About how many bytes the entries take on their way to the database: what <see cref="MaxBytes"/> bounds.</summary>
    public static long SizeOf(IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return entries.Sum(static entry => (long)entry.ApproximateSize);
    }

    private static string? FaultOf(LedgerEntry[] members)
    {
        if (members.Length is < 1 or > MaxEntries) return $"A group of {members.Length} entries must have 1 to {MaxEntries}.";
        if (SizeOf(members) is > MaxBytes and var size)
            return $"A group of {members.Length} entries takes {size} bytes; it must not take more than {MaxBytes}.";
        HashSet<LedgerKey> requests = [];
        HashSet<(LedgerKey, int)> charges = [];
        HashSet<int> reversals = [];
        for (int i = 0; i < members.Length; i++)
        {
            LedgerEntry entry = members[i];
            if (!entry.IsSealed) return $"Entry {entry.Sequence} is not sealed.";
            if (i > 0 && !entry.Follows(members[i - 1]))
                return $"Entry {entry.Sequence} does not follow entry {members[i - 1].Sequence}, the one before it in its group.";
            if (!requests.Add(entry.RequestKey)) return $"Entry {entry.Sequence} has the request key of another entry of its group.";
            if (entry.ChargeKey is { } charge && !charges.Add((charge, entry.ChargeGeneration)))
                return $"Entry {entry.Sequence} settles the charge of another entry of its group, in the same generation.";
            if (entry.Reverses is { } reversed && !reversals.Add(reversed))
                return $"Entry {entry.Sequence} reverses entry {reversed}, as another entry of its group does.";
        }
        return null;
    }
}
