namespace Settlement.Policy;

/// <summary>Ratio bands and the yearly cap of the pooled fund (section 3).</summary>
internal static class PooledFund
{
    /// <summary>
    /// The fund's share of what lies above the deductible: bands are measured on the in-scope amount counted from zero (D2), summed exactly and rounded once.
    /// </summary>
    public static void Share(ref Draft draft, scoped ReadOnlySpan<RatioBand> bands, int reductionBp, Parameter parameter)
    {
        var (from, to) = (draft.DeductiblePaid, draft.Parts.InScope);
        var sum = 0L;
        foreach (ref readonly var band in bands)
        {
            var part = Math.Min(to, band.UpTo) - Math.Max(from, band.Above);
            if (part <= 0)
                continue;

            var rate = Math.Max(0, band.RateBp - reductionBp);
            sum += part * rate;
            draft.Add(new RuleStep
            {
                Code = StepCode.PooledBand,
                Parameter = parameter,
                RateBp = rate,
                Base = part,
                Amount = part * rate / Limits.WholeBp,
                From = band.Above,
                To = band.UpTo,
            });
        }

        draft.Pooled = Rounding.HalfUp(sum);
        draft.Add(new RuleStep { Code = StepCode.PooledRounded, Parameter = parameter, Base = to - from, Amount = draft.Pooled });
    }

    /// <summary>The year's cap; everything the fund pays counts towards it, whatever the visit type.</summary>
    public static Refusal? Cap(ref Draft draft)
    {
        var cap = draft.Rules[Parameter.PooledYearlyCap];
        if (cap == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.PooledYearlyCap);

        var before = draft.Count(CounterId.PooledPaid);
        var remaining = Math.Max(0, cap - before);
        if (draft.Pooled > remaining)
        {
            if (!draft.Rules.Publishes(Parameter.PooledAboveCap))
                return draft.Unpublished(Parameter.PooledAboveCap);

            draft.Add(new RuleStep
            {
                Code = StepCode.PooledCapped,
                Parameter = Parameter.PooledYearlyCap,
                Counter = CounterId.PooledPaid,
                Base = draft.Pooled,
                Amount = remaining,
                Before = before,
                After = before + remaining,
                To = cap,
            });
            draft.Pooled = remaining;
        }

        draft.Move(CounterId.PooledPaid, draft.Pooled);
        draft.Add(new RuleStep
        {
            Code = StepCode.Pooled,
            Parameter = Parameter.PooledYearlyCap,
            Counter = CounterId.PooledPaid,
            Amount = draft.Pooled,
            Before = before,
            After = before + draft.Pooled,
            To = cap,
        });
        return null;
    }
}
