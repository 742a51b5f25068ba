using static Settlement.Policy.Tests.BenxiScene;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>
/// Section 7, day by day: from which day a value holds, by which document, and what is kept as data though nothing is settled by it.
/// </summary>
public class BenxiDateRuleTests
{
    // scheme           parameter                                    from          the document before it              the document from it
    [Theory]
    [InlineData(Scheme.Resident, Parameter.InpatientDeductibleFloor, "2022-11-01", "本医保发〔2019〕39号 第三章 第十八条（一）", "本医保发〔2022〕26号 第一部分（二）")]
    [InlineData(Scheme.Resident, Parameter.InpatientDeductibleStep, "2022-11-01", "本医保发〔2019〕39号 第三章 第十八条（一）", "本医保发〔2022〕26号 第一部分（二）")]
    [InlineData(
        Scheme.Resident, Parameter.InpatientDeductibleFreeSpecialised, "2022-11-01", "本医保发〔2019〕39号 第三章 第十八条（四）", "本医保发〔2022〕26号 第一部分（三）")]
    [InlineData(Scheme.Resident, Parameter.InpatientEmergencyBasis, "2022-11-01", "本医保发〔2019〕39号 第三章 第十九条（四）", "本医保发〔2022〕26号 第一部分（四）")]
    [InlineData(Scheme.Resident, Parameter.OutOfAreaExemptions, "2022-11-01", "本医保发〔2019〕39号 第三章 第十八条（四）", "本医保发〔2022〕26号 第一部分（三）")]
    [InlineData(Scheme.Resident, Parameter.OutOfAreaRatio, "2022-01-01", "本医保发〔2019〕39号 第三章 第十九条（一）2", "本医保发〔2022〕7号 全文")]
    [InlineData(Scheme.Resident, Parameter.OutpatientYearlyCap, "2022-11-01", "本医保发〔2019〕39号 第三章 第十七条", "本医保发〔2022〕26号 第四部分（一）")]
    [InlineData(Scheme.Resident, Parameter.OutpatientYearlyKinds, "2022-11-01", "本医保发〔2019〕39号 第三章 第十七条", "本医保发〔2022〕26号 第四部分（一）")]
    [InlineData(Scheme.Employee, Parameter.AssistanceGroups, "2023-01-01", "本医保发〔2022〕19号 全文", "本政办发〔2022〕30号 第四部分")]
    public void Each_document_is_named_from_its_own_day(Scheme scheme, Parameter parameter, string from, string before, string since)
    {
        string? On(DateOnly day) => Repository.Catalogue.Find(Benxi)!.CitationOf(scheme, parameter, day)?.ToString();

        Assert.Equal((before, since), (On(Day(from).AddDays(-1)), On(Day(from))));
    }

    [Fact]
    public void The_pooled_cap_rises_with_the_inpatient_change()
    {
        Assert.Equal(Yuan(60_000), Resident().Settle(Visit(FacilityLevel.Primary, 200_000, "2022-10-31")).Amounts.Pooled);
        Assert.Equal(Yuan(80_000), Resident().Settle(Visit(FacilityLevel.Primary, 200_000, "2022-11-01")).Amounts.Pooled);
    }

    [Theory]
    [InlineData("2022-10-31", 700)]
    [InlineData("2022-11-01", 600)]
    public void The_second_admission_of_the_year(string day, long deductible)
    {
        var stay = Visit(FacilityLevel.Level3, 5000, "2022-06-10", FacilityGrade.Grade3A);

        Assert.Equal(Yuan(deductible), Resident().After(stay).Settle(stay with { AdmissionDate = Day(day), DischargeDate = Day(day) })
            .Amounts.DeductibleStandard);
    }

