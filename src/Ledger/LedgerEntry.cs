namespace Settlement.Ledger;

/// <summary>
/// One entry of a person's ledger: what happened, what was answered, and the account after it. All amounts are integer fen.
/// Built with an initialiser, then sealed once with <see cref="Seal"/>; a sealed entry never changes.
/// </summary>
/// <remarks>
/// The blobs are taken by reference: whoever builds an entry must not write to their arrays afterwards.
/// </remarks>
public sealed class LedgerEntry
{
    private readonly DateTimeOffset recordedAt;
    private LedgerHash hash;

    /// <summary>The insured person (<c>psn_no</c>): 1 to 30 characters.</summary>
    public required string PersonId { get; init; }

    /// <summary>Number of the entry within the person's ledger: 1, 2, 3 … without gaps.</summary>
    public required int Sequence { get; init; }

    /// <summary>What the entry records.</summary>
    public required LedgerEntryKind Kind { get; init; }

    /// <summary>Who asked: a facility code or the agency's word. 1 to 30 characters.</summary>
    public required string Origin { get; init; }

    /// <summary>The asker's request id (<c>msgid</c>): 1 to 64 characters.</summary>
    public required string RequestId { get; init; }

    /// <summary>Key of (<see cref="Origin"/>, <see cref="RequestId"/>); unique in the ledger; its text is the settlement id.</summary>
    public required LedgerKey RequestKey { get; init; }

    /// <summary>Key of the charge that was settled, or null when the entry settles none (a reversal never does).</summary>
    public LedgerKey? ChargeKey { get; init; }

    /// <summary>How often the charge had been settled and reversed before: 0 at first. (Charge key, generation) is unique.</summary>
    public int ChargeGeneration { get; init; }

    /// <summary>The benefit year whose counters the entry moves.</summary>
    public required int BenefitYear { get; init; }

    /// <summary>The date which the rules go by: discharge for a stay, else the day of service or of the change.</summary>
    public required DateOnly EffectiveDate { get; init; }

    /// <summary>Visit type, 0 when there is none.</summary>
    public short VisitType { get; init; }

    /// <summary>Administrative division code of the region whose rules apply.</summary>
    public required int Region { get; init; }

    /// <summary>The pack that decided, as registered with <see cref="ILedgerStore.RegisterPackAsync"/>; 0 when none was needed.</summary>
    public required long PackKey { get; init; }

    /// <summary>Sequence of the entry that this one takes back; set on a reversal and only there; unique within the person.</summary>
    public int? Reverses { get; init; }

    /// <summary>Total cost, fen: the sum of all the payments below.</summary>
    public long Total { get; init; }

    /// <summary>Paid by the pooled fund, fen.</summary>
    public long Pooled { get; init; }

    /// <summary>Paid by serious-illness insurance, fen.</summary>
    public long SeriousIllness { get; init; }

    /// <summary>Paid by medical assistance, basic inpatient, fen.</summary>
    public long AssistanceBasic { get; init; }

    /// <summary>Paid by medical assistance, tilted (second) assistance, fen.</summary>
    public long AssistanceTilt { get; init; }

    /// <summary>Paid by medical assistance, outpatient, fen.</summary>
    public long AssistanceOutpatient { get; init; }

    /// <summary>Paid by medical assistance in any other form, fen.</summary>
    public long AssistanceOther { get; init; }

    /// <summary>Paid by the person, fen.</summary>
    public long PersonPays { get; init; }

    /// <summary>What happened, as the product serialises it.</summary>
    public ReadOnlyMemory<byte> Event { get; init; }

    /// <summary>What was answered, byte for byte as it is given again to a repeated request.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>The person's account after this entry.</summary>
    public ReadOnlyMemory<byte> AccountAfter { get; init; }

    /// <summary>When the entry was made. Kept in UTC and cut to whole microseconds, which is what the databases hold.</summary>
    public required DateTimeOffset RecordedAt
    {
        get => recordedAt;
        init => recordedAt = new DateTimeOffset(value.UtcTicks - value.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }

    /// <summary>Hash of the person's entry before this one; <see cref="LedgerHash.Zero"/> for the first.</summary>
    public required LedgerHash PreviousHash { get; init; }

    /// <summary>SHA-256 over everything above, <see cref="PreviousHash"/> included. Zero until sealed.</summary>
    public LedgerHash Hash
    {
        get => hash;
        internal init => hash = value;
    }

    /// <summary>
    /// Place in the order of the whole ledger, given by the database on insert; 0 on an entry that was never read back. Not part of
    /// the hash. Grows, but not without gaps: nothing may be counted by it.
    /// </summary>
    public long Position { get; internal init; }

    /// <summary>True once the hash is there.</summary>
    public bool IsSealed => !hash.IsZero;

    /// <summary>Roughly how many bytes the entry takes on its way to the database.</summary>
    internal int ApproximateSize =>
        256 + PersonId.Length + Origin.Length + RequestId.Length + Event.Length + Answer.Length + AccountAfter.Length;

    /// <summary>Checks every rule of the ledger on this entry and computes its hash. Returns the entry itself.</summary>
    /// <exception cref="ArgumentException">A rule is broken; the message names the field, the value and the rule.</exception>
    /// <exception cref="InvalidOperationException">The entry is sealed already.</exception>
    public LedgerEntry Seal()
    {
        if (IsSealed) throw new InvalidOperationException($"Entry {Sequence} of its person is sealed already.");
        LedgerEntryRules.Check(this);
        hash = LedgerEntryEncoding.ComputeHash(this);
        return this;
    }

    /// <summary>True when the other entry is the one that this one says it follows.</summary>
    internal bool Follows(LedgerEntry? before) =>
        before is not null && Sequence == before.Sequence + 1 && PreviousHash == before.Hash && PersonId == before.PersonId;

    /// <summary>True when the hash is that of the content: what an audit asks of every entry.</summary>
    public bool HashIsValid() => IsSealed && hash == LedgerEntryEncoding.ComputeHash(this);
}
