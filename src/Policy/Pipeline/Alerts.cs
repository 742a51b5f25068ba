using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>What an alert warns of.</summary>
public enum AlertKind : byte
{
    None = 0,

    /// <summary>People already helped, or lifted out of poverty, fall back (因病返贫).</summary>
    RelapseIntoPoverty = 1,

    /// <summary>Everyone else (因病致贫).</summary>
    PovertyByIllness = 2,
}

/// <summary>An alert that an entry raised or withdrew. <c>Burden</c> is the year's burden after the entry, in fen.</summary>
public readonly record struct AlertChange(int Year, AlertKind Kind, bool Raised, long Burden);

/// <summary>
/// Alerts on the yearly burden of a person (section 8): raised once per person, year and kind when the burden reaches the threshold of the
/// kind that follows the category on the day of care; a reversal takes back what its entry raised.
/// </summary>
public static class Alerts
{
    /// <summary>Alerts that stand in an account, by year.</summary>
    public static ImmutableArray<AlertChange> Standing(Account account) => Between(Account.Empty, account);

    /// <summary>Alerts that differ between two accounts of one person: what an entry raised, or a reversal withdrew.</summary>
    public static ImmutableArray<AlertChange> Between(Account before, Account after)
    {
        ImmutableArray<AlertChange> changes = []; // as almost always
        Collect(after, before, raised: true);
        Collect(before, after, raised: false);
        return changes;

        void Collect(Account having, Account lacking, bool raised)
        {
            foreach (ref readonly var counter in having.Counters.Yearly)
                if (KindOf(counter.Key.Id) is var kind and not AlertKind.None && lacking.Counters[counter.Key] == 0)
                    changes = changes.Add(
                        new AlertChange(counter.Key.Year, kind, raised, after.Counter(CounterId.PersonBurden, counter.Key.Year)));
        }
    }

    /// <summary>
    /// Counts what the person pays and raises an alert when the threshold is reached for the first time. A negative amount is assistance
    /// claimed later: it lowers the burden and withdraws the alert when that falls below the threshold.
    /// </summary>
    internal static void Count(ref Draft draft, long personPays)
    {
        if (!draft.Rules.Has(Parameter.AlertVisitTypes, draft.Claim.VisitType))
            return;

        var kind = KindFor(draft.Rules, draft.Groups);
        var parameter = kind == AlertKind.RelapseIntoPoverty ? Parameter.AlertRelapseThreshold : Parameter.AlertIllnessThreshold;
        var threshold = draft.Rules[parameter];
        var before = draft.Count(CounterId.PersonBurden);
        var after = before + personPays;
        draft.Move(CounterId.PersonBurden, personPays);
        draft.Add(new RuleStep
        {
            Code = StepCode.BurdenCounted,
            Parameter = parameter,
            Counter = CounterId.PersonBurden,
            Base = personPays,
            Before = before,
            After = after,
            From = Math.Max(0, threshold),
        });
        var raised = draft.Count(CounterOf(kind)) != 0;
        if (raised && personPays < 0 && after < threshold)
            draft.Move(CounterOf(kind), -1);

        if (raised || threshold == RuleSet.Unpublished || after < threshold)
            return;

        draft.Move(CounterOf(kind), 1);
        draft.Add(new RuleStep
        {
            Code = StepCode.AlertRaised,
            Parameter = parameter,
            Counter = CounterOf(kind),
            Base = (long)kind,
            Amount = after,
            After = 1,
            From = threshold,
        });
    }

    /// <summary>What a person of these groups is watched for.</summary>
    internal static AlertKind KindFor(RuleSet rules, GroupSet groups)
        => groups.BestCategory is { } category
            && rules.Has(Parameter.AlertRelapseGroups, category)
            && !groups.Overlaps(rules.Groups(Parameter.AlertRelapseUnless, (int)category))
            ? AlertKind.RelapseIntoPoverty
            : AlertKind.PovertyByIllness;

    private static CounterId CounterOf(AlertKind kind)
        => kind == AlertKind.RelapseIntoPoverty ? CounterId.AlertRelapseIntoPoverty : CounterId.AlertPovertyByIllness;

    private static AlertKind KindOf(CounterId counter) => counter switch
    {
        CounterId.AlertRelapseIntoPoverty => AlertKind.RelapseIntoPoverty,
        CounterId.AlertPovertyByIllness => AlertKind.PovertyByIllness,
        _ => AlertKind.None,
    };
}
