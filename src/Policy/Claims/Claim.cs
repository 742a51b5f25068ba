using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>
/// One visit to settle: every fact the rules ask for, nothing about who sends it (request id, visit id and batch are keys of the ledger).
/// Money in fen. Immutable.
/// </summary>
public sealed record Claim
{
    /// <summary>Pooling region, a six-digit division code (Shenyang 210100).</summary>
    public required int Region { get; init; }

    /// <summary>Insurance scheme under which the visit is settled.</summary>
    public Scheme Scheme { get; init; } = Scheme.Resident;

    /// <summary>Kind of visit (<c>med_type</c>).</summary>
    public required VisitType VisitType { get; init; }

    /// <summary>Where the visit took place.</summary>
    public required Facility Facility { get; init; }

    /// <summary>Day of admission; none for an outpatient visit.</summary>
    public DateOnly? AdmissionDate { get; init; }

    /// <summary>Day of discharge; the service date of an outpatient visit.</summary>
    public required DateOnly DischargeDate { get; init; }

    /// <summary>Totals as the hospital gives them; may be left out when fee lines are given.</summary>
    public ClaimTotals? Totals { get; init; }

    /// <summary>Fee lines, from which the engine derives the totals.</summary>
    public ImmutableArray<FeeLine> Lines { get; init; } = [];

    /// <summary>Diagnosis markers.</summary>
    public Diagnoses Diagnoses { get; init; }

    /// <summary>Emergency rescue.</summary>
    public bool Emergency { get; init; }

    /// <summary>The person was referred.</summary>
    public bool Referral { get; init; }

    /// <summary>At least one treatment-fee item is among the charges (4.3).</summary>
    public bool TreatmentFeeItem { get; init; }

    /// <summary>General treatment fee inside inScope (4.5).</summary>
    public long GeneralFee { get; init; }

    /// <summary>Disease of a chronic or two-disease claim.</summary>
    public Disease Disease { get; init; }

    /// <summary>Reference of the pregnancy (4.7).</summary>
    public string? Pregnancy { get; init; }

    /// <summary>Reference of the reproduction cycle (4.7).</summary>
    public string? Cycle { get; init; }

    /// <summary>Kind of place as the hospital sees it; only compared, never used.</summary>
    public OutOfAreaKind? StatedKind { get; init; }

    /// <summary>Assistance-only claim: what pooled fund and serious-illness insurance have paid already.</summary>
    public KnownPayments? KnownPayments { get; init; }

    /// <summary>
    /// For a reimbursement by hand: the day on which its papers were received. Null for a claim settled at the counter. It decides no
    /// amount.
    /// </summary>
    public DateOnly? ReceivedByHand { get; init; }

    /// <summary>
    /// Whose settlement it is, and who may reverse it beside the agency: the facility, or the agency for what is reimbursed by hand.
    /// </summary>
    public string SettledBy => ReceivedByHand is null ? Facility.Code : Reversals.Agency;

    /// <summary>True for the three admissions: inpatient, delivery, family planning.</summary>
    public bool IsAdmission => VisitType is VisitType.Inpatient or VisitType.Delivery or VisitType.FamilyPlanning;

    /// <summary>
    /// The day on which cover and categories are looked at: admission, or service date of an outpatient visit (section 3).
    /// </summary>
    public DateOnly CareDate => IsAdmission ? AdmissionDate ?? DischargeDate : DischargeDate;

    /// <summary>Equal content, line by line.</summary>
    public bool Equals(Claim? other)
        => other is not null && (ReferenceEquals(this, other) || ClaimCodec.Encode(this).AsSpan().SequenceEqual(ClaimCodec.Encode(other)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Region, VisitType, Facility, AdmissionDate, DischargeDate, Totals);
}

/// <summary>Facility of a claim.</summary>
public sealed record Facility
{
    /// <summary>Code of the facility (<c>fixmedins_code</c>).</summary>
    public required string Code { get; init; }

    /// <summary>Administrative level.</summary>
    public required FacilityLevel Level { get; init; }

    /// <summary>Kind.</summary>
    public FacilityKind Kind { get; init; } = FacilityKind.General;

    /// <summary>Six-digit division code of its place.</summary>
    public required int Division { get; init; }

    /// <summary>Contracted by the insurance.</summary>
    public bool Designated { get; init; }

    /// <summary>Contracted for one-stop medical assistance.</summary>
    public bool AssistanceDesignated { get; init; }

    /// <summary>Outside the mainland.</summary>
    public bool Abroad { get; init; }

    /// <summary>A village clinic's township hospital.</summary>
    public string? Parent { get; init; }

    /// <summary>Grade within level 3.</summary>
    public FacilityGrade Grade { get; init; }

    /// <summary>Specialised, or with the professional qualification (Benxi).</summary>
    public bool Specialised { get; init; }

    /// <summary>County hospital of level 2 (Benxi).</summary>
    public bool CountyLevel2 { get; init; }

    /// <summary>Primary facility under the essential-drug system (Benxi).</summary>
    public bool EssentialDrugs { get; init; }

    /// <summary>Level and grade as packs index their tables.</summary>
    public FacilityTier Tier => (Level, Grade) switch
    {
        (FacilityLevel.Primary, _) => FacilityTier.Primary,
        (FacilityLevel.Level1, _) => FacilityTier.Level1,
        (FacilityLevel.Level2, _) => FacilityTier.Level2,
        (FacilityLevel.Level3, FacilityGrade.Grade3A) => FacilityTier.Level3A,
        (FacilityLevel.Level3, FacilityGrade.Grade3B) => FacilityTier.Level3B,
        (FacilityLevel.Level3, _) => FacilityTier.Level3Ungraded,
        (FacilityLevel.SpecialLevel3, _) => FacilityTier.SpecialLevel3,
        _ => FacilityTier.Unrated,
    };
}

/// <summary>Totals of a claim in fen (section 2). <c>InScope</c> may be left out; given, it must match.</summary>
public readonly record struct ClaimTotals(
    long Total, long SelfFunded, long OverLimit, long PreSelfPay, long PreSelfPayNotCounted, long? InScope = null);

/// <summary>A fee line: prices in fen, ratio in basis points.</summary>
public readonly record struct FeeLine(
    string Code,
    CatalogueClass Class,
    long Price,
    long Quantity,
    int SelfPayBp = 0,
    long? Limit = null,
    bool NotCounted = false,
    bool Treatment = false);

/// <summary>Payments the insurance has made before an assistance-only claim, in fen.</summary>
public readonly record struct KnownPayments(long Pooled, long SeriousIllness);
