namespace Settlement.Policy;

/// <summary>Ratio bands and the yearly cap of the pooled fund (section 3).</summary>
internal static class PooledFund
{
    /// <summary>
    /// The fund's share of what lies above the deductible: bands are measured on the in-scope amount counted from zero (D2), summed exactly
    /// and rounded once.
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

    /// <summary>One ratio on all that is in scope, without a deductible.</summary>
    public static void Flat(ref Draft draft, long rate, Parameter parameter)
        => Round(ref draft, Part(ref draft, draft.Parts.InScope, rate, parameter), draft.Parts.InScope, parameter);

    /// <summary>One ratio on a part of the costs; gives fen x basis points, not yet rounded.</summary>
    public static long Part(ref Draft draft, long part, long rate, Parameter parameter)
    {
        if (part == 0)
            return 0;

        draft.Add(new RuleStep
        {
            Code = StepCode.PooledBand,
            Parameter = parameter,
            RateBp = (int)rate,
            Base = part,
            Amount = part * rate / Limits.WholeBp,
            To = long.MaxValue,
        });
        return part * rate;
    }

    /// <summary>Rounds the sum of a stage, once.</summary>
    public static void Round(ref Draft draft, long sum, long of, Parameter parameter)
    {
        draft.Pooled = Rounding.HalfUp(sum);
        draft.Add(new RuleStep { Code = StepCode.PooledRounded, Parameter = parameter, Base = of, Amount = draft.Pooled });
    }

    /// <summary>A benefit's own limit on what the fund pays.</summary>
    public static void Limit(ref Draft draft, Parameter parameter, long limit, CounterId counter, long paidBefore, int period = 0)
    {
        var remaining = Math.Max(0, limit - paidBefore);
        if (draft.Pooled <= remaining)
            return;

        draft.Add(new RuleStep
        {
            Code = StepCode.BenefitCapped,
            Parameter = parameter,
            Counter = counter,
            Period = (byte)period,
            Base = draft.Pooled,
            Amount = remaining,
            Before = paidBefore,
            After = paidBefore + remaining,
            To = limit,
        });
        draft.Pooled = remaining;
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
