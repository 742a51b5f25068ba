using Settlement.Tests.Histories;
using Xunit.Abstractions;

namespace Settlement.Policy.Tests.Properties;

/// <summary>
/// That the random histories reach what they are for: a property over histories that never meet a rule would hold without it. Always the
/// same histories, so that a generator which lost something is found at once.
/// </summary>
public class BreadthTests(ITestOutputHelper output)
{
    private const int Histories = 500;

    private static readonly VisitType[] OfShenyang = [.. Enum.GetValues<VisitType>().Where(v => v != VisitType.HighValueDrug)];

    private sealed class Reached
    {
        public HashSet<VisitType> Visits { get; } = [];

        public HashSet<OutOfAreaKind> Kinds { get; } = [];

        public HashSet<AssistanceReason> Reasons { get; } = [];

        public HashSet<RefusalCode> Refusals { get; } = [];

        public HashSet<StepCode> Steps { get; } = [];

        public HashSet<Parameter> Limits { get; } = [];

        public HashSet<SocialGroup> Categories { get; } = [];

        public HashSet<InsuredCategory> Insured { get; } = [];

        public HashSet<Type> Accepted { get; } = [];

        public HashSet<(int, int)> Versions { get; } = [];
    }

    [Fact]
    public void Shenyang()
    {
        var reached = In("shenyang");

        AssertAll(OfShenyang, reached.Visits);
        AssertAll([OutOfAreaKind.Local, OutOfAreaKind.LongTerm, OutOfAreaKind.CriticalEmergency, OutOfAreaKind.Temporary], reached.Kinds);
        AssertAll([AssistanceReason.NotOneStop], reached.Reasons);
        AssertAll(Enum.GetValues<InsuredCategory>(), reached.Insured);
        AssertAll(Enum.GetValues<SocialGroup>().Where(g => g <= SocialGroup.ImpoverishedByIllness), reached.Categories);
        AssertAll(
            [
                RefusalCode.UnpublishedParameter, RefusalCode.NotCovered, RefusalCode.NotPayableRegion, RefusalCode.FacilityNotDesignated,
                    RefusalCode.NotChosenFacility,
                RefusalCode.NoCertification, RefusalCode.NoFiling, RefusalCode.ConditionNotMet, RefusalCode.LimitReached,
                    RefusalCode.NotFound, RefusalCode.AlreadyReversed,
                RefusalCode.NotAllowed, RefusalCode.NotLatest, RefusalCode.ChoiceFixed, RefusalCode.TooEarly, RefusalCode.InvalidFact,
            ],
            reached.Refusals);
        AssertAll(
            [
                Parameter.PooledYearlyCap, Parameter.OutpatientCap, Parameter.OutpatientVillageCap, Parameter.TwoDiseaseCap,
                    Parameter.PrenatalCap,
                Parameter.SeriousIllnessYearlyCap, Parameter.AssistanceBasicCap, Parameter.AssistanceOutpatientCap,
            ],
            reached.Limits);
        AssertAll([typeof(ClaimSettled), typeof(FactsRecorded), typeof(SettlementReversed), typeof(AssistanceLater), typeof(GrantPaid)],
            reached.Accepted);
    }

    [Fact]
    public void Benxi()
    {
        var reached = In("benxi");

        AssertAll([VisitType.Inpatient, VisitType.OutpatientPooling, VisitType.TwoDisease], reached.Visits);
        AssertAll([OutOfAreaKind.Local, OutOfAreaKind.Referral, OutOfAreaKind.CriticalEmergency, OutOfAreaKind.Temporary], reached.Kinds);
        AssertAll([AssistanceReason.UnpublishedParameter], reached.Reasons);
        AssertAll([(2021, 6), (2022, 1), (2022, 11), (2023, 1)], reached.Versions);
        AssertAll([Parameter.PooledYearlyCap, Parameter.OutpatientYearlyCap, Parameter.OutpatientYearlyJointCap, Parameter.TwoDiseaseCap],
            reached.Limits);
        AssertAll([StepCode.DeductibleReduced, StepCode.DeductibleWaivedForDisease], reached.Steps);
        AssertAll([RefusalCode.UnpublishedParameter, RefusalCode.NotCovered, RefusalCode.NoFiling, RefusalCode.NotChosenFacility,
            RefusalCode.NotLatest], reached.Refusals);
        AssertAll([typeof(ClaimSettled), typeof(FactsRecorded), typeof(SettlementReversed)], reached.Accepted);
    }

    [Fact]
    public void Panjin()
    {
        var reached = In("panjin");

        AssertAll([VisitType.Inpatient, VisitType.Chronic, VisitType.HighValueDrug], reached.Visits);
        AssertAll([OutOfAreaKind.Local, OutOfAreaKind.LongTerm, OutOfAreaKind.Referral, OutOfAreaKind.Temporary], reached.Kinds);
        AssertAll([AssistanceReason.NotAssisted, AssistanceReason.OnApplication, AssistanceReason.OutOfScope, AssistanceReason.NotReferred],
            reached.Reasons);
        AssertAll([Parameter.AssistanceBasicCap, Parameter.AssistanceTiltCap], reached.Limits);
        AssertAll([StepCode.AlertRaised, StepCode.GrantBasic, StepCode.GrantTilt], reached.Steps);
        AssertAll([RefusalCode.UnpublishedParameter, RefusalCode.ConditionNotMet, RefusalCode.LimitReached, RefusalCode.TooEarly],
            reached.Refusals);
        AssertAll([typeof(ClaimSettled), typeof(FactsRecorded), typeof(SettlementReversed), typeof(GrantPaid)], reached.Accepted);
    }

    private Reached In(string city)
    {
        var reached = new Reached();
        HistoryProperty.ForEvery(
            City.Named(city),
            output.WriteLine,
            history =>
            {
                var (run, taken) = PersonRun.Play(Repository.Adjudicator, history);
                reached.Refusals.UnionWith(taken.Where(t => t.Refusal is not null).Select(t => t.Refusal!.Code));
                reached.Accepted.UnionWith(run.Entries.Skip(1).Select(e => e.Happened.GetType()));
                foreach (var entry in run.Payments)
                    Add(reached, entry);

                foreach (var grant in run.Entries.Where(e => e.Grant is not null))
                    reached.Steps.UnionWith(grant.Grant!.Steps.Select(s => s.Code));
            },
            Histories,
            always: 1);
        return reached;
    }

    private static void Add(Reached reached, Entry entry)
    {
        var (decided, day) = (entry.Decided!, entry.Claim!.DischargeDate);
        reached.Visits.Add(entry.Claim.VisitType);
        reached.Kinds.Add(decided.OutOfAreaKind);
        reached.Reasons.Add(decided.AssistanceReason);
        reached.Insured.Add(decided.InsuredCategory);
        if (decided.Groups.BestCategory is { } category)
            reached.Categories.Add(category);

        reached.Steps.UnionWith(decided.Steps.Select(s => s.Code));
        reached.Limits.UnionWith(decided.Steps.Where(s => s.Code.Text().EndsWith("CAPPED", StringComparison.Ordinal))
            .Select(s => s.Parameter));
        reached.Versions.Add(day.Year switch
        {
            2021 => (2021, 6),
            2022 => day.Month < 11 ? (2022, 1) : (2022, 11),
            _ => (2023, 1),
        });
    }

    private static void AssertAll<T>(IEnumerable<T> wanted, HashSet<T> found) => Assert.Empty(wanted.Except(found));
}
