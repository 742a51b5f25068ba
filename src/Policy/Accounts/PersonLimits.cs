using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>What reaching a limit means.</summary>
public enum LimitKind : byte
{
    /// <summary>A fund pays up to it.</summary>
    Cap = 1,

    /// <summary>The person bears up to it before a fund pays.</summary>
    Deductible = 2,

    /// <summary>An alert is raised at it.</summary>
    Threshold = 3,

    /// <summary>A number of times, not an amount.</summary>
    Count = 4,
}

/// <summary>A limit of the pack as it stands for one person on a day.</summary>
/// <param name="Kind">What reaching it means.</param>
/// <param name="Parameter">The parameter that gives it.</param>
/// <param name="Counter">The counter held against it.</param>
/// <param name="Reference">Pregnancy or disease where it is kept for each, else empty.</param>
/// <param name="Most">Fen, or a number; null where the documents say that no such limit holds for the person.</param>
/// <param name="Used">Fen, or a number, used of it so far.</param>
public sealed record PersonLimit(LimitKind Kind, Parameter Parameter, CounterKey Counter, string Reference, long? Most, long Used)
{
    /// <summary>What is left of it, 0 when it is used up; null where there is no limit.</summary>
    public long? Left => Most is { } most ? Math.Max(0, most - Used) : null;
}

/// <summary>The limits that hold for a person on a day: every cap, deductible and threshold the pack keeps a counter for.</summary>
/// <remarks>
/// What depends on the single claim (the deductible of an admission, the bands of a listed child) is a quote's business and not here.
/// </remarks>
public sealed class PersonLimits
{
    private const int QuarterMonths = 3;
    private const int BeforeJanuary = 10;
    private readonly Account account;
    private readonly RuleSet rules;
    private readonly DateOnly day;
    private readonly int year;
    private readonly GroupSet groups;
    private readonly ImmutableArray<PersonLimit>.Builder found = ImmutableArray.CreateBuilder<PersonLimit>();

    private PersonLimits(Account account, RuleSet rules, DateOnly day)
    {
        this.account = account;
        this.rules = rules;
        this.day = day;
        year = BenefitYear.Of(rules, day);
        groups = account.Facts.GroupsOn(day);
    }

    /// <summary>The limits of a person under a region's pack; refused when there is none on the day.</summary>
    public static PersonLimitsOutcome Of(PolicyCatalogue catalogue, Account account, int region, Scheme scheme, DateOnly day)
    {
        if (catalogue.Find(region) is not { } pack)
            return new(null, 0, [], Refusals.NoPack(region));

        if (day < pack.InForceFrom)
            return new(pack, 0, [], Refusals.BeforePack("on", day, pack));

        if (pack.For(scheme) is not { } values)
            return new(pack, 0, [], new Refusal(RefusalCode.UnpublishedParameter) { Parameter = Parameter.BenefitVisitTypes });

        var limits = new PersonLimits(account, values.On(day), day);
        return new(pack, limits.year, limits.Collect(), null);
    }

    private ImmutableArray<PersonLimit> Collect()
    {
        Add(LimitKind.Cap, Parameter.PooledYearlyCap, CounterId.PooledPaid);
        SeriousIllness();
        Assistance();
        Outpatient();
        Diseases();
        Maternity();
        Alert();
        return found.DrainToImmutable();
    }

    private void SeriousIllness()
    {
        var standing = groups.Overlaps(rules.Groups(Parameter.SeriousIllnessHardshipGroups)) ? Standing.Hardship : Standing.General;
        if (rules.Bands(Parameter.SeriousIllnessBands, (int)standing) is not { } bands)
            return;

        Put(LimitKind.Deductible, Parameter.SeriousIllnessBands, Key(CounterId.SeriousIllnessBase), bands[0].Above);
        var exempt = groups.Overlaps(rules.Groups(Parameter.SeriousIllnessCapExemptGroups));
        if (exempt)
            Put(LimitKind.Cap, Parameter.SeriousIllnessYearlyCap, Key(CounterId.SeriousIllnessPaid), RuleSet.NoLimit);
        else
            Add(LimitKind.Cap, Parameter.SeriousIllnessYearlyCap, CounterId.SeriousIllnessPaid);
    }

    private void Assistance()
    {
        if (groups.BestCategory is not { } category || !rules.Has(Parameter.AssistanceGroups, category))
            return;

        var cell = (int)category;
        Add(LimitKind.Deductible, Parameter.AssistanceBasicDeductible, CounterId.AssistanceBasicBase, cell: cell);
        Add(LimitKind.Cap, Parameter.AssistanceBasicCap, CounterId.AssistanceBasicPaid, cell: cell);
        Add(LimitKind.Deductible, Parameter.AssistanceTiltDeductible, CounterId.AssistanceTiltBase, cell: cell);
        Add(LimitKind.Cap, Parameter.AssistanceTiltCap, CounterId.AssistanceTiltPaid, cell: cell);
        Add(LimitKind.Cap, Parameter.AssistanceOutpatientCap, CounterId.AssistanceOutpatientPaid, cell: cell);
    }

