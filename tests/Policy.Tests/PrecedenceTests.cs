using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>
/// The order of the refusal codes: a claim with every fault is refused for the first; mended one by one, the next is named.
/// </summary>
public class PrecedenceTests
{
    [Fact]
    public void Of_several_grounds_the_first_is_named()
    {
        var person = Person();
        var claim = Stay(FacilityLevel.Unrated, 1000) with
        {
            VisitType = VisitType.HighValueDrug,
            AdmissionDate = Day("2029-01-01"),
            DischargeDate = Day("2024-12-31"),
            Totals = new ClaimTotals(-1, 0, 0, 0, 0),
            Facility = At(FacilityLevel.Unrated, 810_000) with { Designated = false },
        };

        Expect(RefusalCode.TotalsDoNotAddUp, claim);
        claim = claim with { Totals = Totals(1000) };
        Expect(RefusalCode.UnpublishedParameter, claim);
        claim = claim with { VisitType = VisitType.Inpatient };
        Expect(RefusalCode.NoPolicyInForce, claim);
        claim = claim with { DischargeDate = Day("2025-03-10") };
        Expect(RefusalCode.NotCovered, claim);
        claim = claim with { AdmissionDate = Day("2025-03-11") };
        Expect(RefusalCode.NotPayableRegion, claim);
        claim = claim with { Facility = claim.Facility with { Division = Shenyang } };
        Expect(RefusalCode.FacilityNotDesignated, claim);
        claim = claim with { Facility = claim.Facility with { Designated = true } };
        Expect(RefusalCode.ConditionNotMet, claim);
        claim = claim with { AdmissionDate = Day("2025-03-10") };
        Expect(RefusalCode.UnpublishedParameter, claim);
        claim = claim with { Facility = At(FacilityLevel.Level1) };
        Assert.IsType<Adjudication>(person.Decide(claim));

        void Expect(RefusalCode code, Claim current) => Assert.Equal(code, person.Refused(current).Code);
    }

    [Fact]
    public void Of_several_grounds_of_an_outpatient_visit_the_first_is_named()
    {
        var person = Person().With(new TwoDiseaseFact(Disease.Hypertension, Day("2025-01-05")));
        var claim = Visit(
            VisitType.TwoDisease, At(FacilityLevel.Level3, 810_000) with { Designated = false }, 100) with { Disease = Disease.Diabetes };

        Expect(RefusalCode.NotPayableRegion, claim);
        claim = claim with { Facility = claim.Facility with { Division = Shenyang } };
        Expect(RefusalCode.FacilityNotDesignated, claim);
        claim = claim with { Facility = claim.Facility with { Designated = true } };
        Expect(RefusalCode.NotChosenFacility, claim);
        claim = claim with { Facility = claim.Facility with { Level = FacilityLevel.Level2 } };
        Expect(RefusalCode.NoFiling, claim);
        claim = claim with { Disease = Disease.Hypertension };
        Assert.IsType<Adjudication>(person.Decide(claim));

        claim = claim with { VisitType = VisitType.AssistedReproduction,
            Facility = At(FacilityLevel.Level2, Beijing) with { Designated = false } };
        Expect(RefusalCode.NotPayableRegion, claim);
        claim = claim with { Facility = claim.Facility with { Division = Shenyang } };
        Expect(RefusalCode.FacilityNotDesignated, claim);
        claim = claim with { Facility = claim.Facility with { Designated = true } };
        Expect(RefusalCode.ConditionNotMet, claim);
        person = person.After(claim with { Cycle = "C1" }, claim with { Cycle = "C2" });
        Expect(RefusalCode.LimitReached, claim with { Cycle = "C3" });
        Expect(RefusalCode.ConditionNotMet, claim);

        void Expect(RefusalCode code, Claim current) => Assert.Equal(code, person.Refused(current).Code);
    }

    [Fact]
    public void An_unpublished_parameter_is_named_with_its_cell_and_the_document_that_should_give_it()
    {
        var refusal = Person().Refused(Stay(FacilityLevel.Unrated, 1000));

        Assert.Equal(Parameter.InpatientDeductible, refusal.Parameter);
        Assert.Equal("UNRATED, ADULT", refusal.Cell);
        Assert.Contains("市内住院待遇", refusal.Document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(810_000, false)]
    [InlineData(820_000, false)]
    [InlineData(710_000, false)]
    [InlineData(0, true)]
    public void Abroad_Hong_Kong_Macao_and_Taiwan_nothing_is_payable(int division, bool abroad)
        => Assert.Equal(
            RefusalCode.NotPayableRegion,
            Person().Refused(
                Stay(FacilityLevel.Level3, 1000) with { Facility = At(FacilityLevel.Level3, division) with { Abroad = abroad } }).Code);

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void A_place_that_is_no_division_code_is_refused_and_still_has_its_bytes(int division)
    {
        var claim = Stay(FacilityLevel.Level3, 1000) with { Facility = At(FacilityLevel.Level3, division) };

        Assert.Equal((RefusalCode.NotPayableRegion, "facility.division"), (Person().Refused(claim).Code, Person().Refused(claim).Field));
        Assert.Equal(claim, ClaimCodec.Decode(ClaimCodec.Encode(claim)));
    }

    [Theory]
    [InlineData(999_999, Scheme.Resident, RefusalCode.NoPolicyInForce)]
    [InlineData(Shenyang, Scheme.Employee, RefusalCode.UnpublishedParameter)]
    public void A_region_or_scheme_without_rules_is_refused(int region, Scheme scheme, RefusalCode code)
        => Assert.Equal(code, Person().Refused(Stay(FacilityLevel.Level3, 1000) with { Region = region, Scheme = scheme }).Code);

    [Fact]
    public void An_admission_without_its_day_is_refused()
        => Assert.Equal(RefusalCode.ConditionNotMet, Person().Refused(Stay(FacilityLevel.Level3, 1000) with { AdmissionDate = null }).Code);

    [Fact]
    public void Someone_of_whom_nothing_is_registered_is_not_covered()
        => Assert.Equal(RefusalCode.NotCovered, Account.Empty.Refused(Stay(FacilityLevel.Level3, 1000)).Code);

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("2300-01-01")]
    public void A_day_in_the_far_future_is_refused_not_an_error(string discharged)
        => Assert.Equal(RefusalCode.NotCovered, Person().Refused(Stay(FacilityLevel.Level3, 1000, discharged)).Code);

    [Fact]
    public void Numbers_outside_an_enumeration_are_refused_not_an_error()
    {
        var claim = Stay(FacilityLevel.Level3, 1000);

        Assert.IsType<Refusal>(Person().Decide(claim with { VisitType = (VisitType)200 }));
        Assert.IsType<Refusal>(Person().Decide(claim with { Facility = claim.Facility with { Level = (FacilityLevel)200 } }));
        Assert.IsType<Refusal>(Person().Decide(claim with { Scheme = (Scheme)200, Region = 210_999 }));
    }
}
