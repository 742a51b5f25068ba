using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 5 (医保待遇期): from when a year's premium covers. One row a situation of the guide.</summary>
public class CoverRuleTests
{
    private static string? Start(int year, string born, params Fact[] facts)
    {
        var person = Account.Empty.With([new BirthFact(Day(born)), .. facts]);
        var outcome = Repository.Adjudicator.Coverage(person, Shenyang, Scheme.Resident, year);
        Assert.True(outcome.Refusal is null or { Code: RefusalCode.NotCovered });
        return outcome.Refusal is null ? $"{outcome.Interval.From:yyyy-MM-dd}" : null;
    }

    private static ContributionFact Paid(int year, string on) => new(year, Day(on));

    //           2025 paid     2026 paid     covered in 2026 from
    [Theory]
    [InlineData("2024-10-01", "2025-12-31", "2026-01-01")] // 1: both in their own periods
    [InlineData("2025-03-01", "2025-12-31", "2026-01-01")] // 1: mid-year, before the period
    [InlineData("2024-10-01", "2024-10-01", "2026-01-01")] // 1: a lump sum counts as paid in the period
    [InlineData(null, "2025-11-01", "2026-04-01")] // 2: the year before not paid
    [InlineData("2025-09-01", "2025-11-30", "2026-02-28")] // 3: both in the same period, from the later one
    [InlineData("2025-12-31", "2025-10-05", "2026-03-31")] // 3: the later one may be that of the year before
    [InlineData("2025-09-01", "2025-09-02", "2026-01-01")] // 3: never before the year itself
    [InlineData("2024-10-01", "2026-01-01", "2026-04-01")] // 6: mid-year
    [InlineData("2024-10-01", "2026-08-31", "2026-11-30")] // 6: the month's last day
    [InlineData("2024-10-01", "2026-10-01", null)] // 6: the wait ends after the year
    [InlineData("2024-10-01", "2026-12-21", null)] // 6: after 20 December
    [InlineData("2024-10-01", null, null)] // nothing paid
    public void Ordinary_enrolment(string? paid2025, string? paid2026, string? from)
    {
        List<Fact> facts = [];
        if (paid2025 is not null)
            facts.Add(Paid(2025, paid2025));

        if (paid2026 is not null)
            facts.Add(Paid(2026, paid2026));

        Assert.Equal(from, Start(2026, "1980-05-20", [.. facts]));
    }

    [Theory]
    [InlineData(SocialGroup.MinimumLivingAllowance, true)]
    [InlineData(SocialGroup.SpecialCareRecipient, true)]
    [InlineData(SocialGroup.AllowanceEdge, true)]
    [InlineData(SocialGroup.Orphan, true)]
    [InlineData(SocialGroup.SeverelyDisabled, true)]
    [InlineData(SocialGroup.MonitoredPoor, true)]
    [InlineData(SocialGroup.Disabled, false)]
    [InlineData(SocialGroup.PovertyRelieved, false)]
    [InlineData(SocialGroup.ImpoverishedByIllness, false)]
    [InlineData(SocialGroup.EntitledVeteranFamily, false)]
    public void Special_groups_wait_for_the_month_after_recognition(SocialGroup group, bool special)
        => Assert.Equal(
            special ? "2026-06-01" : "2026-08-10",
            Start(2026, "1980-05-20", Paid(2026, "2026-05-10"), new GroupFact(group, Day("2026-05-20"))));

    [Theory]
    [InlineData("2025-11-20", "2026-01-01")] // recognised the year before: not before the year
    [InlineData("2026-12-02", null)] // the next month is another year; the premium came on 20 December
    public void A_special_group_never_starts_outside_the_year(string recognised, string? from)
        => Assert.Equal(from, Start(2026, "1980-05-20", Paid(2026, "2026-12-20"), new GroupFact(SocialGroup.Orphan, Day(recognised))));

    [Fact]
    public void A_group_that_ended_before_the_year_is_not_special()
        => Assert.Null(
            Start(2026, "1980-05-20", Paid(2026, "2026-12-20"), new GroupFact(SocialGroup.Orphan, Day("2024-05-20"), Day("2025-12-31"))));

