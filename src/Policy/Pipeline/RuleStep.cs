namespace Settlement.Policy;

/// <summary>One thing the pipeline did; the number is stable. Text in both languages is in the explanation catalogue.</summary>
public enum StepCode : byte
{
    /// <summary>Totals were derived from fee lines. Base: total, amount: in scope.</summary>
    LinesTotalled = 1,

    /// <summary>The person is covered. From and to: day numbers of the cover.</summary>
    Covered = 2,

    /// <summary>Kind of place derived. Base: <see cref="OutOfAreaKind"/>, amount: facility division.</summary>
    PlaceDerived = 3,

    /// <summary>The facility chosen for the year, or one that needs no choice.</summary>
    ChosenFacility = 4,

    /// <summary>Certification of the disease. From: day number from which it holds.</summary>
    Certified = 5,

    /// <summary>Two-disease filing. From: day number of the filing.</summary>
    DiseaseFiled = 6,

    /// <summary>Emergency rescue: listed critical disease and a treatment-fee item.</summary>
    RescueConditions = 7,

    /// <summary>Deductible from the table. Amount: the value.</summary>
    Deductible = 10,

    /// <summary>Deductible multiplied. Base: before, rate: factor (10,000 is 1), amount: after.</summary>
    DeductibleMultiplied = 11,

    /// <summary>Deductible reduced by earlier admissions. Base: before, amount: after, counter: admissions.</summary>
    DeductibleReduced = 12,

    /// <summary>No deductible for the disease. Base: what it would have been.</summary>
    DeductibleWaivedForDisease = 13,

    /// <summary>No deductible: an earlier such admission of the year. Counter: admissions counted.</summary>
    DeductibleWaivedOncology = 14,

    /// <summary>No deductible for a delivery.</summary>
    DeductibleWaivedDelivery = 15,

    /// <summary>Deductible of an admission taken. Base: in scope, amount: taken.</summary>
    DeductibleTaken = 16,

    /// <summary>
    /// Deductible of the quarter. Base: what it is taken from, amount: taken now, counter before and after, to: the whole.
    /// </summary>
    QuarterDeductibleTaken = 17,

    /// <summary>Deductible of the year. Base: what it is taken from, amount: taken now, counter before and after, to: the whole.</summary>
    YearDeductibleTaken = 18,

    /// <summary>
    /// Pooled fund, one ratio band. From and to: its limits, base: the part in it, rate; amount: base x rate, rounded down for display.
    /// </summary>
    PooledBand = 20,

    /// <summary>Ratio lowered for the place. Rate: points.</summary>
    RatioReduced = 21,

    /// <summary>General treatment fee. Base: fee, rate; amount: base x rate, rounded down for display.</summary>
    GeneralFee = 22,

    /// <summary>A benefit's own limit bound. Base: before it, amount: after it, counter before and after, to: the limit.</summary>
    BenefitCapped = 23,

    /// <summary>Sum of the bands, rounded once. Amount: pooled before the cap.</summary>
    PooledRounded = 24,

    /// <summary>Yearly cap of the pooled fund bound. Base: before it, amount: after it, counter, to: the cap.</summary>
    PooledCapped = 25,

    /// <summary>Pooled fund pays. Amount; counter before and after.</summary>
    Pooled = 26,

    /// <summary>
    /// General treatment fee of a village clinic. Base: fee, to: standard, from: the person's part, amount: paid, counter before and after.
    /// </summary>
    VillageGeneralFee = 27,

    /// <summary>Reproduction cycle. Before: other cycles of the person, after: with this one, to: how many there may be.</summary>
    CycleCounted = 28,

    /// <summary>Burden that counts for serious illness. Base: this settlement's, counter before and after.</summary>
    SeriousIllnessBase = 30,

    /// <summary>Serious illness, one band. From and to: its limits, base, rate, amount.</summary>
    SeriousIllnessBand = 31,

    /// <summary>Yearly cap of serious illness bound. Base: before it, amount: after it, to: the cap.</summary>
    SeriousIllnessCapped = 32,

    /// <summary>Serious-illness insurance pays. Amount; counter before and after.</summary>
    SeriousIllness = 33,

    /// <summary>Basic tier. From: deductible, base: burden, rate, amount; counter of the base before and after.</summary>
    AssistanceBasic = 40,

    /// <summary>Basic tier's yearly cap bound. Base: before it, amount: after it, to: the cap.</summary>
    AssistanceBasicCapped = 41,

    /// <summary>Tilt tier, as the basic one.</summary>
    AssistanceTilt = 42,

    /// <summary>Tilt tier's yearly cap bound.</summary>
    AssistanceTiltCapped = 43,

    /// <summary>Outpatient tier. Base: burden, rate, amount.</summary>
    AssistanceOutpatient = 44,

    /// <summary>Severe mental disorder: the remaining compliant burden. Base, rate, amount; counter.</summary>
    AssistanceOther = 45,

    /// <summary>Assistance withheld. Base: <see cref="AssistanceReason"/>.</summary>
    AssistanceWithheld = 46,

    /// <summary>Outpatient tier's yearly cap bound. Base: before it, amount: after it, counter before and after, to: the cap.</summary>
    AssistanceOutpatientCapped = 47,

    /// <summary>Assistance on known payments: what the insurance has paid. Base: pooled fund, amount: serious illness.</summary>
    PaymentsKnown = 60,

    /// <summary>Assistance for severe mental disorder by bed days. Base: bed days, from: amount a day, amount: paid; counter.</summary>
    AssistanceBedDays = 61,

    /// <summary>Yearly burden watched by alerts. Base: this settlement's, counter before and after, from: the threshold.</summary>
    BurdenCounted = 62,

    /// <summary>An alert was raised. Base: <see cref="AlertKind"/>, amount: burden, from: the threshold.</summary>
    AlertRaised = 63,

    /// <summary>
    /// Grant for people impoverished by illness, basic part. From: deductible, base: burden of the window, rate, to: cap, amount.
    /// </summary>
    GrantBasic = 70,

    /// <summary>Grant, tilt part, as the basic one.</summary>
    GrantTilt = 71,

    /// <summary>What the person pays. Amount.</summary>
    PersonPays = 50,
}

/// <summary>One step of an adjudication: codes and numbers only (fen, basis points). The parameter's citation is in the pack.</summary>
public readonly record struct RuleStep
{
    /// <summary>What was done.</summary>
    public StepCode Code { get; init; }

    /// <summary>Parameter that decided, <see cref="Parameter.None"/> where none did.</summary>
    public Parameter Parameter { get; init; }

    /// <summary>Counter that moved or was read.</summary>
    public CounterId Counter { get; init; }

    /// <summary>Period of the counter within the benefit year.</summary>
    public byte Period { get; init; }

    /// <summary>Ratio or factor in basis points.</summary>
    public int RateBp { get; init; }

    /// <summary>What the step worked on.</summary>
    public long Base { get; init; }

    /// <summary>What came of it.</summary>
    public long Amount { get; init; }

    /// <summary>Counter before.</summary>
    public long Before { get; init; }

    /// <summary>Counter after.</summary>
    public long After { get; init; }

    /// <summary>Lower limit of the band, or the deductible of a tier.</summary>
    public long From { get; init; }

    /// <summary>Upper limit of the band (<see cref="long.MaxValue"/> is open), or the cap.</summary>
    public long To { get; init; }
}
