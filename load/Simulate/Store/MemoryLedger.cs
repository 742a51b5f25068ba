using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>
/// A database in memory with the promises of the real ones: the keys, the fence, one atomic commit for a batch, an outcome for each entry.
/// The ledger's own contract tests run on it, so that the simulation does not test a fantasy. The three judgements are virtual for tests
/// that take one promise away and see the checker find it.
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

    /// <summary>Told of every entry in the order of commit, at the moment of commit.</summary>
    public Action<LedgerEntry>? Committed { get; set; }

    /// <summary>
    /// Commits what can be committed of some entries, which are ordered by person and sequence, and tells what became of each. Behind a
    /// failed entry nothing of its lane is written.
    /// </summary>
    public AppendOutcome[] Commit(ReadOnlySpan<LedgerEntry> entries, ReadOnlySpan<PersonLane> lanes)
    {
        lock (gate)
        {
            AppendOutcome[] outcomes = new AppendOutcome[entries.Length];
            HashSet<PersonLane>? broken = null;
            for (int i = 0; i < entries.Length; i++)
            {
                outcomes[i] = broken?.Contains(lanes[i]) == true ? new(AppendStatus.Abandoned) : Write(entries[i]);
                if (!outcomes[i].IsAppended) (broken ??= []).Add(lanes[i]);
            }

            return outcomes;
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
        long[] positions = [.. feed.Where(entry => entry.RecordedAt >= from && entry.RecordedAt < until).Select(static entry => entry.Position)];
        return positions.Length == 0 ? null : new RecordedSpan(from, until, positions[0], positions[^1]);
    });

    /// <summary>Settlements and reversals recorded in a span.</summary>
    public IReadOnlyList<LedgerEntry> Settled(RecordedSpan span, IReadOnlyCollection<string> origins, long after, int limit) => Read(() => feed
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
    protected virtual bool IsFenced(LedgerEntry entry)
    {
        List<LedgerEntry> entries = Of(entry.PersonId);
        return entries.Count >= entry.Sequence || (entry.Sequence > 1 && At(entries, entry.Sequence - 1)?.Hash != entry.PreviousHash);
    }

    /// <summary>Whether another entry has the request key.</summary>
    protected virtual bool IsRequestTaken(LedgerEntry entry) => requests.ContainsKey(entry.RequestKey);

    /// <summary>Whether another entry has the charge in its generation.</summary>
    protected virtual bool IsChargeTaken(LedgerEntry entry) =>
        entry.ChargeKey is { } charge && charges.ContainsKey((charge, entry.ChargeGeneration));

    private static LedgerEntry? At(List<LedgerEntry> entries, int sequence) =>
        sequence >= 1 && sequence <= entries.Count ? entries[sequence - 1] : null;

    private AppendOutcome Write(LedgerEntry entry)
    {
        if (At(Of(entry.PersonId), entry.Sequence) is { } same && same.Hash == entry.Hash) return new(AppendStatus.Appended);
        if (IsFenced(entry)) return new(AppendStatus.Fenced);
        if (IsRequestTaken(entry)) return new(AppendStatus.DuplicateRequest);
        if (IsChargeTaken(entry)) return new(AppendStatus.DuplicateCharge);
        if (entry.Reverses is { } target && reversals.ContainsKey((entry.PersonId, target))) return new(AppendStatus.AlreadyReversed);
        Insert(entry);
        return new(AppendStatus.Appended);
    }

    private void Insert(LedgerEntry entry)
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
        Committed?.Invoke(row);
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
