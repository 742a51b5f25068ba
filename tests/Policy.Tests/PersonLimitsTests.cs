using System.Collections.Immutable;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>What is used and left of every limit of a person: the same limits that the pipeline pays by.</summary>
public class PersonLimitsTests
{
    private const int Benxi = 210500;

    [Fact]
    public void What_is_left_of_the_pooled_funds_cap_is_what_a_large_bill_still_gets()
    {
        var person = Person().After(Stay(FacilityLevel.Level3, 120_000));

        var cap = Limit(person, Parameter.PooledYearlyCap);

        Assert.Equal((LimitKind.Cap, Yuan(150_000), person.Counter(CounterId.PooledPaid, 2025)), (cap.Kind, cap.Most, cap.Used));
        Assert.Equal(cap.Left, person.Settle(Stay(FacilityLevel.Level3, 5_000_000, "2025-06-01")).Amounts.Pooled);
    }

    [Fact]
    public void A_cap_that_is_used_up_has_nothing_left_and_pays_nothing()
    {
        var person = Person().After(Stay(FacilityLevel.Level3, 5_000_000));

        Assert.Equal(0, Limit(person, Parameter.PooledYearlyCap).Left);
        Assert.Equal(0, person.Settle(Stay(FacilityLevel.Level3, 50_000, "2025-06-01")).Amounts.Pooled);
    }

    [Fact]
    public void Serious_illness_pays_from_its_deductible_on_and_to_no_cap_for_the_exempt()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.MinimumLivingAllowance);
        var deductible = Limit(person, Parameter.SeriousIllnessBands);

        Assert.Equal(LimitKind.Deductible, deductible.Kind);
        Assert.Equal(0, deductible.Used);
        var settled = person.Settle(Stay(FacilityLevel.Level3, 100_000));
        var after = Limit(settled.After, Parameter.SeriousIllnessBands);
        Assert.True(settled.Amounts.SeriousIllness > 0);
        Assert.Equal(0, after.Left);
        Assert.Null(Limit(person, Parameter.SeriousIllnessYearlyCap).Most);
        Assert.True(Limit(Person(), Parameter.SeriousIllnessBands).Most > deductible.Most, "hardship has the lower deductible");
    }

    [Fact]
    public void Assistance_has_limits_for_who_is_in_a_category_and_for_nobody_else()
    {
        var assisted = Person(InsuredCategory.Adult, SocialGroup.MinimumLivingAllowance).After(Stay(FacilityLevel.Level3, 60_000));

        var cap = Limit(assisted, Parameter.AssistanceBasicCap);

        Assert.Equal(assisted.Counter(CounterId.AssistanceBasicPaid, 2025), cap.Used);
        Assert.True(cap.Used > 0);
        Assert.DoesNotContain(Limits(Person()), limit => limit.Parameter == Parameter.AssistanceBasicCap);
    }

    [Theory]
    [InlineData("2025-03-10", 1)]
    [InlineData("2025-04-01", 2)]
    [InlineData("2025-12-31", 4)]
    public void Outpatient_pooling_stands_by_the_quarter_of_the_day(string day, int quarter)
    {
        var limit = Limit(Person(), Parameter.OutpatientDeductible, day);

        Assert.Equal((CounterId.QuarterDeductiblePaid, quarter, Yuan(40)), (limit.Counter.Id, limit.Counter.Period, limit.Left));
    }

    [Theory]
    [InlineData(200, Disease.Hypertension)]
    [InlineData(400, Disease.Hypertension, Disease.Diabetes)]
    public void The_two_disease_cap_goes_by_what_is_filed(long yuan, params Disease[] filed)
    {
        var person = Person().With([.. filed.Select(disease => new TwoDiseaseFact(disease, Day("2025-01-05")))]);

        Assert.Equal(Yuan(yuan), Limit(person, Parameter.TwoDiseaseCap).Left);
        Assert.DoesNotContain(Limits(Person()), limit => limit.Parameter == Parameter.TwoDiseaseCap);
    }

    [Fact]
    public void Where_outpatient_benefits_are_counted_by_the_year_so_are_their_limits()
    {
        var found = PersonLimits.Of(Repository.Catalogue, Person(), Benxi, Scheme.Resident, Day("2025-03-10"));

        Assert.Null(found.Refusal);
        Assert.Contains(found.Limits, limit => limit.Parameter == Parameter.OutpatientYearlyDeductible);
        Assert.DoesNotContain(found.Limits, limit => limit.Parameter == Parameter.OutpatientDeductible);
    }

    [Fact]
    public void Another_year_begins_with_everything_left()
    {
        var person = Person().After(Stay(FacilityLevel.Level3, 120_000));

        Assert.All(Limits(person, "2026-02-01"), limit => Assert.Equal(0, limit.Used));
    }

    [Fact]
    public void Without_a_pack_or_before_it_begins_the_question_is_refused()
    {
        Assert.Equal(
            RefusalCode.NoPolicyInForce, PersonLimits.Of(Repository.Catalogue, Person(), 990100, Scheme.Resident, Day("2025-03-10"))
            .Refusal?.Code);
        Assert.Equal(
            RefusalCode.NoPolicyInForce, PersonLimits.Of(Repository.Catalogue, Person(), Shenyang, Scheme.Resident, Day("2001-01-01"))
            .Refusal?.Code);
    }

    private static ImmutableArray<PersonLimit> Limits(Account person, string day = "2025-06-01")
    {
        var outcome = PersonLimits.Of(Repository.Catalogue, person, Shenyang, Scheme.Resident, Day(day));
        Assert.Null(outcome.Refusal);
        return outcome.Limits;
    }

    private static PersonLimit Limit(Account person, Parameter parameter, string day = "2025-06-01")
        => Assert.Single(Limits(person, day), limit => limit.Parameter == parameter);
}
