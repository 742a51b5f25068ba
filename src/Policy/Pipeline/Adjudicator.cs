namespace Settlement.Policy;

/// <summary>
/// Settles claims by the packs of a catalogue. Pure and thread-safe: the same account, claim and pack give the same decision.
/// </summary>
public sealed partial class Adjudicator(PolicyCatalogue catalogue)
{
    private const int UsualSteps = 32;
    private const int MostCounters = 16;

    /// <summary>The packs.</summary>
    public PolicyCatalogue Catalogue { get; } = catalogue;

    /// <summary>
    /// Adjudicates a claim against an account. <paramref name="sequence"/> is the ledger sequence the entry would take; it becomes the tip
    /// of the benefit year. Never throws for bad input: answers with a <see cref="Refusal"/>, the first ground that holds in the order of
    /// the codes.
    /// </summary>
    public Decision Settle(Account account, Claim claim, long sequence)
    {
        if (Totalling.Resolve(claim, out var parts) is { } doesNotAddUp)
            return doesNotAddUp;

        if (FindRules(claim, out var pack, out var rules) is { } noRules)
            return noRules;

        Span<RuleStep> steps = stackalloc RuleStep[UsualSteps];
        Span<Counter> changes = stackalloc Counter[MostCounters];
        var draft = new Draft(account, claim, pack!, rules!, parts, steps, changes);
        if (!claim.Lines.IsDefaultOrEmpty)
            draft.Add(new RuleStep { Code = StepCode.LinesTotalled, Base = parts.Total, Amount = parts.InScope });

        var refusal = claim.KnownPayments is { } known
            ? KnownPaymentsStage.Apply(ref draft, known)
            : Conditions.Check(ref draft) ?? Benefits(ref draft);
        return refusal ?? (Decision)Finish(ref draft, sequence);
    }

    /// <summary>
    /// Whether the deposit on admission is waived: an admission at a designated facility of the city, a group that the pack names on the
    /// day of admission. Where nothing is published nothing is waived.
    /// </summary>
    public bool DepositWaived(Account account, Claim claim)
    {
        if (Catalogue.Find(claim.Region) is not { } pack || claim.CareDate < pack.InForceFrom || !claim.IsAdmission)
            return false;

        return claim.Facility.Designated
            && Place.IsLocal(claim)
            && pack.For(claim.Scheme) is { } scheme
            && account.Facts.GroupsOn(claim.CareDate).Overlaps(scheme.On(claim.CareDate).Groups(Parameter.DepositWaivedGroups));
    }

    /// <summary>Registers facts, all or none, and gives the account after them, or why not.</summary>
    /// <param name="account">Account before.</param>
    /// <param name="facts">Facts, taken in order.</param>
    /// <param name="region">Pooling region whose rules hold for the registration.</param>
    /// <param name="sequence">Ledger sequence of the entry.</param>
    public RecordOutcome Record(Account account, ReadOnlySpan<Fact> facts, int region, long sequence)
    {
        if (Catalogue.Find(region)?.Resident is not { } scheme)
            return new(null, new Refusal(RefusalCode.NoPolicyInForce) { Field = "region", Value = $"{region}" });

        var after = account.Facts;
        foreach (var fact in facts)
            if (FactRegister.Add(ref after, fact, scheme) is { } refusal)
                return new(null, refusal);

        return new(account.With(after, sequence), null);
    }

    /// <summary>Cover by the premium (or the given intervals) of a benefit year, or <see cref="RefusalCode.NotCovered"/>.</summary>
    public CoverageOutcome Coverage(Account account, int region, Scheme scheme, int year)
    {
        if (year is < FactRegister.FirstYear or > FactRegister.LastYear)
            return new(default, new Refusal(RefusalCode.NotCovered) { Field = "year", Value = $"{year}" });

        if (Catalogue.Find(region)?.For(scheme) is not { } found)
            return new(default, new Refusal(RefusalCode.NoPolicyInForce) { Field = "region", Value = $"{region}" });

        var rules = found.On(new DateOnly(year, 1, 1));
        return Cover.Of(account.Facts, rules, year) is { } interval
            ? new(interval, null)
            : new(default, new Refusal(RefusalCode.NotCovered) { Field = "year", Value = $"{year}", Parameter = Parameter.CoverageBasis });
    }