    //           day          pooling: paid of 2000;   drugs for hypertension: deductible, paid of 100 and of 2000
    [Theory]
    [InlineData("2022-10-31", 300, 100, 0, 400)]
    [InlineData("2022-12-31", 300, 50, 25, 400)]
    [InlineData("2023-01-01", 500, 0, 60, 200)]
    public void Outpatient_caps_and_the_drugs_for_two_diseases(string day, long pooling, long deductible, long ofHundred, long drugs)
    {
        var person = Resident(InsuredCategory.Adult, new TwoDiseaseFact(Disease.Hypertension, Day("2022-01-01")));
        var alone = Resident().Settle(Outpatient(VisitType.OutpatientPooling, 2000, day));
        var some = person.Settle(Outpatient(VisitType.TwoDisease, 100, day, disease: Disease.Hypertension));
        var many = person.Settle(Outpatient(VisitType.TwoDisease, 2000, day, disease: Disease.Hypertension));

        Assert.Equal(Yuan(pooling), alone.Amounts.Pooled);
        Assert.Equal(
            (Yuan(deductible), Yuan(ofHundred), Yuan(drugs)), (some.Amounts.DeductibleStandard, some.Amounts.Pooled, many.Amounts.Pooled));
        AssertNoCapIsBroken(person, many, Outpatient(VisitType.TwoDisease, 2000, day, disease: Disease.Hypertension));
    }

    [Theory]
    [InlineData(FacilityLevel.Primary)]
    [InlineData(FacilityLevel.Level1)]
    [InlineData(FacilityLevel.Level2)]
    [InlineData(FacilityLevel.Unrated)]
    public void Drugs_for_two_diseases_come_from_level_2_and_below(FacilityLevel level)
        => Assert.Equal(
            100 * 60L,
            Resident(InsuredCategory.Adult, new TwoDiseaseFact(Disease.Diabetes, Day("2022-01-01")))
                .Settle(Outpatient(VisitType.TwoDisease, 100, "2023-05-10", At(level, Benxi), Disease.Diabetes)).Amounts.Pooled);

