using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>
/// A database in memory with the promises of the real ones: the keys, the fence, one atomic commit for a batch, an outcome for each entry.
/// The ledger's own contract tests run on it, so that the simulation does not test a fantasy. What it judges by is virtual for tests that
/// take one promise away and see the checker find it.
/// </summary>
internal class MemoryLedger
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, List<LedgerEntry>> persons = new(StringComparer.Ordinal);
    private readonly Dictionary<LedgerKey, LedgerEntry> requests = [];
    private readonly Dictionary<(LedgerKey Charge, int Generation), LedgerEntry> charges = [];
    private readonly Dictionary<LedgerKey, LedgerEntry> newestOfCharge = [];
    private readonly Dictionary<(string Person, int Sequence), LedgerEntry> reversals = [];
    private readonly List<LedgerEntry> feed = [];
    private readonly Dictionary<long, LedgerPack> packs = [];

    /// <summary>Told of every entry in the order of commit, at the moment of commit; of a group's when all of them are in.</summary>
    public Action<LedgerEntry>? Committed { get; set; }

    /// <summary>
    /// Commits what can be committed of some entries, which are ordered by person and sequence, and tells what became of each. Behind a
    /// failed entry nothing of its lane is written.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="lanes">The lane of each.</param>
    /// <param name="units">How many entries, one after the other, are written together or not at all: 1, or the length of a group.</param>
    public AppendOutcome[] Commit(ReadOnlySpan<LedgerEntry> entries, ReadOnlySpan<PersonLane> lanes, ReadOnlySpan<int> units)
    {
        lock (gate)
        {
            AppendOutcome[] outcomes = new AppendOutcome[entries.Length];
            HashSet<PersonLane>? broken = null;
            int first = 0;
            foreach (int length in units)
            {
                AppendStatus status = broken?.Contains(lanes[first]) == true ? AppendStatus.Abandoned : Write(entries.Slice(first, length));
                outcomes.AsSpan(first, length).Fill(new(status));
                if (status != AppendStatus.Appended) (broken ??= []).Add(lanes[first]);
                first += length;
            }

            return outcomes;
        }
    }

    /// <summary>
    /// Commits all of some entries, which are ordered by person and sequence, or none when a key of one is taken, be it by itself.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="units">How many of them make a group each; 1 for an entry that stands alone.</param>
    public bool CommitWhole(ReadOnlySpan<LedgerEntry> entries, ReadOnlySpan<int> units)
    {
        lock (gate)
        {
            HashSet<object> keys = [];
            for (int i = 0; i < entries.Length; i++)
            {
                LedgerEntry entry = entries[i];
                LedgerEntry? before = i > 0 && entries[i - 1].PersonId == entry.PersonId ? entries[i - 1] : null;
                if (Against(entry, before) is not null) return false;
                if (!keys.Add((entry.PersonId, entry.Sequence)) || !keys.Add(entry.RequestKey)) return false;
                if (entry.ChargeKey is { } charge && !keys.Add((charge, entry.ChargeGeneration))) return false;
                if (entry.Reverses is { } target && !keys.Add((entry.PersonId, "reverses", target))) return false;
            }

            int first = 0;
            foreach (int length in units)
            {
                InsertUnit(entries.Slice(first, length));
                first += length;
            }

            return true;
        }
    }

    /// <summary>How many entries are committed, and so the position of the newest.</summary>
    public int Count => feed.Count;

    public LedgerEntry? Newest(string person) => Read(() => Of(person) is [.., var newest] ? newest : null);

    public LedgerEntry? At(string person, int sequence) => Read(() => At(Of(person), sequence));

    public LedgerEntry? ByRequest(LedgerKey key) => Read(() => requests.GetValueOrDefault(key));

    public LedgerEntry? NewestByCharge(LedgerKey key) => Read(() => newestOfCharge.GetValueOrDefault(key));

    public LedgerEntry? ReversalOf(string person, int sequence) => Read(() => reversals.GetValueOrDefault((person, sequence)));

    public IReadOnlyList<LedgerEntry> From(string person, int sequence, int limit) =>
        Read(() => Of(person).Skip(Math.Max(0, sequence - 1)).Take(limit).ToArray());

    public IReadOnlyList<LedgerEntry> Before(string person, int? sequence, int limit) =>
        Read(() => Of(person).Take(Math.Min(Of(person).Count, (sequence ?? int.MaxValue) - 1)).Reverse().Take(limit).ToArray());

    public IReadOnlyList<LedgerEntry> Behind(long position, int limit) => Read(() => feed.Skip((int)position).Take(limit).ToArray());

    /// <summary>Where the entries recorded in a span of time lie.</summary>
    public RecordedSpan? Recorded(DateTimeOffset from, DateTimeOffset until) => Read<RecordedSpan?>(() =>
    {
        long[] positions = [.. feed.Where(entry => entry.RecordedAt >= from && entry.RecordedAt < until)
            .Select(static entry => entry.Position)];
        return positions.Length == 0 ? null : new RecordedSpan(from, until, positions[0], positions[^1]);
    });

    /// <summary>Settlements and reversals recorded in a span.</summary>
    public IReadOnlyList<LedgerEntry> Settled(RecordedSpan span, IReadOnlyCollection<string> origins, long after, int limit) =>
        Read(() => feed
        .Where(entry => entry.Position > after && entry.Position >= span.First && entry.Position <= span.Last
            && entry.RecordedAt >= span.From && entry.RecordedAt < span.Until
            && entry.Kind is (LedgerEntryKind.Settlement or LedgerEntryKind.Reversal)
            && (origins.Count == 0 || origins.Contains(entry.Origin)))
        .Take(limit).ToArray());

    /// <summary>Every entry by person and sequence.</summary>
    public IReadOnlyList<LedgerEntry> All() => Read(() => persons.Values.SelectMany(static entries => entries).ToArray());

    /// <summary>Keeps a pack and returns the one that is kept under its key.</summary>
    public LedgerPack Keep(LedgerPack pack) => Read(() => packs.TryAdd(pack.PackKey, pack) ? pack : packs[pack.PackKey]);

    public LedgerPack? Pack(long key) => Read(() => packs.GetValueOrDefault(key));

    /// <summary>Whether the fence stands against an entry.</summary>
    protected virtual bool IsFenced(LedgerEntry entry, LedgerEntry? before)
    {
        List<LedgerEntry> entries = Of(entry.PersonId);
        before ??= At(entries, entry.Sequence - 1);
        return entries.Count >= entry.Sequence || (entry.Sequence > 1 && before?.Hash != entry.PreviousHash);
    }

    /// <summary>How many entries of a group are written: all of them.</summary>
    protected virtual int WrittenOf(int group) => group;

    /// <summary>Whether another entry has the request key.</summary>
    protected virtual bool IsRequestTaken(LedgerEntry entry) => requests.ContainsKey(entry.RequestKey);

    /// <summary>Whether another entry has the charge in its generation.</summary>
    protected virtual bool IsChargeTaken(LedgerEntry entry) =>
        entry.ChargeKey is { } charge && charges.ContainsKey((charge, entry.ChargeGeneration));

    /// <summary>What stands against an entry, or null.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="before">The entry before it in its group, or null for the first and for one that stands alone.</param>
    protected virtual AppendStatus? Against(LedgerEntry entry, LedgerEntry? before) =>
        IsFenced(entry, before) ? AppendStatus.Fenced
        : IsRequestTaken(entry) ? AppendStatus.DuplicateRequest
        : IsChargeTaken(entry) ? AppendStatus.DuplicateCharge
        : entry.Reverses is { } target && reversals.ContainsKey((entry.PersonId, target)) ? AppendStatus.AlreadyReversed
        : null;

    private static LedgerEntry? At(List<LedgerEntry> entries, int sequence) =>
        sequence >= 1 && sequence <= entries.Count ? entries[sequence - 1] : null;

    /// <summary>
    /// Writes one entry, or a group: all that can stand against any of its entries is looked at before the first is written.
    /// </summary>
    private AppendStatus Write(ReadOnlySpan<LedgerEntry> unit)
    {
        int there = 0;
        for (int i = 0; i < unit.Length; i++)
        {
            if (At(Of(unit[i].PersonId), unit[i].Sequence)?.Hash == unit[i].Hash) there++;
            else if (Against(unit[i], i > 0 ? unit[i - 1] : null) is { } ground) return ground;
        }

        // A group is durable as a whole: where the ledger holds a part of it, somebody else wrote that part.
        if (there > 0) return there == unit.Length ? AppendStatus.Appended : AppendStatus.Fenced;
        InsertUnit(unit);
        return AppendStatus.Appended;
    }

    private void InsertUnit(ReadOnlySpan<LedgerEntry> unit)
    {
        LedgerEntry[] rows = new LedgerEntry[unit.Length == 1 ? 1 : WrittenOf(unit.Length)];
        for (int i = 0; i < rows.Length; i++) rows[i] = Insert(unit[i]);
        foreach (LedgerEntry row in rows) Committed?.Invoke(row);
    }

    private LedgerEntry Insert(LedgerEntry entry)
    {
        LedgerEntry row = RowOf(entry, feed.Count + 1);
        if (!persons.TryGetValue(row.PersonId, out List<LedgerEntry>? entries)) persons.Add(row.PersonId, entries = []);
        // The newest row of a sequence is the one that is found, should a test have taken the fence away.
        if (row.Sequence <= entries.Count) entries[row.Sequence - 1] = row;
        else entries.Add(row);
        requests[row.RequestKey] = row;
        if (row.ChargeKey is { } charge)
        {
            charges[(charge, row.ChargeGeneration)] = row;
            newestOfCharge[charge] = row;
        }

        if (row.Reverses is { } target) reversals[(row.PersonId, target)] = row;
        feed.Add(row);
        return row;
    }

    private List<LedgerEntry> Of(string person) => persons.TryGetValue(person, out List<LedgerEntry>? entries) ? entries : Nobody;

    private static List<LedgerEntry> Nobody { get; } = [];

    private T Read<T>(Func<T> read)
    {
        lock (gate) return read();
    }

    /// <summary>The row that a database would give back: the entry with its position, the blobs as they were handed over.</summary>
    private static LedgerEntry RowOf(LedgerEntry entry, long position) => new()
    {
        PersonId = entry.PersonId,
        Sequence = entry.Sequence,
        Kind = entry.Kind,
        Origin = entry.Origin,
        RequestId = entry.RequestId,
        RequestKey = entry.RequestKey,
        ChargeKey = entry.ChargeKey,
        ChargeGeneration = entry.ChargeGeneration,
        BenefitYear = entry.BenefitYear,
        EffectiveDate = entry.EffectiveDate,
        VisitType = entry.VisitType,
        Region = entry.Region,
        PackKey = entry.PackKey,
        Reverses = entry.Reverses,
        Total = entry.Total,
        Pooled = entry.Pooled,
        SeriousIllness = entry.SeriousIllness,
        AssistanceBasic = entry.AssistanceBasic,
        AssistanceTilt = entry.AssistanceTilt,
        AssistanceOutpatient = entry.AssistanceOutpatient,
        AssistanceOther = entry.AssistanceOther,
        PersonPays = entry.PersonPays,
        Event = entry.Event,
        Answer = entry.Answer,
        AccountAfter = entry.AccountAfter,
        RecordedAt = entry.RecordedAt,
        PreviousHash = entry.PreviousHash,
        Hash = entry.Hash,
        Position = position,
    };
}