    /// <summary>
    /// Outpatient pooling and two-disease drugs: by the quarter, or by the year with one cap for both while the pack gives a joint one.
    /// </summary>
    private void Outpatient()
    {
        if (!rules.Publishes(Parameter.OutpatientYearlyCap))
        {
            var quarter = ((day.Month - 1) / QuarterMonths) + 1;
            Add(LimitKind.Deductible, Parameter.OutpatientDeductible, CounterId.QuarterDeductiblePaid, quarter);
            Add(LimitKind.Cap, Parameter.OutpatientCap, CounterId.QuarterPooledPaid, quarter);
            Add(LimitKind.Cap, Parameter.OutpatientVillageCap, CounterId.QuarterVillagePaid, quarter);
            Add(LimitKind.Cap, Parameter.OutpatientVillageFeeCap, CounterId.VillageGeneralFeePaid);
            TwoDiseases();
            return;
        }

        Add(LimitKind.Deductible, Parameter.OutpatientYearlyDeductible, CounterId.OutpatientDeductiblePaid);
        var joint = Filed() is { } filed ? rules[Parameter.OutpatientYearlyJointCap, (int)filed] : RuleSet.NoLimit;
        if (joint is RuleSet.Unpublished or RuleSet.NoLimit)
        {
            Add(LimitKind.Cap, Parameter.OutpatientYearlyCap, CounterId.OutpatientPaid);
            TwoDiseases();
            return;
        }

        var used = account.Counters[Key(CounterId.OutpatientPaid)] + account.Counters[Key(CounterId.TwoDiseasePaid)];
        found.Add(new PersonLimit(LimitKind.Cap, Parameter.OutpatientYearlyJointCap, Key(CounterId.OutpatientPaid), "", joint, used));
    }

    private void TwoDiseases()
    {
        if (Filed() is { } filed)
            Add(LimitKind.Cap, Parameter.TwoDiseaseCap, CounterId.TwoDiseasePaid, cell: (int)filed);
    }

    /// <summary>What the person has filed by the day: diabetes decides for both.</summary>
    private FiledDiseases? Filed()
    {
        var filed = account.Facts.TwoDiseaseFilings.Where(filing => filing.FiledOn <= day).Select(filing => filing.Disease).ToArray();
        return filed.Contains(Disease.Diabetes) ? FiledDiseases.Diabetes : filed.Length > 0 ? FiledDiseases.HypertensionOnly : null;
    }

    private void Diseases()
    {
        foreach (var disease in account.Facts.Certifications.Where(c => c.FiledOn <= day).Select(c => c.Disease).Distinct().Order())
        {
            var month = new CounterKey(CounterId.DiseaseMonthPaid, day.Year, BeforeJanuary + day.Month, (byte)disease);
            Put(LimitKind.Cap, Parameter.ChronicMonthlyLimit, month, rules[Parameter.ChronicMonthlyLimit, (int)disease], disease.Text());
            var inYear = new CounterKey(CounterId.DiseaseYearPaid, day.Year, 0, (byte)disease);
            Put(LimitKind.Cap, Parameter.ChronicYearlyLimit, inYear, rules[Parameter.ChronicYearlyLimit, (int)disease], disease.Text());
        }
    }

    private void Maternity()
    {
        var cycles = 0;
        foreach (ref readonly var counter in account.Counters.Referenced)
        {
            if (counter.Id == CounterId.CycleBills)
                cycles++;
            else if (counter.Id == CounterId.PregnancyPaid && rules.Publishes(Parameter.PrenatalCap))
                found.Add(new PersonLimit(
                    LimitKind.Cap, Parameter.PrenatalCap, Key(CounterId.PregnancyPaid), counter.Reference,
                    Most(rules[Parameter.PrenatalCap]), counter.Value));
        }

        if (rules.Publishes(Parameter.ReproductionCycles) && cycles > 0)
            found.Add(new PersonLimit(
                LimitKind.Count, Parameter.ReproductionCycles, Key(CounterId.CycleBills), "", Most(rules[Parameter.ReproductionCycles]),
                cycles));
    }

    private void Alert()
    {
        if (Alerts.KindFor(rules, groups) == AlertKind.RelapseIntoPoverty)
            Add(LimitKind.Threshold, Parameter.AlertRelapseThreshold, CounterId.PersonBurden);
        else
            Add(LimitKind.Threshold, Parameter.AlertIllnessThreshold, CounterId.PersonBurden);
    }

    private void Add(LimitKind kind, Parameter parameter, CounterId counter, int period = 0, int cell = 0)
        => Put(kind, parameter, new CounterKey(counter, year, period), rules[parameter, cell]);

    private void Put(LimitKind kind, Parameter parameter, CounterKey counter, long value, string reference = "")
    {
        if (value != RuleSet.Unpublished)
            found.Add(new PersonLimit(kind, parameter, counter, reference, Most(value), account.Counters[counter]));
    }

    private CounterKey Key(CounterId id) => new(id, year);

    private static long? Most(long value) => value == RuleSet.NoLimit ? null : value;
}

/// <summary>The limits of a person with the pack and benefit year they stand in, or the refusal.</summary>
public readonly record struct PersonLimitsOutcome(Pack? Pack, int Year, ImmutableArray<PersonLimit> Limits, Refusal? Refusal);
