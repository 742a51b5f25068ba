using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Registering facts: what contradicts itself or what stands is refused whole; a repeated fact changes nothing.</summary>
public class FactTests
{
    public static TheoryData<string, Fact[]> Wrong() => new()
    {
        { "birthDate", [new BirthFact(Day("1899-12-31"))] },
        { "birthDate", [new BirthFact(Day("1980-05-20")), new BirthFact(Day("1980-05-21"))] },
        { "insured.from", [new InsuredFact(Day("2300-01-01"), InsuredCategory.Adult)] },
        { "insured.from",
            [new InsuredFact(Day("2020-01-01"), InsuredCategory.Adult), new InsuredFact(Day("2020-01-01"), InsuredCategory.Minor)] },
        { "groups.to", [new GroupFact(SocialGroup.Orphan, Day("2025-02-01"), Day("2025-01-31"))] },
        { "contributions.year", [new ContributionFact(1700, Day("2025-01-01"))] },
        { "contributions.year", [new ContributionFact(2025, Day("2025-01-01")), new ContributionFact(2025, Day("2025-01-02"))] },
        { "coverage.to", [new CoverageFact(Day("2025-02-01"), Day("2025-01-31"))] },
        { "employeeHistory.from", [new EmployeeSpellFact(Day("2024-01-01")), new EmployeeSpellFact(Day("2025-01-01"))] },
        { "filings.id", [new FilingFact("", Beijing, FilingBasis.PropertyDeed, Day("2025-07-01"))] },
        { "filings.id",
            [new FilingFact("F1", Beijing, FilingBasis.PropertyDeed, Day("2025-07-01")),
            new FilingFact("F1", Shanghai, FilingBasis.PropertyDeed, Day("2025-07-01"))] },
        { "filings.place", [new FilingFact("F1", 11, FilingBasis.PropertyDeed, Day("2025-07-01"))] },
        { "filings.expiresOn", [new FilingFact("F1", Beijing, FilingBasis.Guardian, Day("2025-07-01"))] },
        { "filings.expiresOn", [new FilingFact("F1", Beijing, FilingBasis.ResidencePermit, Day("2025-07-01"))] },
        { "certifications.disease", [new CertificationFact(Disease.Unknown, Day("2025-07-01"))] },
        { "chosenFacilities.code", [new ChosenFacilityFact(2025, "", FacilityKind.General)] },
        { "twoDiseaseFilings.disease", [new TwoDiseaseFact(Disease.Stroke, Day("2025-07-01"))] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_fact_is_refused_and_its_field_named(string field, Fact[] facts)
    {
        var outcome = Repository.Adjudicator.Record(Account.Empty, facts, Shenyang, 1);

        Assert.Null(outcome.After);
        Assert.Equal((RefusalCode.InvalidFact, field), (outcome.Refusal!.Code, outcome.Refusal.Field));
    }

    [Fact]
    public void A_repeated_fact_changes_nothing_but_the_sequence()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan);
        var again = person.With(
            [new InsuredFact(Day("2020-01-01"), InsuredCategory.Adult), new GroupFact(SocialGroup.Orphan, Day("2021-01-01"))]);

        Assert.Single(again.Facts.Insured);
        Assert.Single(again.Facts.Groups);
        Assert.Equal(person.LastSequence + 1, again.LastSequence);
    }

    [Fact]
    public void The_order_of_registration_does_not_matter()
    {
        Fact[] facts =
        [
            new BirthFact(Day("1980-05-20")),
            new GroupFact(SocialGroup.Orphan, Day("2021-01-01")),
            new GroupFact(SocialGroup.Disabled, Day("2021-01-01")),
            new GroupFact(SocialGroup.Orphan, Day("2019-01-01"), Day("2019-12-31")),
            new ContributionFact(2025, Day("2024-10-01")),
            new ContributionFact(2024, Day("2023-10-01")),
            new FilingFact("F2", Beijing, FilingBasis.PropertyDeed, Day("2025-07-01")),
            new FilingFact("F1", Shanghai, FilingBasis.PropertyDeed, Day("2025-07-01")),
        ];

        Assert.Equal(Account.Empty.With(facts).Bytes(), Account.Empty.With([.. facts.Reverse()]).Bytes());
    }

