namespace Settlement.Policy;

/// <summary>
/// Medical assistance (section 6): basic and tilt tier, the full assistance for severe mental disorder, or the outpatient tier.
/// </summary>
internal static class AssistanceStage
{
    public static Refusal? Apply(ref Draft draft)
    {
        if (draft.Groups.BestCategory is not { } category)
            return null;

        if (!draft.Rules.Publishes(Parameter.AssistanceGroups))
        {
            Withhold(ref draft, AssistanceReason.UnpublishedParameter, Parameter.AssistanceGroups);
            return null;
        }

        if (!draft.Rules.Has(Parameter.AssistanceGroups, category))
            return null;

        if (!draft.Rules.Has(Parameter.AssistanceVisitTypes, draft.Claim.VisitType))
            return draft.Rules.Has(Parameter.AssistanceOutpatientVisitTypes, draft.Claim.VisitType)
                ? OutpatientAssistance.Apply(ref draft, category)
                : null;

        if (!IsOneStop(draft))
        {
            Withhold(ref draft, AssistanceReason.NotOneStop, Parameter.AssistanceOneStop);
            return null;
        }

        return Assist(ref draft, category);
    }

    /// <summary>The full assistance for severe mental disorder, else the tiers; on the spot, or later by hand.</summary>
    public static Refusal? Assist(ref Draft draft, SocialGroup category)
        => IsSevereMental(draft) && HasSevereMentalRatio(draft, category) ? SevereMental(ref draft, category) : Tiers(ref draft, category);

    /// <summary>Basic, then tilt tier, on what the insurances have left.</summary>
    private static Refusal? Tiers(ref Draft draft, SocialGroup category)
    {
        var basicBurden = Math.Max(0, draft.Parts.InScope - draft.Pooled - draft.SeriousIllness);
        if (Pay(ref draft, Tier.Basic, category, basicBurden, out var basic) is { } noBasic)
            return noBasic;

        draft.AssistanceBasic = basic;
        var tiltBurden = Math.Max(0, draft.CompliantBurden - basic);
        if (Pay(ref draft, Tier.Tilt, category, tiltBurden, out var tilt) is { } noTilt)
            return noTilt;

        draft.AssistanceTilt = tilt;
        return null;
    }

    private static Refusal? Pay(ref Draft draft, Tier tier, SocialGroup category, long burden, out long amount)
    {
        amount = 0;
        var cell = (int)category;
        var deductible = draft.Rules[tier.Deductible, cell];
        if (deductible == RuleSet.Unpublished)
            return draft.Unpublished(tier.Deductible, cell);

        var ratio = draft.Rules[tier.Ratio, cell];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(tier.Ratio, cell);

        var cap = draft.Rules[tier.Cap, cell];
        if (cap == RuleSet.Unpublished)
            return draft.Unpublished(tier.Cap, cell);

        var before = draft.Count(tier.BaseCounter);
        var after = before + burden;
        var part = Math.Max(0, after - deductible) - Math.Max(0, before - deductible);
        amount = Rounding.HalfUp(part * ratio);
        draft.Move(tier.BaseCounter, burden);
        draft.Add(new RuleStep
        {
            Code = tier.Step,
            Parameter = tier.Ratio,
            Counter = tier.BaseCounter,
            RateBp = (int)ratio,
            Base = burden,
            Amount = amount,
            Before = before,
            After = after,
            From = deductible,
        });
        amount = Cap(ref draft, tier, amount, cap);
        draft.Move(tier.PaidCounter, amount);
        return null;
    }

    private static long Cap(ref Draft draft, Tier tier, long amount, long cap)
    {
        var paid = draft.Count(tier.PaidCounter);
        var remaining = Math.Max(0, cap - paid);
        if (amount <= remaining)
            return amount;

        draft.Add(new RuleStep
        {
            Code = tier.CappedStep,
            Parameter = tier.Cap,
            Counter = tier.PaidCounter,
            Base = amount,
            Amount = remaining,
            Before = paid,
            After = paid + remaining,
            To = cap,
        });
        return remaining;
    }

    /// <summary>An admission for severe mental disorder, which is assisted outside the tiers.</summary>
    private static bool IsSevereMental(in Draft draft)
        => (draft.Claim.Diagnoses & draft.Rules.DiagnosesIn(Parameter.AssistanceSevereMentalDiagnoses)) != 0
            && draft.Rules.Has(Parameter.AssistanceSevereMentalVisitTypes, draft.Claim.VisitType);

    private static bool HasSevereMentalRatio(in Draft draft, SocialGroup category)
        => ByBedDay(draft) || draft.Rules[Parameter.AssistanceSevereMentalRatio, (int)category] != RuleSet.Unpublished;

