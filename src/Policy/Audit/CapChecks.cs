namespace Settlement.Policy;

/// <summary>
/// Caps, checked apart from the pipeline: a counter may stand above its cap only where it did before (a cap that was lowered).
/// </summary>
internal static class CapChecks
{
    public static void Check(Account before, Adjudication again, Pack pack, Claim claim, List<Violation> found)
    {
        var rules = pack.For(claim.Scheme)!.On(claim.DischargeDate);
        var (after, year) = (again.After, again.BenefitYear);
        Yearly(CounterId.PooledPaid, rules[Parameter.PooledYearlyCap]);
        if (!again.Groups.Overlaps(rules.Groups(Parameter.SeriousIllnessCapExemptGroups)))
            Yearly(CounterId.SeriousIllnessPaid, rules[Parameter.SeriousIllnessYearlyCap]);

        if (again.Groups.BestCategory is { } category)
        {
            Yearly(CounterId.AssistanceBasicPaid, rules[Parameter.AssistanceBasicCap, (int)category]);
            Yearly(CounterId.AssistanceTiltPaid, rules[Parameter.AssistanceTiltCap, (int)category]);
            Yearly(CounterId.AssistanceOutpatientPaid, rules[Parameter.AssistanceOutpatientCap, (int)category]);
        }

        if (claim.VisitType is VisitType.OutpatientPooling or VisitType.TwoDisease && rules.Publishes(Parameter.OutpatientYearlyCap))
            Above(CounterId.OutpatientPaid, YearlyOutpatientCap(rules), OutpatientPaid(before), OutpatientPaid(after));

        switch (claim.VisitType)
        {
            case VisitType.OutpatientPooling:
                var quarter = ((claim.DischargeDate.Month - 1) / 3) + 1;
                Yearly(CounterId.QuarterDeductiblePaid, rules[Parameter.OutpatientDeductible], quarter);
                Yearly(CounterId.QuarterPooledPaid, rules[Parameter.OutpatientCap], quarter);
                Yearly(CounterId.QuarterVillagePaid, rules[Parameter.OutpatientVillageCap], quarter);
                Yearly(CounterId.VillageGeneralFeePaid, rules[Parameter.OutpatientVillageFeeCap]);
                break;
            case VisitType.TwoDisease:
                Yearly(CounterId.TwoDiseasePaid, Math.Max(rules[Parameter.TwoDiseaseCap, 0], rules[Parameter.TwoDiseaseCap, 1]));
                break;
            case VisitType.Prenatal when claim.Pregnancy is { } pregnancy:
                Above(CounterId.PregnancyPaid, rules[Parameter.PrenatalCap], before.Counters[CounterId.PregnancyPaid, pregnancy],
                    after.Counters[CounterId.PregnancyPaid, pregnancy]);
                break;
            case VisitType.AssistedReproduction:
                Above(CounterId.CycleBills, rules[Parameter.ReproductionCycles], CyclesOf(before), CyclesOf(after));
                break;
        }

        long OutpatientPaid(Account account) =>
            account.Counter(CounterId.OutpatientPaid, year) + account.Counter(CounterId.TwoDiseasePaid, year);

        void Yearly(CounterId id, long cap, int period = 0) =>
            Above(id, cap, before.Counter(id, year, period), after.Counter(id, year, period));

        void Above(CounterId id, long cap, long was, long now)
        {
            if (cap != RuleSet.Unpublished && now > Math.Max(cap, was))
                found.Add(new Violation(ViolationCode.CapExceeded, $"{CounterNames.NameOf(id)} {now} above {cap}"));
        }
    }

    /// <summary>Bound of pooling and two-disease drugs together: the joint cap, or both caps where they are separate.</summary>
    private static long YearlyOutpatientCap(RuleSet rules)
    {
        var joint = rules[Parameter.OutpatientYearlyJointCap, (int)FiledDiseases.Diabetes];
        if (joint is not (RuleSet.NoLimit or RuleSet.Unpublished))
            return Math.Max(joint, rules[Parameter.OutpatientYearlyCap]);

        var drugs = rules[Parameter.TwoDiseaseCap, (int)FiledDiseases.Diabetes];
        return drugs is RuleSet.NoLimit or RuleSet.Unpublished ? RuleSet.Unpublished : rules[Parameter.OutpatientYearlyCap] + drugs;
    }

    /// <summary>How many reproduction cycles an account knows.</summary>
    private static long CyclesOf(Account account)
    {
        var cycles = 0;
        foreach (ref readonly var counter in account.Counters.Referenced)
            cycles += counter.Id == CounterId.CycleBills ? 1 : 0;

        return cycles;
    }
}
