namespace Settlement.Policy;

/// <summary>
/// Serious-illness insurance (4.8): pays the slice of the year's accumulated burden that this settlement adds, cut by the bands.
/// </summary>
internal static class SeriousIllnessStage
{
    public static Refusal? Apply(ref Draft draft)
    {
        if (!draft.Rules.Has(Parameter.SeriousIllnessVisitTypes, draft.Claim.VisitType))
            return null;

        var standing = StandingOf(draft);
        if (draft.Rules.Bands(Parameter.SeriousIllnessBands, (int)standing) is not { } bands)
            return draft.Unpublished(Parameter.SeriousIllnessBands, (int)standing);

        var burden = draft.Parts.InScope - draft.Pooled + draft.Parts.PreSelfPay - draft.Parts.PreSelfPayNotCounted;
        var before = draft.Count(CounterId.SeriousIllnessBase);
        draft.Move(CounterId.SeriousIllnessBase, burden);
        draft.Add(new RuleStep
        {
            Code = StepCode.SeriousIllnessBase,
            Parameter = Parameter.SeriousIllnessBands,
            Counter = CounterId.SeriousIllnessBase,
            Base = burden,
            Before = before,
            After = before + burden,
            From = bands[0].Above,
        });
        return Pay(ref draft, Slice(ref draft, bands, before, before + burden));
    }

    private static long Slice(ref Draft draft, RatioBand[] bands, long before, long after)
    {
        var sum = 0L;
        foreach (ref readonly var band in bands.AsSpan())
        {
            var part = Math.Min(after, band.UpTo) - Math.Max(before, band.Above);
            if (part <= 0)
                continue;

            var rate = Math.Max(0, band.RateBp - draft.SeriousIllnessReduction);
            sum += part * rate;
            draft.Add(new RuleStep
            {
                Code = StepCode.SeriousIllnessBand,
                Parameter = Parameter.SeriousIllnessBands,
                RateBp = rate,
                Base = part,
                Amount = part * rate / Limits.WholeBp,
                From = band.Above,
                To = band.UpTo,
            });
        }

        return Rounding.HalfUp(sum);
    }

    private static Refusal? Pay(ref Draft draft, long amount)
    {
        var paidBefore = draft.Count(CounterId.SeriousIllnessPaid);
        if (!draft.Groups.Overlaps(draft.Rules.Groups(Parameter.SeriousIllnessCapExemptGroups)))
        {
            var cap = draft.Rules[Parameter.SeriousIllnessYearlyCap];
            if (cap == RuleSet.Unpublished)
                return draft.Unpublished(Parameter.SeriousIllnessYearlyCap);

            var remaining = Math.Max(0, cap - paidBefore);
            if (amount > remaining)
            {
                draft.Add(new RuleStep
                {
                    Code = StepCode.SeriousIllnessCapped,
                    Parameter = Parameter.SeriousIllnessYearlyCap,
                    Counter = CounterId.SeriousIllnessPaid,
                    Base = amount,
                    Amount = remaining,
                    Before = paidBefore,
                    After = paidBefore + remaining,
                    To = cap,
                });
                amount = remaining;
            }
        }

        draft.SeriousIllness = amount;
        draft.Move(CounterId.SeriousIllnessPaid, amount);
        draft.Add(new RuleStep
        {
            Code = StepCode.SeriousIllness,
            Parameter = Parameter.SeriousIllnessBands,
            Counter = CounterId.SeriousIllnessPaid,
            Amount = amount,
            Before = paidBefore,
            After = paidBefore + amount,
        });
        return null;
    }

    /// <summary>Hardship first: its bands are never worse than those of a listed child.</summary>
    private static Standing StandingOf(in Draft draft)
    {
        if (draft.Groups.Overlaps(draft.Rules.Groups(Parameter.SeriousIllnessHardshipGroups)))
            return Standing.Hardship;

        var listed = (draft.Claim.Diagnoses & draft.Rules.DiagnosesIn(Parameter.SeriousIllnessChildDiagnoses)) != 0;
        return listed && draft.Account.Facts.BirthDate is { } birth
            && AgeOn(birth, draft.Claim.CareDate) <= draft.Rules[Parameter.SeriousIllnessChildMaxAge]
            ? Standing.ListedChild
            : Standing.General;
    }

    private static int AgeOn(DateOnly birth, DateOnly day)
    {
        var years = day.Year - birth.Year;
        return birth.AddYears(years) > day ? years - 1 : years;
    }
}
