using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Sections 4.1 and 4.2: the table of the guide (沈阳市城乡居民基本医疗保险住院医疗费用报销比例一览表) and what it says around it.</summary>
public class AdmissionRuleTests
{
    private const InsuredCategory Adult = InsuredCategory.Adult;
    private const InsuredCategory Student = InsuredCategory.Student;
    private const InsuredCategory University = InsuredCategory.UniversityStudent;
    private const InsuredCategory Minor = InsuredCategory.Minor;

    //            facility                     category    deductible ratio
    [Theory]
    [InlineData(FacilityLevel.Primary, Adult, 100, 90)]
    [InlineData(FacilityLevel.Primary, Student, 50, 90)]
    [InlineData(FacilityLevel.Primary, University, 50, 90)]
    [InlineData(FacilityLevel.Primary, Minor, 50, 90)]
    [InlineData(FacilityLevel.Level1, Adult, 200, 85)]
    [InlineData(FacilityLevel.Level1, Student, 100, 85)]
    [InlineData(FacilityLevel.Level1, University, 100, 85)]
    [InlineData(FacilityLevel.Level1, Minor, 100, 85)]
    [InlineData(FacilityLevel.Level2, Adult, 300, 80)]
    [InlineData(FacilityLevel.Level2, Student, 150, 80)]
    [InlineData(FacilityLevel.Level2, University, 150, 80)]
    [InlineData(FacilityLevel.Level2, Minor, 150, 80)]
    [InlineData(FacilityLevel.Level3, Adult, 600, 75)]
    [InlineData(FacilityLevel.Level3, Student, 300, 75)]
    [InlineData(FacilityLevel.Level3, University, 300, 75)]
    [InlineData(FacilityLevel.Level3, Minor, 300, 75)]
    [InlineData(FacilityLevel.SpecialLevel3, Adult, 1200, 65)]
    [InlineData(FacilityLevel.SpecialLevel3, Student, 600, 70)]
    [InlineData(FacilityLevel.SpecialLevel3, University, 600, 70)]
    [InlineData(FacilityLevel.SpecialLevel3, Minor, 600, 70)]
    public void The_table(FacilityLevel level, InsuredCategory category, long deductible, long percent)
    {
        var amounts = Person(category).Settle(Stay(level, 11_200)).Amounts;

        Assert.Equal(Yuan(deductible), amounts.DeductibleStandard);
        Assert.Equal(Yuan(deductible), amounts.DeductiblePaid);
        Assert.Equal((11_200 - deductible) * percent, amounts.Pooled);
    }

    [Theory]
    [InlineData(FacilityGrade.Grade3A)]
    [InlineData(FacilityGrade.Grade3B)]
    public void Level_3_is_one_row_whatever_the_grade(FacilityGrade grade)
    {
        var stay = Stay(FacilityLevel.Level3, 10_600);

        Assert.Equal(Yuan(7500), Person().Settle(stay with { Facility = stay.Facility with { Grade = grade } }).Amounts.Pooled);
    }

    //          bill      65 % up to 15,000, deductible first   70 % above
    [Theory]
    [InlineData(15_000, (15_000 - 1200) * 65)]
    [InlineData(15_001, ((15_000 - 1200) * 65) + 70)]
    [InlineData(40_000, ((15_000 - 1200) * 65) + (25_000 * 70))]
    public void Special_level_3_for_adults_has_two_bands_counted_from_zero(long bill, long pooledFen)
        => Assert.Equal(pooledFen, Person().Settle(Stay(FacilityLevel.SpecialLevel3, bill)).Amounts.Pooled);

    [Fact]
    public void A_bill_below_the_deductible_takes_only_what_it_has()
    {
        var amounts = Person().Settle(Stay(FacilityLevel.Level3, 450)).Amounts;

        Assert.Equal(
            (Yuan(600), Yuan(450), 0, Yuan(450)), (amounts.DeductibleStandard, amounts.DeductiblePaid, amounts.Pooled, amounts.PersonPays));
    }

    [Theory]
    [InlineData(Diagnoses.MentalIllness)]
    [InlineData(Diagnoses.InfectiousHepatitis)]
    [InlineData(Diagnoses.InfiltrativeTuberculosis)]
    [InlineData(Diagnoses.ChronicFibroCavitaryTuberculosis)]
    [InlineData(Diagnoses.Aids)]
    public void Diseases_without_a_deductible_in_the_city_only(Diagnoses diagnosis)
    {
        foreach (var category in Enum.GetValues<InsuredCategory>())
            Assert.Equal(0, Person(category).Settle(Stay(FacilityLevel.Level3, 1000) with { Diagnoses = diagnosis })
                .Amounts.DeductibleStandard);

        Assert.Equal(Yuan(1500), Person().Settle(Stay(FacilityLevel.Level3, 5000, division: Beijing) with { Diagnoses = diagnosis })
            .Amounts.DeductibleStandard);
    }