    [Fact]
    public void A_filing_may_be_ended_after_six_months()
    {
        var person = Person().With(new FilingFact("F1", Beijing, FilingBasis.PropertyDeed, Day("2025-07-01")));

        Assert.Equal(RefusalCode.NotFound, Refusal(new FilingEndFact("F9", Day("2026-01-01"))));
        Assert.Equal(RefusalCode.TooEarly, Refusal(new FilingEndFact("F1", Day("2025-12-31"))));
        var ended = person.With(new FilingEndFact("F1", Day("2026-01-01")));
        Assert.Equal(OutOfAreaKind.LongTerm, ended.Settle(Stay(FacilityLevel.Level3, 1000, "2025-12-31", Beijing)).OutOfAreaKind);
        Assert.Equal(OutOfAreaKind.Temporary, ended.Settle(Stay(FacilityLevel.Level3, 5000, "2026-01-01", Beijing)).OutOfAreaKind);

        RefusalCode? Refusal(Fact fact) => Repository.Adjudicator.Record(person, [fact], Shenyang, 9).Refusal?.Code;
    }

    [Fact]
    public void A_membership_may_be_ended_and_what_begins_later_is_another()
    {
        GroupFact open = new(SocialGroup.MinimumLivingAllowance, Day("2024-01-01"));
        GroupFact again = new(SocialGroup.MinimumLivingAllowance, Day("2026-06-01"));
        GroupFact other = new(SocialGroup.Disabled, Day("2024-01-01"));
        GroupEndFact end = new(SocialGroup.MinimumLivingAllowance, Day("2025-12-31"));
        var person = Person().With(open, again, other);

        var ended = person.With(end);

        GroupFact[] known = [open with { To = end.To }, other, again];
        Assert.Equal(known, ended.Facts.Groups.ToArray());
        Assert.True(ended.Facts.GroupsOn(Day("2025-12-31")).Has(SocialGroup.MinimumLivingAllowance));
        Assert.Equal(GroupSet.Of(SocialGroup.Disabled), ended.Facts.GroupsOn(Day("2026-01-01")));
        Assert.True(ended.Facts.GroupsOn(Day("2026-06-01")).Has(SocialGroup.MinimumLivingAllowance));
        Assert.Equal(known, ended.With(end).Facts.Groups.ToArray()); // said twice, it is the same
    }

    [Fact]
    public void An_end_shortens_a_membership_and_never_lengthens_one()
    {
        var person = Person().With(
            new GroupFact(SocialGroup.Orphan, Day("2024-01-01"), Day("2025-12-31")), new GroupFact(SocialGroup.Orphan, Day("2024-01-01")));

        // Two records of one membership become one.
        var ended = person.With(new GroupEndFact(SocialGroup.Orphan, Day("2025-06-30")));
        GroupFact only = Assert.Single(ended.Facts.Groups.ToArray());
        Assert.Equal(new GroupFact(SocialGroup.Orphan, Day("2024-01-01"), Day("2025-06-30")), only);

        Assert.Equal(RefusalCode.NotFound, Refusal(new GroupEndFact(SocialGroup.Orphan, Day("2025-07-01"))));
        Assert.Equal(RefusalCode.NotFound, Refusal(new GroupEndFact(SocialGroup.Orphan, Day("2023-12-31"))));
        Assert.Equal(RefusalCode.NotFound, Refusal(new GroupEndFact(SocialGroup.Disabled, Day("2025-01-01"))));
        Assert.Equal(RefusalCode.InvalidFact, Refusal(new GroupEndFact(SocialGroup.Orphan, Day("1800-01-01"))));

        RefusalCode? Refusal(Fact fact) => Repository.Adjudicator.Record(ended, [fact], Shenyang, 9).Refusal?.Code;
    }

    [Fact]
    public void The_chosen_facility_is_fixed_for_its_year()
    {
        var person = Person().With(new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital));

        Assert.Equal(
            RefusalCode.ChoiceFixed,
            Repository.Adjudicator.Record(person, [new ChosenFacilityFact(2025, "C9", FacilityKind.CommunityCentre)], Shenyang, 9)
            .Refusal!.Code);
        Assert.Equal(2, person.With(new ChosenFacilityFact(2026, "C9", FacilityKind.CommunityCentre)).Facts.ChosenFacilities.Length);
    }

    [Fact]
    public void An_open_spell_may_be_closed()
        => Assert.Equal(
            Day("2025-04-30"),
            Person().With(new EmployeeSpellFact(Day("2023-05-01"))).With(new EmployeeSpellFact(Day("2023-05-01"), Day("2025-04-30")))
                .Facts.EmployeeSpells[0].To);
}
