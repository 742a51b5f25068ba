using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Correcting;

/// <summary>
/// What a correction must know of the ledger: the wrong settlement, what stands on top of it in its benefit year, and the account before
/// each of these.
/// </summary>
internal sealed class CorrectionHistory
{
    private const int Page = 1_000;

    private readonly Dictionary<int, LedgerEntry> entries;
    private readonly Dictionary<int, LedgerEntry> assistedEarlier;

    private CorrectionHistory(
        LedgerEntry wrong, Dictionary<int, LedgerEntry> entries, List<LedgerEntry> standing, Dictionary<int, LedgerEntry> assistedEarlier,
        LedgerEntry? charged)
    {
        Wrong = wrong;
        this.entries = entries;
        Standing = standing;
        this.assistedEarlier = assistedEarlier;
        Charged = charged;
        NewestSequence = entries.Keys.Max();
    }

    /// <summary>The wrong settlement.</summary>
    public LedgerEntry Wrong { get; }

    /// <summary>Its result as it was answered.</summary>
    public SettlementResult WrongResult => ResultOf(Wrong);

    /// <summary>
    /// The settlements and later assistance of the year that stand, from the wrong one on, oldest first. Empty when the wrong one is
    /// reversed.
    /// </summary>
    public IReadOnlyList<LedgerEntry> Standing { get; }

    /// <summary>The person's newest entry that was read.</summary>
    public int NewestSequence { get; }

    /// <summary>
    /// The newest settlement of the corrected claim's charge where that is another charge than the wrong settlement's; null when there is
    /// none.
    /// </summary>
    public LedgerEntry? Charged { get; }

    /// <summary>Whether <see cref="Charged"/> stands.</summary>
    public bool ChargeStands { get; private init; }

    /// <summary>
    /// Generation in which the corrected claim's charge is settled, where that is another charge than the wrong settlement's.
    /// </summary>
    public int NextGeneration { get; private init; }

    /// <summary>Label of a detached period that holds an entry which the correction needs; null when it needs none.</summary>
    public string? Detached { get; private init; }

    /// <summary>Reads it.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="wrong">The wrong settlement.</param>
    /// <param name="facility">Facility of the corrected claim, or null when there is none.</param>
    public static async Task<CorrectionHistory> ReadAsync(ILedgerStore store, LedgerEntry wrong, string? facility)
    {
        Dictionary<int, LedgerEntry> entries = [];
        IReadOnlyList<LedgerEntry> page;
        int from = wrong.Sequence;
        do
        {
            page = await store.ReadPersonAsync(wrong.PersonId, from, Page);
            foreach (LedgerEntry entry in page) entries.Add(entry.Sequence, entry);
            if (page.Count > 0) from = page[^1].Sequence + 1;
        }
        while (page.Count == Page);
        // By itself: it may be of a detached period, and is then carried forward.
        entries.Add(wrong.Sequence - 1, await store.ReadAsync(wrong.PersonId, wrong.Sequence - 1) ?? throw Missing(wrong.Sequence - 1));

        HashSet<int> reversed = [.. entries.Values.Where(entry => entry.Reverses is not null).Select(entry => entry.Reverses!.Value)];
        List<LedgerEntry> standing = reversed.Contains(wrong.Sequence) ? [] : [.. entries.Values
            .Where(entry => entry.Sequence >= wrong.Sequence && entry.BenefitYear == wrong.BenefitYear && !reversed.Contains(entry.Sequence)
                && entry.Kind is LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater)
            .OrderBy(entry => entry.Sequence)];
        Dictionary<int, LedgerEntry> assistedEarlier = [];
        string? detached = null;
        foreach (int assisted in standing.Where(entry => entry.Kind == LedgerEntryKind.AssistanceLater).Select(AssistedBy)
            .Where(at => at < wrong.Sequence))
        {
            if (await store.ReadAsync(wrong.PersonId, assisted) is { } earlier) assistedEarlier[assisted] = earlier;
            else if (await store.ReadDetachedPartAsync(wrong.PersonId) is { } part && assisted <= part.Newest.Sequence)
                detached = part.Period;
            else throw Missing(assisted);
        }

        LedgerKey? otherCharge = facility is null || ChargeOf(facility, ResultOf(wrong)) == wrong.ChargeKey
            ? null
            : ChargeOf(facility, ResultOf(wrong));
        LedgerEntry? charged = otherCharge is { } other ? await store.ReadNewestByChargeAsync(other) : null;
        ArchivedKey? archived = otherCharge is { } old && charged is null ? await store.ReadArchivedChargeAsync(old) : null;
        if (archived is { IsReversed: false }) detached = archived.Period;
        return new CorrectionHistory(wrong, entries, standing, assistedEarlier, charged)
        {
            ChargeStands = charged is not null && await store.ReadReversalOfAsync(charged.PersonId, charged.Sequence) is null,
            Detached = detached,
            NextGeneration = charged is not null ? charged.ChargeGeneration + 1 : archived is not null ? archived.ChargeGeneration + 1 : 0,
        };
    }

    /// <summary>The entry before one that stands.</summary>
    public LedgerEntry Before(LedgerEntry standing) =>
        entries.TryGetValue(standing.Sequence - 1, out LedgerEntry? before) ? before : throw Missing(standing.Sequence - 1);

    /// <summary>A settlement older than the wrong one for which assistance was claimed after it.</summary>
    public LedgerEntry AssistedEarlier(int sequence) => assistedEarlier[sequence];

    /// <summary>Sequence of the settlement that an entry of later assistance belongs to.</summary>
    public static int AssistedBy(LedgerEntry assistance) =>
        checked((int)((AssistanceLater)EventCodec.Decode(assistance.Event.Span)).Sequence);

    /// <summary>The claim that a settlement settled.</summary>
    public static Policy.Claim ClaimOf(LedgerEntry settlement) => ((ClaimSettled)EventCodec.Decode(settlement.Event.Span)).Claim;

    /// <summary>The result of a settlement as it was answered.</summary>
    public static SettlementResult ResultOf(LedgerEntry settlement) => SettleResponse.Parser.ParseFrom(settlement.Answer.Span).Result;

    /// <summary>Key of the charge of a settlement's visit and batch at a facility.</summary>
    public static LedgerKey ChargeOf(string facility, SettlementResult result) =>
        LedgerKey.ForCharge(facility, result.VisitId, result.ChargeBatch);

    private static LedgerException Missing(int sequence) => new($"Entry {sequence} of a person is missing, though later ones are there.");
}
