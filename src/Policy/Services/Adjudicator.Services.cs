namespace Settlement.Policy;

/// <summary>What the agency decides beside settlements: certifications, premiums, assistance by hand, grants.</summary>
public sealed partial class Adjudicator
{
    /// <summary>First day on which a certification holds; registers nothing.</summary>
    public CertificationOutcome Certification(int region, Scheme scheme, CertificationFact certification)
    {
        if (Rules(region, scheme) is not { } found)
            return new(default, NoRules(region));

        var facts = PersonFacts.Empty;
        if (FactRegister.Add(ref facts, certification, found.Scheme) is { } invalid)
            return new(default, invalid);

        return Certifications.StartOf(certification, found.Scheme) is { } from
            ? new(from, null)
            : new(default, Refusals.Unpublished(
                found.Pack, scheme, Parameter.CertificationDelay, (int)certification.Disease, certification.FiledOn));
    }

    /// <summary>Premium of a benefit year by the values that hold on a day of it.</summary>
    public ContributionOutcome Contribution(int region, Scheme scheme, DateOnly day, InsuredCategory category, GroupSet groups)
        => Rules(region, scheme) is not { } found
            ? new(default, NoRules(region))
            : Enum.IsDefined(category)
                ? ContributionRates.Of(found.Pack, scheme, found.Scheme.On(day), category, groups, day)
                : new(default, new Refusal(RefusalCode.InvalidFact) { Field = "insuredCategory", Value = $"{category}" });

    /// <summary>
    /// Assistance claimed later by hand for a settlement that could not be one-stop. The answer is an <see cref="Adjudication"/> with the
    /// amounts of the settlement as they are after it: what this entry pays are its assistance amounts. Refused with <see cref="RefusalCode.ConditionNotMet"/>
    /// when the settlement was reversed, has it already, or was not withheld as not one-stop; whether it exists, the caller knows.
    /// </summary>
    /// <param name="account">Account now.</param>
    /// <param name="settled">The settlement, as the ledger has it.</param>
    /// <param name="sequence">Ledger sequence of the new entry; it becomes the tip of the discharge year.</param>
    public Decision AssistLater(Account account, AssistedSettlement settled, long sequence)
        => Rules(settled.Claim.Region, settled.Claim.Scheme) is not { } found
            ? NoRules(settled.Claim.Region)
            : LaterAssistance.Decide(found.Pack, found.Scheme.On(settled.Claim.DischargeDate), account, settled, sequence);

    /// <summary>
    /// Decides an application for the grant of people impoverished by illness: an <see cref="IllnessGrant"/> or a refusal.
    /// </summary>
    public Decision Grant(Account account, GrantApplication application, long sequence)
    {
        if (Rules(application.Region, Scheme.Resident) is not { } found || application.AppliedOn < found.Pack.InForceFrom)
            return NoRules(application.Region);

        return application.AppliedOn.Year > FactRegister.LastYear
            ? new Refusal(RefusalCode.InvalidFact)
            {
                Field = "applicationDate",
                Value = $"{application.AppliedOn:yyyy-MM-dd}",
                Expected = $"{FactRegister.LastYear} or earlier",
            }
            : IllnessGrants.Decide(found.Pack, account, application, sequence);
    }

    /// <summary>The days whose discharges an application on a day counts, or null when the region publishes no grant.</summary>
    public GrantWindow? GrantWindow(int region, DateOnly appliedOn)
        => Rules(region, Scheme.Resident) is { } found && appliedOn.Year is >= FactRegister.FirstYear and <= FactRegister.LastYear
            ? IllnessGrants.WindowOf(found.Scheme.On(appliedOn), appliedOn)
            : null;

    /// <summary>
    /// What the agency must be told when the settlement of a claim is reversed: a grant that paid something had counted it.
    /// </summary>
    public ReversalNotice NoticeOnReversal(Account account, Claim reversed)
    {
        foreach (var grant in account.Facts.Grants)
            if (grant.Basic + grant.Tilt > 0 && grant.Region == reversed.Region && Counted(grant, reversed))
                return ReversalNotice.GrantWindow;

        return ReversalNotice.None;
    }

    private bool Counted(GrantFact grant, Claim claim)
        => Rules(grant.Region, Scheme.Resident) is { } found
            && found.Scheme.On(grant.AppliedOn) is var rules
            && rules.Has(Parameter.GrantVisitTypes, claim.VisitType)
            && IllnessGrants.WindowOf(rules, grant.AppliedOn) is { } window
            && window.Holds(claim.DischargeDate);

    private (Pack Pack, PackScheme Scheme)? Rules(int region, Scheme scheme)
        => Catalogue.Find(region) is { } pack && pack.For(scheme) is { } found ? (pack, found) : null;

    private static Refusal NoRules(int region)
        => new(RefusalCode.NoPolicyInForce)
        {
            Field = "region",
            Value = $"{region:000000}",
            Expected = "a region with rules for it on that day",
        };
}

/// <summary>First day on which a certification holds, or the refusal.</summary>
public readonly record struct CertificationOutcome(DateOnly From, Refusal? Refusal);

/// <summary>Notice to the agency that comes with a reversal; it stops nothing.</summary>
public enum ReversalNotice : byte
{
    None = 0,

    /// <summary>The settlement lies in the window of a grant that paid something.</summary>
    GrantWindow = 1,
}
