using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>Registered facts from the contract. The gateway has checked their shape.</summary>
internal static class FactMapping
{
    /// <summary>The facts as the rules know them.</summary>
    public static Fact ToPolicy(Wire.Fact fact) => fact.FactCase switch
    {
        Wire.Fact.FactOneofCase.Insured => new InsuredFact(Dates.Day(fact.Insured.From), ToPolicy(fact.Insured.Category)),
        Wire.Fact.FactOneofCase.Group =>
            new GroupFact((SocialGroup)(fact.Group.Group - 1), Dates.Day(fact.Group.From), Dates.DayOrNull(fact.Group.To)),
        Wire.Fact.FactOneofCase.Contribution => new ContributionFact(fact.Contribution.Year, Dates.Day(fact.Contribution.PaidOn)),
        Wire.Fact.FactOneofCase.Coverage => new CoverageFact(Dates.Day(fact.Coverage.From), Dates.Day(fact.Coverage.To)),
        Wire.Fact.FactOneofCase.EmployeeSpell =>
            new EmployeeSpellFact(Dates.Day(fact.EmployeeSpell.From), Dates.DayOrNull(fact.EmployeeSpell.To)),
        Wire.Fact.FactOneofCase.Filing => ToPolicy(fact.Filing),
        Wire.Fact.FactOneofCase.FilingEnd => new FilingEndFact(fact.FilingEnd.Filing, Dates.Day(fact.FilingEnd.Date)),
        Wire.Fact.FactOneofCase.GroupEnd => new GroupEndFact((SocialGroup)(fact.GroupEnd.Group - 1), Dates.Day(fact.GroupEnd.To)),
        Wire.Fact.FactOneofCase.Certification =>
            new CertificationFact(ClaimMapping.Disease(fact.Certification.Disease), Dates.Day(fact.Certification.FiledOn)),
        Wire.Fact.FactOneofCase.ChosenFacility =>
            new ChosenFacilityFact(fact.ChosenFacility.Year, fact.ChosenFacility.Code, (FacilityKind)fact.ChosenFacility.Kind),
        Wire.Fact.FactOneofCase.TwoDiseaseFiling =>
            new TwoDiseaseFact(ClaimMapping.Disease(fact.TwoDiseaseFiling.Disease), Dates.Day(fact.TwoDiseaseFiling.FiledOn)),
        _ => throw new ArgumentException("A fact without content passed the gateway.", nameof(fact)),
    };

    private static FilingFact ToPolicy(Wire.Filing filing) => new(
        filing.Id,
        ClaimMapping.Division(filing.Place),
        (FilingBasis)(filing.Basis - 1),
        Dates.Day(filing.FiledOn),
        Dates.DayOrNull(filing.IssuedOn),
        Dates.DayOrNull(filing.ExpiresOn));

    /// <summary>An insured category.</summary>
    public static InsuredCategory ToPolicy(Wire.Insured.Types.Category category) => category switch
    {
        Wire.Insured.Types.Category.Student => InsuredCategory.Student,
        Wire.Insured.Types.Category.UniversityStudent => InsuredCategory.UniversityStudent,
        Wire.Insured.Types.Category.Minor => InsuredCategory.Minor,
        _ => InsuredCategory.Adult,
    };
}
