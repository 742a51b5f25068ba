using System.Collections.Immutable;
using System.Globalization;

namespace Settlement.Policy.Cases;

/// <summary>Reads the person of a case as facts.</summary>
internal static class PersonReader
{
    public static ImmutableArray<Fact> Read(JsonFields fields)
    {
        var facts = ImmutableArray.CreateBuilder<Fact>();
        if (fields.OptionalDate("birthDate") is { } birth)
            facts.Add(new BirthFact(birth));

        Each(fields, "insured", f => facts.Add(new InsuredFact(f.Date("from"), f.Member<InsuredCategory>("category"))));
        Each(fields, "groups", f => facts.Add(new GroupFact(f.Member<SocialGroup>("group"), f.Date("from"), f.OptionalDate("to"))));
        Each(fields, "contributions", f => facts.Add(new ContributionFact((int)f.Number("year"), f.Date("paidOn"))));
        Each(fields, "coverage", f => facts.Add(new CoverageFact(f.Date("from"), f.Date("to"))));
        Each(fields, "employeeHistory", f => facts.Add(new EmployeeSpellFact(f.Date("from"), f.OptionalDate("to"))));
        Each(fields, "filings", f => facts.Add(ReadFiling(f)));
        Each(fields, "certifications", f => facts.Add(new CertificationFact(f.Member<Disease>("disease"), f.Date("filedOn"))));
        Each(fields, "twoDiseaseFilings", f => facts.Add(new TwoDiseaseFact(f.Member<Disease>("disease"), f.Date("filedOn"))));
        if (fields.OptionalObject("chosenFacilities") is { } choices)
            foreach (var (year, choice) in choices.Members())
                facts.Add(ReadChoice(year, choice));

        fields.Finish();
        return facts.DrainToImmutable();
    }

    private static ChosenFacilityFact ReadChoice(string year, JsonFields choice)
    {
        if (!int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            throw choice.Bad("no year");

        var fact = new ChosenFacilityFact(parsed, choice.Text("code"), choice.Member<FacilityKind>("kind"));
        choice.Finish();
        return fact;
    }

    private static FilingFact ReadFiling(JsonFields f) => new(
        f.Text("id"),
        CaseReader.Division(f, "place") ?? throw f.Bad("missing 'place'"),
        f.Member<FilingBasis>("basis"),
        f.Date("filedOn"),
        f.OptionalDate("issuedOn"),
        f.OptionalDate("expiresOn"));

    private static void Each(JsonFields fields, string name, Action<JsonFields> read)
    {
        foreach (var item in fields.Objects(name))
        {
            read(item);
            item.Finish();
        }
    }
}