    private static bool ByBedDay(in Draft draft) => draft.Rules[Parameter.AssistanceSevereMentalBasis] == (long)SevereMentalBasis.BedDay;

    /// <summary>Severe mental disorder: the remaining compliant burden; the counters of the tiers do not move.</summary>
    private static Refusal? SevereMental(ref Draft draft, SocialGroup category)
    {
        if (ByBedDay(draft))
            return BedDays(ref draft, category);

        var ratio = draft.Rules[Parameter.AssistanceSevereMentalRatio, (int)category];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.AssistanceSevereMentalRatio, (int)category);

        var burden = Math.Max(0, draft.CompliantBurden);
        var before = draft.Count(CounterId.AssistanceOtherPaid);
        draft.AssistanceOther = Rounding.HalfUp(burden * ratio);
        draft.Move(CounterId.AssistanceOtherPaid, draft.AssistanceOther);
        draft.Add(new RuleStep
        {
            Code = StepCode.AssistanceOther,
            Parameter = Parameter.AssistanceSevereMentalRatio,
            Counter = CounterId.AssistanceOtherPaid,
            RateBp = (int)ratio,
            Base = burden,
            Amount = draft.AssistanceOther,
            Before = before,
            After = before + draft.AssistanceOther,
        });
        return null;
    }

    /// <summary>A fixed amount per bed day (a stay within one day is one), at most the remaining compliant burden.</summary>
    private static Refusal? BedDays(ref Draft draft, SocialGroup category)
    {
        var amount = draft.Rules[Parameter.AssistanceSevereMentalBedDay, (int)category];
        if (amount == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.AssistanceSevereMentalBedDay, (int)category);

        var days = Math.Max(1, draft.Claim.DischargeDate.DayNumber - draft.Claim.CareDate.DayNumber);
        var before = draft.Count(CounterId.AssistanceOtherPaid);
        draft.AssistanceOther = (long)Int128.Min((Int128)amount * days, Math.Max(0, draft.CompliantBurden));
        draft.Move(CounterId.AssistanceOtherPaid, draft.AssistanceOther);
        draft.Add(new RuleStep
        {
            Code = StepCode.AssistanceBedDays,
            Parameter = Parameter.AssistanceSevereMentalBedDay,
            Counter = CounterId.AssistanceOtherPaid,
            Base = days,
            From = amount,
            Amount = draft.AssistanceOther,
            Before = before,
            After = before + draft.AssistanceOther,
        });
        return null;
    }

    /// <summary>
    /// One-stop conditions: in the city an assistance-designated facility or a referral; out of area a long-term resident anywhere, others
    /// at the listed levels.
    /// </summary>
    private static bool IsOneStop(in Draft draft)
    {
        var (claim, rules) = (draft.Claim, draft.Rules);
        if (!rules.IsYes(Parameter.AssistanceOneStop) || !rules.Has(Parameter.AssistanceOneStopVisitTypes, claim.VisitType))
            return true;

        return draft.Kind switch
        {
            OutOfAreaKind.Local => claim.Facility.AssistanceDesignated || claim.Referral,
            OutOfAreaKind.LongTerm => true,
            _ => rules.Has(Parameter.AssistanceOneStopAwayTiers, claim.Facility.Tier),
        };
    }

    public static void Withhold(ref Draft draft, AssistanceReason reason, Parameter parameter)
    {
        draft.AssistanceReason = reason;
        draft.Add(new RuleStep { Code = StepCode.AssistanceWithheld, Parameter = parameter, Base = (long)reason });
    }

    /// <summary>Where a tier finds its parameters and counters.</summary>
    private sealed record Tier(
        StepCode Step, StepCode CappedStep, Parameter Deductible, Parameter Ratio, Parameter Cap, CounterId BaseCounter,
        CounterId PaidCounter)
    {
        public static readonly Tier Basic = new(
            StepCode.AssistanceBasic,
            StepCode.AssistanceBasicCapped,
            Parameter.AssistanceBasicDeductible,
            Parameter.AssistanceBasicRatio,
            Parameter.AssistanceBasicCap,
            CounterId.AssistanceBasicBase,
            CounterId.AssistanceBasicPaid);

        public static readonly Tier Tilt = new(
            StepCode.AssistanceTilt,
            StepCode.AssistanceTiltCapped,
            Parameter.AssistanceTiltDeductible,
            Parameter.AssistanceTiltRatio,
            Parameter.AssistanceTiltCap,
            CounterId.AssistanceTiltBase,
            CounterId.AssistanceTiltPaid);
    }
}