    private Refusal? FindRules(Claim claim, out Pack? pack, out RuleSet? rules)
    {
        rules = null;
        pack = Catalogue.Find(claim.Region);
        if (pack is null)
            return Refusals.NoPack(claim.Region);

        rules = pack.For(claim.Scheme)?.On(claim.DischargeDate);
        if (claim.KnownPayments is not null && rules?.Publishes(Parameter.BenefitAssistanceOnly) != true)
            return Refusals.Unpublished(pack, claim.Scheme, Parameter.BenefitAssistanceOnly, 0, claim.DischargeDate);

        if (claim.KnownPayments is null && rules?.Has(Parameter.BenefitVisitTypes, claim.VisitType) != true)
            return Refusals.Unpublished(pack, claim.Scheme, Parameter.BenefitVisitTypes, 0, claim.DischargeDate);

        return claim.DischargeDate < pack.InForceFrom
            ? Refusals.BeforePack("dischargeDate", claim.DischargeDate, pack)
            : null;
    }

    private static Refusal? Benefits(ref Draft draft)
    {
        if ((VisitTypes.Share(ref draft) ?? PooledFund.Cap(ref draft)) is { } refusal)
            return refusal;

        VisitTypes.Count(ref draft);
        return SeriousIllnessStage.Apply(ref draft) ?? AssistanceStage.Apply(ref draft);
    }

    private static Adjudication Finish(ref Draft draft, long sequence)
    {
        var person = draft.Parts.Total - draft.Pooled - draft.SeriousIllness
            - draft.AssistanceBasic - draft.AssistanceTilt - draft.AssistanceOutpatient - draft.AssistanceOther;
        draft.Add(new RuleStep { Code = StepCode.PersonPays, Base = draft.Parts.Total, Amount = person });
        Alerts.Count(ref draft, person);

        // Withheld assistance that may be claimed by hand later is remembered by the settlement's own sequence.
        if (draft.AssistanceReason == AssistanceReason.NotOneStop && draft.Rules.IsYes(Parameter.AssistanceByHand))
            draft.Deferred = LaterAssistance.Claimable(sequence);

        var account = draft.Account;
        var counters = account.Counters.Add(draft.Changes, draft.References);
        var amounts = new Amounts
        {
            Total = draft.Parts.Total,
            SelfFunded = draft.Parts.SelfFunded,
            OverLimit = draft.Parts.OverLimit,
            PreSelfPay = draft.Parts.PreSelfPay,
            PreSelfPayNotCounted = draft.Parts.PreSelfPayNotCounted,
            InScope = draft.Parts.InScope,
            DeductibleStandard = draft.DeductibleStandard,
            DeductiblePaid = draft.DeductiblePaid,
            Pooled = draft.Pooled,
            SeriousIllness = draft.SeriousIllness,
            AssistanceBasic = draft.AssistanceBasic,
            AssistanceTilt = draft.AssistanceTilt,
            AssistanceOutpatient = draft.AssistanceOutpatient,
            AssistanceOther = draft.AssistanceOther,
            PersonPays = person,
        };
        return new Adjudication(amounts, draft.Steps, account.With(counters, draft.Year, sequence, sequence))
        {
            OutOfAreaKind = draft.Kind,
            AssistanceReason = draft.AssistanceReason,
            Warning = draft.Claim.StatedKind is { } stated && stated != draft.Kind ? Warning.OutOfAreaKind : Warning.None,
            BenefitYear = draft.Year,
            InsuredCategory = draft.Insured,
            Groups = draft.Groups,
            Scheme = draft.Claim.Scheme,
            PaymentsKnown = draft.Claim.KnownPayments is not null,
            DecidedFor = draft.Claim.DischargeDate,
            PackKey = draft.Pack.PackKey,
        };
    }
}

/// <summary>Account after recorded facts, or the refusal.</summary>
public readonly record struct RecordOutcome(Account? After, Refusal? Refusal);

/// <summary>Interval of cover, both days included, or the refusal.</summary>
public readonly record struct CoverageOutcome(CoverInterval Interval, Refusal? Refusal);

/// <summary>Interval of cover, both days included.</summary>
public readonly record struct CoverInterval(DateOnly From, DateOnly To);
