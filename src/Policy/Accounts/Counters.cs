namespace Settlement.Policy;

/// <summary>
/// What is accumulated per person. The number is the counter's stable code: it is stored in every account and never reused.
/// Packs declare which of them they use, and with what period (<c>counters.yaml</c>).
/// </summary>
public enum CounterId : byte
{
    None = 0,
    PooledPaid = 1,
    SeriousIllnessBase = 2,
    SeriousIllnessPaid = 3,
    OncologyAdmissions = 4,
    AssistanceBasicBase = 5,
    AssistanceBasicPaid = 6,
    AssistanceTiltBase = 7,
    AssistanceTiltPaid = 8,
    AssistanceOutpatientPaid = 9,
    AssistanceOtherPaid = 10,

    /// <summary>Outpatient pooling, per quarter.</summary>
    QuarterDeductiblePaid = 11,
    QuarterPooledPaid = 12,
    QuarterVillagePaid = 13,
    VillageGeneralFeePaid = 14,
    TwoDiseasePaid = 15,
    Admissions = 16,
    OutpatientDeductiblePaid = 17,
    OutpatientPaid = 18,
    PersonBurden = 19,
    AlertRelapseIntoPoverty = 20,
    AlertPovertyByIllness = 21,

    /// <summary>Pooled fund paid for a pregnancy; keyed by its reference, outlives the year.</summary>
    PregnancyPaid = 22,

    /// <summary>Bills settled of a reproduction cycle; keyed by its reference, for ever.</summary>
    CycleBills = 23,

    /// <summary>Pooled fund paid for a chronic disease in a calendar month or year; sub-key is the disease.</summary>
    DiseaseMonthPaid = 24,
    DiseaseYearPaid = 25,

    /// <summary>
    /// 1 while assistance withheld as not one-stop may still be claimed by hand; keyed by the settlement's ledger sequence.
    /// </summary>
    DeferredAssistance = 26,
}

/// <summary>
/// Key of a counter of a benefit year: year, period within it (0 the year, 1 to 4 quarters, 11 to 22 months), counter, sub-key (a disease).
/// </summary>
public readonly record struct CounterKey
{
    private readonly ulong packed;

    /// <summary>A key; the parts are range-checked by their types and the claim's date.</summary>
    public CounterKey(CounterId id, int year, int period = 0, byte sub = 0)
        => packed = ((ulong)(ushort)year << 24) | ((ulong)(byte)period << 16) | ((ulong)id << 8) | sub;

    internal CounterKey(ulong packed) => this.packed = packed;

    /// <summary>The counter.</summary>
    public CounterId Id => (CounterId)(byte)(packed >> 8);

    /// <summary>The benefit year.</summary>
    public int Year => (int)(packed >> 24);

    /// <summary>0 for the whole year, 1 to 4 for a quarter, 11 to 22 for January to December.</summary>
    public int Period => (byte)(packed >> 16);

    /// <summary>Disease for the counters kept per disease, else 0.</summary>
    public byte Sub => (byte)packed;

    internal ulong Packed => packed;

    internal int CompareTo(CounterKey other) => packed.CompareTo(other.packed);
}

/// <summary>A counter of a benefit year and its value (fen, or a count).</summary>
public readonly record struct Counter(CounterKey Key, long Value);

/// <summary>A counter that outlives the year, keyed by a reference (pregnancy, cycle, ledger sequence).</summary>
public readonly record struct ReferenceCounter(CounterId Id, string Reference, long Value);

/// <summary>All counters of a person: sorted, none of them zero, immutable.</summary>
public sealed class CounterSet
{
    private readonly Counter[] yearly;
    private readonly ReferenceCounter[] referenced;

    internal CounterSet(Counter[] yearly, ReferenceCounter[] referenced)
    {
        this.yearly = yearly;
        this.referenced = referenced;
    }

    /// <summary>No counters.</summary>
    public static CounterSet Empty { get; } = new([], []);

    /// <summary>Counters of benefit years, sorted by key.</summary>
    public ReadOnlySpan<Counter> Yearly => yearly;

    /// <summary>Counters keyed by a reference, sorted by counter, then reference (ordinal).</summary>
    public ReadOnlySpan<ReferenceCounter> Referenced => referenced;

    /// <summary>Value of a counter, 0 when it was never moved.</summary>
    public long this[CounterKey key]
    {
        get
        {
            foreach (ref readonly var counter in yearly.AsSpan())
                if (counter.Key == key)
                    return counter.Value;

            return 0;
        }
    }

    /// <summary>Value of a counter keyed by reference, 0 when it was never moved.</summary>
    public long this[CounterId id, string reference]
    {
        get
        {
            foreach (ref readonly var counter in referenced.AsSpan())
                if (counter.Id == id && string.Equals(counter.Reference, reference, StringComparison.Ordinal))
                    return counter.Value;

            return 0;
        }
    }

    /// <summary>The set with <paramref name="changes"/> (sorted by key, one per key) added; values that become zero are dropped.</summary>
    internal CounterSet Add(ReadOnlySpan<Counter> changes, ReadOnlySpan<ReferenceCounter> referenceChanges)
        => new(
            changes.IsEmpty ? yearly : MergeYearly(yearly, changes),
            referenceChanges.IsEmpty ? referenced : MergeReferenced(referenced, referenceChanges));

    /// <summary>What must be added to get from <paramref name="after"/> back to <paramref name="before"/>.</summary>
    internal static (Counter[] Yearly, ReferenceCounter[] Referenced) Difference(CounterSet before, CounterSet after)
    {
        var negated = Array.ConvertAll(after.yearly, static c => c with { Value = -c.Value });
        var negatedReferences = Array.ConvertAll(after.referenced, static c => c with { Value = -c.Value });
        return (MergeYearly(before.yearly, negated), MergeReferenced(before.referenced, negatedReferences));
    }

    private static Counter[] MergeYearly(ReadOnlySpan<Counter> old, ReadOnlySpan<Counter> changes)
    {
        Span<Counter> merged = old.Length + changes.Length <= 64
            ? stackalloc Counter[old.Length + changes.Length]
            : new Counter[old.Length + changes.Length];
        int i = 0, j = 0, n = 0;
        while (i < old.Length || j < changes.Length)
        {
            var order = i == old.Length ? 1 : j == changes.Length ? -1 : old[i].Key.CompareTo(changes[j].Key);
            var next = order switch
            {
                < 0 => old[i++],
                > 0 => changes[j++],
                _ => new Counter(old[i].Key, old[i++].Value + changes[j++].Value),
            };
            if (next.Value != 0)
                merged[n++] = next;
        }

        return merged[..n].ToArray();
    }

    private static ReferenceCounter[] MergeReferenced(ReadOnlySpan<ReferenceCounter> old, ReadOnlySpan<ReferenceCounter> changes)
    {
        var merged = new List<ReferenceCounter>(old.Length + changes.Length);
        merged.AddRange(old);
        foreach (var change in changes)
        {
            var at = merged.FindIndex(c => c.Id == change.Id && c.Reference == change.Reference);
            if (at < 0)
                merged.Add(change);
            else
                merged[at] = change with { Value = merged[at].Value + change.Value };
        }

        merged.RemoveAll(c => c.Value == 0);
        merged.Sort(static (a, b) => a.Id != b.Id ? a.Id.CompareTo(b.Id) : string.CompareOrdinal(a.Reference, b.Reference));
        return [.. merged];
    }
}
