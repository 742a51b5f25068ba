namespace Settlement.Policy;

/// <summary>
/// Outpatient pooling (4.5): at the chosen facility, with a deductible and a cap for each quarter; the general treatment fee has a share of
/// its own, and village clinics a cap of their own inside the quarter's.
/// </summary>
internal static class OutpatientPooling
{
    public static Refusal? Refuse(ref Draft draft)
    {
        if (!draft.Rules.IsYes(Parameter.OutpatientChosenFacility))
            return null;

        if (!MayUse(draft))
            return draft.Refuse(
                RefusalCode.NotChosenFacility,
                "facility.code",
                draft.Claim.Facility.Code,
                ChosenFacility.Of(draft)?.Code ?? "a facility chosen for the year",
                Parameter.OutpatientChosenFacility);

        draft.Add(new RuleStep { Code = StepCode.ChosenFacility, Parameter = Parameter.OutpatientChosenFacility });
        return null;
    }

    public static Refusal? Share(ref Draft draft)
    {
        var rules = draft.Rules;
        foreach (var needed in Needed)
            if (!rules.Publishes(needed))
                return draft.Unpublished(needed);

        var fee = draft.Claim.GeneralFee;
        var village = IsVillage(draft);
        var feeParameter = village ? Parameter.OutpatientVillageFeeStandard : Parameter.OutpatientGeneralFeeRatio;
        if (fee > 0 && !rules.Publishes(feeParameter))
            return draft.Unpublished(feeParameter);

        var sum = fee == 0 ? 0 : village ? VillageFee(ref draft, fee) : GeneralFee(ref draft, fee);
        var rest = draft.Parts.InScope - fee;
        TakeDeductible(ref draft, rest);
        sum += PooledFund.Part(ref draft, rest - draft.DeductiblePaid, rules[Parameter.OutpatientRatio], Parameter.OutpatientRatio);
        PooledFund.Round(ref draft, sum, draft.Parts.InScope - draft.DeductiblePaid, Parameter.OutpatientRatio);

        var quarter = QuarterOf(draft);
        if (village && rules.Publishes(Parameter.OutpatientVillageCap))
            Limit(ref draft, Parameter.OutpatientVillageCap, CounterId.QuarterVillagePaid, quarter);

        Limit(ref draft, Parameter.OutpatientCap, CounterId.QuarterPooledPaid, quarter);
        return null;
    }

    public static void Count(ref Draft draft)
    {
        var quarter = QuarterOf(draft);
        draft.Move(CounterId.QuarterDeductiblePaid, draft.DeductiblePaid, quarter);
        draft.Move(CounterId.QuarterPooledPaid, draft.Pooled, quarter);
        if (!IsVillage(draft))
            return;

        draft.Move(CounterId.QuarterVillagePaid, draft.Pooled, quarter);
        draft.Move(CounterId.VillageGeneralFeePaid, Math.Min(draft.VillageFeeShare, draft.Pooled));
    }

    private static ReadOnlySpan<Parameter> Needed => [Parameter.OutpatientDeductible, Parameter.OutpatientRatio, Parameter.OutpatientCap];

    /// <summary>
    /// In the city the chosen facility. Out of area, for a long-term resident, the chosen one at the filed place up to a level; and for
    /// those who are long-term residents everywhere any facility of the levels listed for them.
    /// </summary>
    private static bool MayUse(in Draft draft)
    {
        var (rules, tier) = (draft.Rules, draft.Claim.Facility.Tier);
        if (draft.Kind == OutOfAreaKind.Local)
            return ChosenFacility.IsAt(draft);

        if (draft.Kind != OutOfAreaKind.LongTerm)
            return false;

        return (rules.Has(Parameter.OutpatientLongTermTiers, tier) && ChosenFacility.IsAt(draft))
            || (rules.Has(Parameter.OutpatientEverywhereTiers, tier) && rules.Has(Parameter.OutOfAreaLongTermEverywhere, draft.Insured));
    }

    private static bool IsVillage(in Draft draft) => draft.Claim.Facility.Kind == FacilityKind.VillageClinic;

    private static int QuarterOf(in Draft draft) => ((draft.Claim.DischargeDate.Month - 1) / 3) + 1;

    private static long GeneralFee(ref Draft draft, long fee)
    {
        var ratio = draft.Rules[Parameter.OutpatientGeneralFeeRatio];
        draft.Add(new RuleStep
        {
            Code = StepCode.GeneralFee,
            Parameter = Parameter.OutpatientGeneralFeeRatio,
            RateBp = (int)ratio,
            Base = fee,
            Amount = fee * ratio / Limits.WholeBp,
        });
        return fee * ratio;
    }

    /// <summary>A village clinic's fee: up to the standard, less the person's part, within the year's limit.</summary>
    private static long VillageFee(ref Draft draft, long fee)
    {
        var rules = draft.Rules;
        var standard = rules[Parameter.OutpatientVillageFeeStandard];
        var person = Math.Max(0, rules[Parameter.OutpatientVillageFeePerson]);
        var before = draft.Count(CounterId.VillageGeneralFeePaid);
        var share = Math.Max(0, Math.Min(fee, standard) - person);
        if (rules.Publishes(Parameter.OutpatientVillageFeeCap))
            share = Math.Min(share, Math.Max(0, rules[Parameter.OutpatientVillageFeeCap] - before));

        draft.VillageFeeShare = share;
        draft.Add(new RuleStep
        {
            Code = StepCode.VillageGeneralFee,
            Parameter = Parameter.OutpatientVillageFeeCap,
            Counter = CounterId.VillageGeneralFeePaid,
            Base = fee,
            Amount = share,
            Before = before,
            After = before + share,
            From = person,
            To = standard,
        });
        return share * Limits.WholeBp;
    }

    private static void TakeDeductible(ref Draft draft, long rest)
    {
        var quarter = QuarterOf(draft);
        var standard = draft.Rules[Parameter.OutpatientDeductible];
        var before = draft.Count(CounterId.QuarterDeductiblePaid, quarter);
        draft.DeductibleStandard = standard;
        draft.DeductiblePaid = Math.Min(Math.Max(0, standard - before), rest);
        draft.Add(new RuleStep
        {
            Code = StepCode.QuarterDeductibleTaken,
            Parameter = Parameter.OutpatientDeductible,
            Counter = CounterId.QuarterDeductiblePaid,
            Period = (byte)quarter,
            Base = rest,
            Amount = draft.DeductiblePaid,
            Before = before,
            After = before + draft.DeductiblePaid,
            To = standard,
        });
    }

    private static void Limit(ref Draft draft, Parameter parameter, CounterId counter, int quarter)
        => PooledFund.Limit(ref draft, parameter, draft.Rules[parameter], counter, draft.Count(counter, quarter), quarter);
}