    //           group                                  percent above 6,750 in 2022 and in 2023; 0: only above 13,500
    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient, 70, 75)]
    [InlineData(SocialGroup.Orphan, 70, 75)]
    [InlineData(SocialGroup.MinimumLivingAllowance, 70, 75)]
    [InlineData(SocialGroup.AllowanceEdge, 70, 0)]
    [InlineData(SocialGroup.PovertyRelieved, 70, 0)]
    [InlineData(SocialGroup.MonitoredPoor, 0, 75)]
    [InlineData(SocialGroup.ImpoverishedByIllness, 0, 0)]
    public void People_in_hardship(SocialGroup group, long old, long now)
    {
        var person = Resident(InsuredCategory.Adult, new GroupFact(group, Day("2020-01-01")));
        foreach (var (day, percent) in new[] { ("2022-12-31", old), ("2023-01-01", now) })
        {
            // 10,800 less the deductible of 800, at 65 %: 4,300 of it and the class B part of 6,700 make 11,000.
            var stay = Visit(FacilityLevel.Level3, 0, day, FacilityGrade.Grade3A) with { Totals = Totals(10_800, preSelfPay: 6700) };
            Assert.Equal((11_000 - 6750) * percent, person.Settle(stay).Amounts.SeriousIllness);
        }
    }

    [Theory]
    [InlineData(710_000)]
    [InlineData(810_000)]
    [InlineData(820_000)]
    public void Nothing_is_paid_off_the_mainland(int division)
    {
        var away = Visit(FacilityLevel.Level3, 900, "2023-03-10", division: division) with { Referral = true };

        Assert.Equal(RefusalCode.NotPayableRegion, Resident().Refused(away).Code);
        Assert.Equal(RefusalCode.NotPayableRegion, Employee().Refused(away with { Scheme = Scheme.Employee }).Code);
    }

    [Fact]
    public void The_benefit_year_begins_on_the_first_of_January()
    {
        var away = Visit(FacilityLevel.Level3, 9000, "2023-01-01", division: Beijing) with { Referral = true };

        Assert.Equal(2023, Resident().Settle(away).BenefitYear);
        Assert.Equal(2023, Employee().Settle(away with { Scheme = Scheme.Employee }).BenefitYear);
    }

    [Fact]
    public void Employees_have_no_exemption_out_of_area_and_the_cap_of_residents()
    {
        var away = Visit(FacilityLevel.Level3, 9000, "2022-11-01", division: Beijing) with { Scheme = Scheme.Employee, Referral = true };
        var specialised = away with { Diagnoses = Diagnoses.MentalIllness, Facility = away.Facility with { Specialised = true } };

        Assert.Equal(Yuan(1500), Employee().Settle(specialised).Amounts.DeductibleStandard);
        Assert.Equal(Yuan(80_000), Employee().Settle(away with { Totals = new ClaimTotals(11_578_571, 0, 0, 0, 0) }).Amounts.Pooled);
        Assert.Equal(Parameter.PooledAboveCap, Employee().Refused(away with { Totals = new ClaimTotals(11_578_573, 0, 0, 0, 0) })
            .Parameter);
    }

    //           parameter                              day           kept as (nothing: unpublished)
    [Theory]
    [InlineData(Parameter.PooledYearlyCap, "2022-10-31", "60000")]
    [InlineData(Parameter.PooledYearlyCap, "2022-11-01", "80000")]
    [InlineData(Parameter.InpatientDeductibleFreeSpecialised, "2022-11-01", "yes")]
    [InlineData(Parameter.EmployeeWaitingFlexible, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeWaitingFlexible, "2025-06-30", "3")]
    [InlineData(Parameter.EmployeeTransferGap, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeTransferGap, "2025-06-30", "3")]
    [InlineData(Parameter.EmployeeBaseLower, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeBaseLower, "2025-06-30", "0.6")]
    [InlineData(Parameter.EmployeeBaseUpper, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeBaseUpper, "2025-06-30", "3")]
    [InlineData(Parameter.EmployeeRatePerson, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeRatePerson, "2025-06-30", "2")]
    [InlineData(Parameter.EmployeeRateEmployerLower, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeRateEmployerLower, "2025-06-30", "7")]
    [InlineData(Parameter.EmployeeRateEmployerUpper, "2025-06-29", null)]
    [InlineData(Parameter.EmployeeRateEmployerUpper, "2025-06-30", "8")]
    public void What_is_published_for_employees_and_not_settled_by_is_kept_as_data(Parameter parameter, string day, string? kept)
        => Assert.Equal(kept, KeptForEmployees(parameter, day).SingleOrDefault());

    [Fact]
    public void What_employees_would_be_exempt_from_is_kept_as_data()
    {
        Assert.Equal([""], KeptForEmployees(Parameter.InpatientDeductibleFree, "2022-10-31"));
        Assert.Equal(
            ["MENTAL_ILLNESS, VIRAL_LIVER_DISEASE, TUBERCULOSIS"], KeptForEmployees(Parameter.InpatientDeductibleFree, "2022-11-01"));
    }

    private static string[] KeptForEmployees(Parameter parameter, string day)
        => [.. Repository.Catalogue.Find(Benxi)!.Find(Scheme.Employee, parameter)!.On(Day(day))!.Cells.Select(c => c.Text)];

    /// <summary>The verifier looks at caps apart from the pipeline.</summary>
    private static void AssertNoCapIsBroken(Account before, Adjudication settled, Claim claim)
    {
        var stored = new StoredSettlement(
            settled.Amounts, settled.OutOfAreaKind, settled.AssistanceReason, settled.BenefitYear, settled.PackKey);

        Assert.Empty(
            EntryVerifier.Verify(
            before, new ClaimSettled(claim), Repository.Catalogue.Find(Benxi)!, stored, settled.After.Bytes(), settled.After.LastSequence));
    }
}