    [Fact]
    public void A_disease_not_on_the_list_pays_the_deductible()
        => Assert.Equal(Yuan(600), Person()
            .Settle(Stay(FacilityLevel.Level3, 1000) with { Diagnoses = Diagnoses.SevereMentalDisorder | Diagnoses.Tuberculosis })
            .Amounts.DeductibleStandard);

    [Fact]
    public void Tumour_treatment_pays_the_deductible_of_the_years_first_admission_only()
    {
        var first = Stay(FacilityLevel.Level2, 5000) with { Diagnoses = Diagnoses.OncologyTreatment };
        var second = Stay(FacilityLevel.SpecialLevel3, 5000, "2025-06-10") with { Diagnoses = Diagnoses.OncologyTreatment };
        var other = Stay(FacilityLevel.Level3, 5000, "2025-07-10");
        var person = Person().After(first);

        Assert.Equal(0, person.Settle(second).Amounts.DeductibleStandard);
        Assert.Equal(Yuan(600), person.Settle(other).Amounts.DeductibleStandard);
        Assert.Equal(Yuan(1200), person.Settle(second with { DischargeDate = Day("2026-01-02"), AdmissionDate = Day("2025-12-30") })
            .Amounts.DeductibleStandard);
    }

    [Theory]
    [InlineData(Adult)]
    [InlineData(Minor)]
    public void Emergency_rescue_at_a_facility_without_contract_has_its_own_deductible_and_ratio(InsuredCategory category)
    {
        var stay = Stay(FacilityLevel.Unrated, 11_200);
        var emergency = stay with { Emergency = true, Facility = stay.Facility with { Designated = false }, Diagnoses = Diagnoses.Aids };
        var amounts = Person(category).Settle(emergency).Amounts;

        Assert.Equal((Yuan(1200), Yuan(6000)), (amounts.DeductibleStandard, amounts.Pooled));
    }

    //           where  deductible x   minus points
    [Theory]
    [InlineData(OutOfAreaKind.LongTerm, 600, 75)]
    [InlineData(OutOfAreaKind.CriticalEmergency, 1200, 75)]
    [InlineData(OutOfAreaKind.Temporary, 1500, 65)]
    public void Out_of_area_by_kind(OutOfAreaKind kind, long deductible, long percent)
    {
        var person = kind == OutOfAreaKind.LongTerm
            ? Person().With(new FilingFact("F1", Beijing, FilingBasis.HouseholdRegister, Day("2025-03-10")))
            : Person();
        var critical = kind == OutOfAreaKind.CriticalEmergency;
        var stay = Stay(FacilityLevel.Level3, 20_000, division: Beijing) with
        {
            Emergency = critical,
            Diagnoses = critical ? Diagnoses.ListedCriticalDisease : Diagnoses.None,
        };
        var settled = person.Settle(stay);

        Assert.Equal(kind, settled.OutOfAreaKind);
        Assert.Equal(Yuan(deductible), settled.Amounts.DeductibleStandard);
        Assert.Equal((20_000 - deductible) * percent, settled.Amounts.Pooled);
    }

    [Fact]
    public void A_university_student_is_a_long_term_resident_everywhere_outside_the_city()
        => Assert.Equal(OutOfAreaKind.LongTerm, Person(University).Settle(Stay(FacilityLevel.Level2, 2000, division: Shanghai))
            .OutOfAreaKind);

    [Fact]
    public void A_county_of_the_city_is_local()
        => Assert.Equal(OutOfAreaKind.Local, Person().Settle(Stay(FacilityLevel.Level2, 2000, division: 210124)).OutOfAreaKind);

    [Fact]
    public void A_kind_stated_otherwise_gives_a_warning_and_no_other_amount()
    {
        var stay = Stay(FacilityLevel.Level3, 20_000, division: Beijing);
        var (plain, stated) = (Person().Settle(stay), Person().Settle(stay with { StatedKind = OutOfAreaKind.LongTerm }));

        Assert.Equal((Warning.None, Warning.OutOfAreaKind), (plain.Warning, stated.Warning));
        Assert.Equal(plain.Amounts, stated.Amounts);
    }

    [Fact]
    public void The_yearly_cap_binds_and_what_is_above_goes_on_to_serious_illness()
    {
        var person = Person().After(Stay(FacilityLevel.Level3, 300_000));
        var settled = person.Settle(Stay(FacilityLevel.Level3, 10_000, "2025-06-10"));

        Assert.Equal(Yuan(150_000), person.Counter(CounterId.PooledPaid, 2025));
        Assert.Equal(0, settled.Amounts.Pooled);
        Assert.Equal(
            Yuan(10_000), settled.After.Counter(CounterId.SeriousIllnessBase, 2025) - person.Counter(CounterId.SeriousIllnessBase, 2025));
    }

    [Fact]
    public void Counters_are_those_of_the_year_of_discharge()
    {
        var after = Person().After(Stay(FacilityLevel.Level3, 10_000, "2026-01-02"));

        Assert.Equal(0, after.Counter(CounterId.PooledPaid, 2025));
        Assert.Equal(Yuan(7050), after.Counter(CounterId.PooledPaid, 2026));
    }
}
