using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Cli.Cases;

/// <summary>Facts of a case as the contract sends them.</summary>
internal static class WireFact
{
    /// <summary>The fact on the wire; a birth date is a field of the registration and none of these.</summary>
    public static Wire.Fact Of(Fact fact) => fact switch
    {
        InsuredFact insured =>
            new() { Insured = new() { From = Day(insured.From), Category = Named<Wire.Insured.Types.Category>(insured.Category.Text()) } },
        GroupFact group => new()
        {
            Group = new() { Group = Named<Wire.Membership.Types.Group>(group.Group.Text()), From = Day(group.From), To = Day(group.To) },
        },
        GroupEndFact end => new() { GroupEnd = new() { Group = Named<Wire.Membership.Types.Group>(end.Group.Text()), To = Day(end.To) } },
        ContributionFact paid => new() { Contribution = new() { Year = paid.Year, PaidOn = Day(paid.PaidOn) } },
        CoverageFact cover => new() { Coverage = new() { From = Day(cover.From), To = Day(cover.To) } },
        EmployeeSpellFact spell => new() { EmployeeSpell = new() { From = Day(spell.From), To = Day(spell.To) } },
        FilingFact filing => new() { Filing = Of(filing) },
        FilingEndFact end => new() { FilingEnd = new() { Filing = end.Filing, Date = Day(end.EndedOn) } },
        CertificationFact certified =>
            new() { Certification = new() { Disease = certified.Disease.Text(), FiledOn = Day(certified.FiledOn) } },
        ChosenFacilityFact chosen => new()
        {
            ChosenFacility = new() { Year = chosen.Year, Code = chosen.Code, Kind = Named<Wire.Facility.Types.Kind>(chosen.Kind.Text()) },
        },
        TwoDiseaseFact filed => new() { TwoDiseaseFiling = new() { Disease = filed.Disease.Text(), FiledOn = Day(filed.FiledOn) } },
        _ => throw new NotSupportedException($"the contract has no {fact.GetType().Name}"),
    };

    private static Wire.Filing Of(FilingFact filing) => new()
    {
        Id = filing.Id,
        Place = WireClaim.Division(filing.Place),
        Basis = Named<Wire.Filing.Types.Basis>(filing.Basis.Text()),
        FiledOn = Day(filing.FiledOn),
        IssuedOn = Day(filing.IssuedOn),
        ExpiresOn = Day(filing.ExpiresOn),
    };

    private static string Day(DateOnly? day) => day is { } known ? WireClaim.Day(known) : "";

    private static T Named<T>(string name)
        where T : struct, Enum => WireClaim.Named<T>(name);
}
