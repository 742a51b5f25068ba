namespace Settlement.Policy;

/// <summary>
/// Assisted reproduction (4.7): one ratio without a deductible, for a number of cycles in a person's life; the bills of a cycle count once.
/// </summary>
internal static class AssistedReproduction
{
    public static Refusal? Refuse(ref Draft draft)
    {
        if (string.IsNullOrEmpty(draft.Claim.Cycle))
            return draft.Refuse(RefusalCode.ConditionNotMet, "cycle", null, "the reference of the cycle", Parameter.ReproductionCycles);

        var most = draft.Rules[Parameter.ReproductionCycles];
        if (most == RuleSet.Unpublished)
            return null;

        var others = OtherCycles(draft);
        if (others >= most)
            return draft.Refuse(RefusalCode.LimitReached, "cycle", draft.Claim.Cycle, $"{most}", Parameter.ReproductionCycles);

        draft.Add(new RuleStep
        {
            Code = StepCode.CycleCounted,
            Parameter = Parameter.ReproductionCycles,
            Counter = CounterId.CycleBills,
            Before = others,
            After = others + 1,
            To = most,
        });
        return null;
    }

    public static Refusal? Share(ref Draft draft)
    {
        foreach (var needed in Needed)
            if (!draft.Rules.Publishes(needed))
                return draft.Unpublished(needed);

        PooledFund.Flat(ref draft, draft.Rules[Parameter.ReproductionRatio], Parameter.ReproductionRatio);
        return null;
    }

    public static void Count(ref Draft draft) => draft.Reference = new ReferenceCounter(CounterId.CycleBills, draft.Claim.Cycle!, 1);

    private static ReadOnlySpan<Parameter> Needed => [Parameter.ReproductionRatio, Parameter.ReproductionCycles];

    private static int OtherCycles(in Draft draft)
    {
        var others = 0;
        foreach (ref readonly var counter in draft.Account.Counters.Referenced)
            if (counter.Id == CounterId.CycleBills && counter.Reference != draft.Claim.Cycle)
                others++;

        return others;
    }
}
