using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>
/// A settlement that stands, as a grant looks at it: where, what, when it was discharged, and fen. <c>Funds</c> is what all funds have
/// paid, assistance claimed later included.
/// </summary>
public readonly record struct GrantSettlement(
    int Region, VisitType VisitType, DateOnly DischargeDate, long InScope, long PreSelfPay, long Funds)
{
    /// <summary>The settlement of a claim, by its amounts as they stand.</summary>
    public static GrantSettlement Of(Claim claim, in Amounts amounts)
        => new(claim.Region, claim.VisitType, claim.DischargeDate, amounts.InScope, amounts.PreSelfPay, amounts.Total - amounts.PersonPays);
}

/// <summary>
/// Application for the one-off grant, with the person's settlements that stand; those outside the window are left out by the rules.
/// </summary>
public sealed record GrantApplication(DateOnly AppliedOn, int Region, ImmutableArray<GrantSettlement> Settlements);

/// <summary>Days whose discharges a grant counts: <c>From</c> included, <c>Before</c> (the day of application) not.</summary>
public readonly record struct GrantWindow(DateOnly From, DateOnly Before)
{
    /// <summary>Whether a discharge lies in it.</summary>
    public bool Holds(DateOnly discharged) => From <= discharged && discharged < Before;
}

/// <summary>
/// A decided grant; both parts may be zero, and then it is not used up. No settlement: it moves no counter and is in no reversal's way.
/// </summary>
public sealed class IllnessGrant : Decision
{
    internal IllnessGrant(GrantFact grant, GrantWindow window, long burdenBasic, long burdenTilt, RuleStep[] steps, Account after)
    {
        Grant = grant;
        Window = window;
        BurdenBasic = burdenBasic;
        BurdenTilt = burdenTilt;
        Steps = [.. steps];
        After = after;
    }

    /// <summary>Day of application, region and the two amounts.</summary>
    public GrantFact Grant { get; }

    /// <summary>The days whose discharges it counts.</summary>
    public GrantWindow Window { get; }

    /// <summary>In-scope costs of the window that no fund has paid.</summary>
    public long BurdenBasic { get; }

    /// <summary>The same with the class B part.</summary>
    public long BurdenTilt { get; }

    /// <summary>What was done, in order.</summary>
    public ImmutableArray<RuleStep> Steps { get; }

    /// <summary>The account after the grant.</summary>
    public Account After { get; }

    /// <summary>Key of the pack that decided.</summary>
    public long PackKey { get; internal init; }
}

/// <summary>
/// One-off grant for people impoverished by illness (section 6), over the settlements of the months before the application.
/// </summary>
internal static class IllnessGrants
{
    private const int Category = (int)SocialGroup.ImpoverishedByIllness;

    public static Decision Decide(Pack pack, Account account, GrantApplication application, long sequence)
    {
        var (day, rules) = (application.AppliedOn, pack.Resident!.On(application.AppliedOn));
        if (!account.Facts.GroupsOn(day).Overlaps(rules.Groups(Parameter.GrantGroups)))
            return Refuse(
                RefusalCode.ConditionNotMet, Parameter.GrantGroups, $"{day:yyyy-MM-dd}", "the category on the day of application");

        if (WindowOf(rules, day) is not { } window)
            return Refusals.Unpublished(pack, Scheme.Resident, Parameter.GrantWindow, 0, day);

        if (rules[Parameter.GrantInterval] is var interval and not RuleSet.Unpublished
            && PaidWithin(account, day, (int)interval) is { } earlier)
            return Refuse(
                RefusalCode.LimitReached, Parameter.GrantInterval, $"{day:yyyy-MM-dd}",
                $"one grant in {interval} months; one was applied for on {earlier:yyyy-MM-dd}");

        var (basicBurden, tiltBurden) = Burdens(rules, window, application);
        var basic = Part.Basic.Of(rules, basicBurden);
        if (basic is null)
            return Refusals.Unpublished(pack, Scheme.Resident, Parameter.AssistanceBasicRatio, Category, day);

        var tilt = Part.Tilt.Of(rules, Math.Max(0, tiltBurden - basic.Value.Amount));
        if (tilt is null)
            return Refusals.Unpublished(pack, Scheme.Resident, Parameter.AssistanceTiltRatio, Category, day);

        var grant = new GrantFact(day, application.Region, basic.Value.Amount, tilt.Value.Amount);
        var after = account.With(FactRegister.AddGrant(account.Facts, grant), sequence);
        return new IllnessGrant(grant, window, basicBurden, tiltBurden, [basic.Value, tilt.Value], after) { PackKey = pack.PackKey };

        Refusal Refuse(RefusalCode code, Parameter parameter, string value, string expected) => new(code)
        {
            Field = "applicationDate",
            Value = value,
            Expected = expected,
            Parameter = parameter,
            Document = pack.CitationOf(Scheme.Resident, parameter, day)?.ToString(),
        };
    }

    /// <summary>The window of an application, or null when the pack publishes none.</summary>
    public static GrantWindow? WindowOf(RuleSet rules, DateOnly day)
        => rules.Publishes(Parameter.GrantWindow) ? new GrantWindow(day.AddMonths(-(int)rules[Parameter.GrantWindow]), day) : null;

    private static DateOnly? PaidWithin(Account account, DateOnly day, int months)
    {
        foreach (var grant in account.Facts.Grants)
            if (grant.Basic + grant.Tilt > 0 && day < grant.AppliedOn.AddMonths(months) && grant.AppliedOn < day.AddMonths(months))
                return grant.AppliedOn;

        return null;
    }

    private static (long Basic, long Tilt) Burdens(RuleSet rules, GrantWindow window, GrantApplication application)
    {
        var (basic, tilt) = (0L, 0L);
        foreach (ref readonly var settled in application.Settlements.AsSpan())
        {
            if (settled.Region != application.Region || !window.Holds(settled.DischargeDate)
                || !rules.Has(Parameter.GrantVisitTypes, settled.VisitType))
                continue;

            basic += Math.Max(0, settled.InScope - settled.Funds);
            tilt += settled.InScope + settled.PreSelfPay - settled.Funds;
        }

        return (basic, tilt);
    }

    /// <summary>Where a part of the grant finds its figures: the tables of the tiers, in the row of its category.</summary>
    private sealed record Part(StepCode Step, Parameter Deductible, Parameter Ratio, Parameter Cap)
    {
        public static readonly Part Basic = new(
            StepCode.GrantBasic, Parameter.AssistanceBasicDeductible, Parameter.AssistanceBasicRatio, Parameter.AssistanceBasicCap);

        public static readonly Part Tilt = new(
            StepCode.GrantTilt, Parameter.AssistanceTiltDeductible, Parameter.AssistanceTiltRatio, Parameter.AssistanceTiltCap);

        /// <summary>The part with its amount, or null when a figure is not published.</summary>
        public RuleStep? Of(RuleSet rules, long burden)
        {
            var (deductible, ratio, cap) = (rules[Deductible, Category], rules[Ratio, Category], rules[Cap, Category]);
            if (deductible == RuleSet.Unpublished || ratio == RuleSet.Unpublished || cap == RuleSet.Unpublished)
                return null;

            return new RuleStep
            {
                Code = Step,
                Parameter = Ratio,
                RateBp = (int)ratio,
                Base = burden,
                Amount = Math.Min(cap, Rounding.HalfUp(Math.Max(0, burden - deductible) * ratio)),
                From = deductible,
                To = cap,
            };
        }
    }
}
