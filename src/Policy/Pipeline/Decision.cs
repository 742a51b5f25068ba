using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Why a request is refused, in order of precedence of <c>CASES.md</c>; the number is stable.</summary>
public enum RefusalCode : byte
{
    RequestConflict = 1,
    TotalsDoNotAddUp = 2,
    UnpublishedParameter = 3,
    NoPolicyInForce = 4,
    NotCovered = 5,
    NotPayableRegion = 6,
    FacilityNotDesignated = 7,
    NotChosenFacility = 8,
    NoCertification = 9,
    NoFiling = 10,
    ConditionNotMet = 11,
    LimitReached = 12,
    NotFound = 20,
    AlreadyReversed = 21,
    NotAllowed = 22,
    NotLatest = 23,
    ChoiceFixed = 24,
    TooEarly = 25,

    /// <summary>A fact that contradicts itself or one already registered.</summary>
    InvalidFact = 26,
}

/// <summary>Why assistance was withheld.</summary>
public enum AssistanceReason : byte
{
    None = 0,
    NotOneStop = 1,
    UnpublishedParameter = 2,
    NotAssisted = 3,
    OnApplication = 4,
    OutOfScope = 5,
    NotReferred = 6,
}

/// <summary>Something the caller should know that changes no amount.</summary>
public enum Warning : byte
{
    None = 0,

    /// <summary>The kind of place given by the hospital differs from the derived one.</summary>
    OutOfAreaKind = 1,
}

/// <summary>Answer to a claim: a <see cref="Refusal"/> or an <see cref="Adjudication"/>.</summary>
public abstract class Decision
{
    private protected Decision()
    {
    }
}

/// <summary>A request that is not carried out. It moves nothing and is an expected answer, not an error.</summary>
public sealed class Refusal(RefusalCode code) : Decision
{
    /// <summary>Ground.</summary>
    public RefusalCode Code { get; } = code;

    /// <summary>Field of the claim or fact at fault (lowerCamelCase path), where one is.</summary>
    public string? Field { get; init; }

    /// <summary>Value found, where it helps; never a personal identifier.</summary>
    public string? Value { get; init; }

    /// <summary>Value or bound the rule asks for.</summary>
    public string? Expected { get; init; }

    /// <summary>Parameter of the pack that decided, or that has no value.</summary>
    public Parameter Parameter { get; init; }

    /// <summary>Cell of the parameter, for example <c>LEVEL_3_UNGRADED, ADULT</c>.</summary>
    public string? Cell { get; init; }

    /// <summary>Document that gives, or should give, the parameter: number and section.</summary>
    public string? Document { get; init; }

    /// <summary>Ledger sequence of the settlement in the way (<see cref="RefusalCode.NotLatest"/>), else 0.</summary>
    public long BlockedBy { get; init; }
}

/// <summary>
/// The amounts of a settlement in fen. <c>Total = Pooled + SeriousIllness + assistance (all) + PersonPays</c>, every term at least 0.
/// </summary>
public readonly record struct Amounts
{
    /// <summary>All charges.</summary>
    public long Total { get; init; }

    /// <summary>Class C and out of catalogue.</summary>
    public long SelfFunded { get; init; }

    /// <summary>Above price limits.</summary>
    public long OverLimit { get; init; }

    /// <summary>Class B part the person pays first.</summary>
    public long PreSelfPay { get; init; }

    /// <summary>The part of <see cref="PreSelfPay"/> kept out of the serious-illness accumulation.</summary>
    public long PreSelfPayNotCounted { get; init; }

    /// <summary>Total less the three parts above.</summary>
    public long InScope { get; init; }

    /// <summary>Deductible after exemption and multiplier; of a quarter or year the whole one.</summary>
    public long DeductibleStandard { get; init; }

    /// <summary>Deductible this settlement took.</summary>
    public long DeductiblePaid { get; init; }

    /// <summary>Paid by the pooled fund.</summary>
    public long Pooled { get; init; }

    /// <summary>Paid by serious-illness insurance.</summary>
    public long SeriousIllness { get; init; }

    /// <summary>Assistance, basic tier.</summary>
    public long AssistanceBasic { get; init; }

    /// <summary>Assistance, tilt tier.</summary>
    public long AssistanceTilt { get; init; }

    /// <summary>Assistance, outpatient tier.</summary>
    public long AssistanceOutpatient { get; init; }

    /// <summary>Assistance for severe mental disorder.</summary>
    public long AssistanceOther { get; init; }

    /// <summary>What the person pays.</summary>
    public long PersonPays { get; init; }

    /// <summary>All assistance tiers together.</summary>
    public long Assistance => AssistanceBasic + AssistanceTilt + AssistanceOutpatient + AssistanceOther;
}

/// <summary>A claim adjudicated under one pack, with the account after it. A quote is the same value thrown away.</summary>
public sealed class Adjudication : Decision
{
    internal Adjudication(Amounts amounts, RuleStep[] steps, Account after)
    {
        Amounts = amounts;
        Steps = System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(steps);
        After = after;
    }

    /// <summary>All amounts.</summary>
    public Amounts Amounts { get; }

    /// <summary>Derived kind of place.</summary>
    public OutOfAreaKind OutOfAreaKind { get; internal init; }

    /// <summary>Why assistance was withheld, if it was.</summary>
    public AssistanceReason AssistanceReason { get; internal init; }

    /// <summary>Warning, if any.</summary>
    public Warning Warning { get; internal init; }

    /// <summary>Benefit year whose counters moved.</summary>
    public int BenefitYear { get; internal init; }

    /// <summary>Insured category on the day of care.</summary>
    public InsuredCategory InsuredCategory { get; internal init; }

    /// <summary>Social groups on the day of care.</summary>
    public GroupSet Groups { get; internal init; }

    /// <summary>Scheme of the claim.</summary>
    public Scheme Scheme { get; internal init; }

    /// <summary>Whether the claim carried the insurance's payments and only assistance was decided.</summary>
    public bool PaymentsKnown { get; internal init; }

    /// <summary>Day whose rules decided: discharge, or service date.</summary>
    public DateOnly DecidedFor { get; internal init; }

    /// <summary>Key of the pack that decided.</summary>
    public long PackKey { get; internal init; }

    /// <summary>What was done, in order: codes and numbers.</summary>
    public ImmutableArray<RuleStep> Steps { get; }

    /// <summary>The account after the settlement.</summary>
    public Account After { get; }

    /// <summary>The matrix of cost bands by payer; computed on each call.</summary>
    public CostMatrix Matrix() => CostMatrix.Of(this);
}
