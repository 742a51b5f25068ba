namespace Settlement.Policy;

/// <summary>A settlement in the making: what the stages read, and what they have found so far. Lives on the stack of one call.</summary>
internal ref struct Draft
{
    private Span<RuleStep> steps;
    private int stepCount;
    private readonly Span<Counter> changes;
    private int changeCount;

    public Draft(Account account, Claim claim, Pack pack, RuleSet rules, in CostParts parts, Span<RuleStep> steps, Span<Counter> changes)
    {
        Account = account;
        Claim = claim;
        Pack = pack;
        Rules = rules;
        Parts = parts;
        this.steps = steps;
        this.changes = changes;
        Year = BenefitYear.Of(rules, claim.DischargeDate);
        Groups = account.Facts.GroupsOn(claim.CareDate);
    }

    public Account Account { get; }

    public Claim Claim { get; }

    public Pack Pack { get; }

    public RuleSet Rules { get; }

    public CostParts Parts { get; }

    /// <summary>Benefit year, by the day of discharge.</summary>
    public int Year { get; }

    /// <summary>Social groups on the day of care.</summary>
    public GroupSet Groups { get; }

    public InsuredCategory Insured { get; set; }

    public OutOfAreaKind Kind { get; set; }

    public long DeductibleStandard { get; set; }

    public long DeductiblePaid { get; set; }

    public long Pooled { get; set; }

    /// <summary>
    /// What of the pooled fund's share is for a village clinic's general treatment fee; it is paid first when a cap binds.
    /// </summary>
    public long VillageFeeShare { get; set; }

    /// <summary>Points taken from the serious-illness ratios, in basis points.</summary>
    public int SeriousIllnessReduction { get; set; }

    public long SeriousIllness { get; set; }

    public long AssistanceBasic { get; set; }

    public long AssistanceTilt { get; set; }

    public long AssistanceOutpatient { get; set; }

    public long AssistanceOther { get; set; }

    public AssistanceReason AssistanceReason { get; set; }

    /// <summary>A counter that outlives the year and moves with this settlement, if one does.</summary>
    public ReferenceCounter? Reference { get; set; }

    /// <summary>The note that withheld assistance may be claimed later, if it may.</summary>
    public ReferenceCounter? Deferred { get; set; }

    /// <summary>The counters that outlive the year and move with this settlement.</summary>
    public readonly ReadOnlySpan<ReferenceCounter> References => (Reference, Deferred) switch
    {
        (null, null) => default,
        ({ } one, null) => new[] { one },
        (null, { } one) => new[] { one },
        ({ } one, { } two) => new[] { one, two },
    };

    /// <summary>What the insurances have left of the compliant costs, class B part included.</summary>
    public readonly long CompliantBurden => Parts.Compliant - Pooled - SeriousIllness;

    public readonly ReadOnlySpan<Counter> Changes => changes[..changeCount];

    public readonly RuleStep[] Steps => steps[..stepCount].ToArray();

    public readonly long Count(CounterId id, int period = 0, byte sub = 0) => Account.Counter(id, Year, period, sub);

    public readonly long Count(CounterKey key) => Account.Counters[key];

    public void Add(in RuleStep step)
    {
        if (stepCount == steps.Length)
        {
            var larger = new RuleStep[steps.Length * 2];
            steps.CopyTo(larger);
            steps = larger;
        }

        steps[stepCount++] = step;
    }

    /// <summary>Moves a counter of the benefit year; changes are kept sorted by key.</summary>
    public void Move(CounterId id, long amount, int period = 0, byte sub = 0) => Move(new CounterKey(id, Year, period, sub), amount);

    /// <summary>Moves a counter by its key; changes are kept sorted by key.</summary>
    public void Move(CounterKey key, long amount)
    {
        if (amount == 0)
            return;

        var at = changeCount;
        while (at > 0 && changes[at - 1].Key.CompareTo(key) > 0)
        {
            changes[at] = changes[at - 1];
            at--;
        }

        changes[at] = new Counter(key, amount);
        changeCount++;
    }

    /// <summary>
    /// Refusal because the pack has no value for a cell on the day of discharge; names the parameter and the document that should give it.
    /// </summary>
    public readonly Refusal Unpublished(Parameter parameter, int cell = 0) =>
        Refusals.Unpublished(Pack, Claim.Scheme, parameter, cell, Claim.DischargeDate);

    public readonly Refusal Refuse(
        RefusalCode code, string field, string? value = null, string? expected = null, Parameter parameter = Parameter.None)
        => new(code)
        {
            Field = field,
            Value = value,
            Expected = expected,
            Parameter = parameter,
            Document = parameter == Parameter.None ? null : Pack.CitationOf(Claim.Scheme, parameter, Claim.DischargeDate)?.ToString(),
        };
}

/// <summary>Refusals made in more than one place.</summary>
internal static class Refusals
{
    /// <summary>A day before the pack begins.</summary>
    public static Refusal BeforePack(string field, DateOnly day, Pack pack)
        => new(RefusalCode.NoPolicyInForce)
        {
            Field = field,
            Value = $"{day:yyyy-MM-dd}",
            Expected = $"{pack.InForceFrom:yyyy-MM-dd} or later",
        };

    /// <summary>The region has no pack.</summary>
    public static Refusal NoPack(int region)
        => new(RefusalCode.NoPolicyInForce) { Field = "region", Value = $"{region:000000}", Expected = "a region with a pack" };

    /// <summary>The pack has no value for a cell on a day.</summary>
    public static Refusal Unpublished(Pack pack, Scheme scheme, Parameter parameter, int cell, DateOnly day)
        => new(RefusalCode.UnpublishedParameter)
        {
            Parameter = parameter,
            Cell = ParameterSchema.Info(parameter).CellName(cell),
            Document = pack.CitationOf(scheme, parameter, day)?.ToString(),
        };
}
