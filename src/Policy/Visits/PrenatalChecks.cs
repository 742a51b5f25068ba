namespace Settlement.Policy;

/// <summary>Prenatal checks (4.7): one ratio without a deductible, within a cap for each pregnancy, which may span years.</summary>
internal static class PrenatalChecks
{
    public static Refusal? Refuse(in Draft draft)
        => string.IsNullOrEmpty(draft.Claim.Pregnancy)
            ? draft.Refuse(RefusalCode.ConditionNotMet, "pregnancy", null, "the reference of the pregnancy", Parameter.PrenatalCap)
            : null;

    public static Refusal? Share(ref Draft draft)
    {
        var ratio = draft.Rules[Parameter.PrenatalRatio];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.PrenatalRatio);

        var cap = draft.Rules[Parameter.PrenatalCap];
        if (cap == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.PrenatalCap);

        PooledFund.Flat(ref draft, ratio, Parameter.PrenatalRatio);
        var paid = draft.Account.Counters[CounterId.PregnancyPaid, draft.Claim.Pregnancy!];
        PooledFund.Limit(ref draft, Parameter.PrenatalCap, cap, CounterId.PregnancyPaid, paid);
        return null;
    }

    public static void Count(ref Draft draft)
    {
        if (draft.Pooled != 0)
            draft.Reference = new ReferenceCounter(CounterId.PregnancyPaid, draft.Claim.Pregnancy!, draft.Pooled);
    }
}