    //           born          year  paid          from
    [Theory]
    [InlineData("2025-03-05", 2025, "2025-06-05", "2025-03-05")] // within three months: from birth
    [InlineData("2025-03-05", 2025, "2025-06-06", "2025-09-06")] // a day late: payment + 3 months
    [InlineData("2025-10-10", 2025, "2025-12-31", "2025-10-10")] // the limit of 20 December does not hold
    [InlineData("2025-11-20", 2025, "2026-01-10", "2025-11-20")] // paid the year after birth
    [InlineData("2025-11-20", 2026, "2026-01-10", "2026-01-01")]
    [InlineData("2025-09-01", 2026, "2026-01-20", "2026-04-20")] // the guide's example
    public void Newborns(string born, int year, string paid, string? from) => Assert.Equal(from, Start(year, born, Paid(year, paid)));

    //           in the scheme since / until   paid         from
    [Theory]
    [InlineData("2023-05-01", "2025-04-30", "2025-07-30", "2025-05-01")] // two years, three months: no wait
    [InlineData("2023-05-02", "2025-04-30", "2025-07-30", "2025-10-30")] // a day short of two years
    [InlineData("2023-05-01", "2025-04-30", "2025-07-31", "2025-10-31")] // a day after three months
    [InlineData("2023-03-01", "2025-02-28", "2025-05-28", "2025-03-01")]
    [InlineData("2023-03-01", "2025-02-28", "2025-05-29", "2025-08-29")]
    [InlineData("2020-01-01", "2025-11-30", "2025-11-01", "2025-12-01")] // paid before the spell ends
    public void From_the_employee_scheme(string since, string until, string paid, string? from)
        => Assert.Equal(from, Start(2025, "1980-05-20", Paid(2025, paid), new EmployeeSpellFact(Day(since), Day(until))));

    [Fact]
    public void Spells_without_a_break_are_one()
        => Assert.Equal(
            "2025-05-01",
            Start(2025, "1980-05-20", Paid(2025, "2025-06-01"), new EmployeeSpellFact(Day("2023-01-01"), Day("2024-06-30")),
                new EmployeeSpellFact(Day("2024-07-01"), Day("2025-04-30"))));

    [Fact]
    public void During_a_spell_in_the_employee_scheme_a_resident_claim_is_not_covered()
    {
        var person = Person().With(new EmployeeSpellFact(Day("2025-03-01"), Day("2025-03-04")));

        Assert.Equal(RefusalCode.NotCovered, person.Refused(Stay(FacilityLevel.Level3, 1000)).Code);
        Assert.IsType<Adjudication>(person.Decide(Stay(FacilityLevel.Level3, 1000, "2025-03-11")));
    }

    //           basis                            issued        expires       filed          still counts  no longer
    [Theory]
    [InlineData(FilingBasis.HouseholdRegister, null, null, "2025-07-01", "2027-01-01", null)]
    [InlineData(FilingBasis.PropertyDeed, null, null, "2025-07-01", "2027-01-01", null)]
    [InlineData(FilingBasis.ResidencePermit, null, "2026-01-15", "2025-07-01", "2026-01-15", "2026-01-16")]
    [InlineData(FilingBasis.ResidencePermit, "2025-06-15", null, "2025-07-01", "2026-06-15", "2026-06-16")]
    [InlineData(FilingBasis.EmployerCertificate, null, "2026-01-15", "2025-07-01", "2026-01-15", "2026-01-16")]
    [InlineData(FilingBasis.Guardian, null, "2026-01-15", "2025-07-01", "2026-01-15", "2026-01-16")]
    [InlineData(FilingBasis.HouseholdRegister, null, "2025-08-31", "2025-05-31", "2025-08-31", "2025-09-01")] // recorded validity
    [InlineData(FilingBasis.HouseholdRegister, null, "2025-08-31", "2025-06-01", "2026-08-31", null)] // made later: open
    public void Filings_hold_by_their_proof(
        FilingBasis basis, string? issued, string? expires, string filed, string counts, string? noLonger)
    {
        var filing = new FilingFact("F1", Beijing, basis, Day(filed), issued is null ? null : Day(issued), expires is null
            ? null
            : Day(expires));
        var person = Person().With(filing);

        Assert.Equal(OutOfAreaKind.LongTerm, person.Settle(Stay(FacilityLevel.Level3, 5000, counts, Beijing)).OutOfAreaKind);
        Assert.Equal(OutOfAreaKind.Temporary, person.Settle(Stay(FacilityLevel.Level3, 5000, counts, Shanghai)).OutOfAreaKind);
        if (noLonger is not null)
            Assert.Equal(OutOfAreaKind.Temporary, person.Settle(Stay(FacilityLevel.Level3, 5000, noLonger, Beijing)).OutOfAreaKind);
    }
}
