using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Binary of facts: one by one in events, all of a person's in accounts. A kind byte, then its fields in order.</summary>
internal static class FactsCodec
{
    private enum Kind : byte
    {
        Birth = 1,
        Insured = 2,
        Group = 3,
        Contribution = 4,
        Coverage = 5,
        EmployeeSpell = 6,
        Filing = 7,
        FilingEnd = 8,
        Certification = 9,
        ChosenFacility = 10,
        TwoDisease = 11,
        Grant = 12,
        GroupEnd = 13,
    }

    /// <summary>All facts of a person: birth date, then each kind that is present as kind, count, items.</summary>
    public static void Write(ByteWriter writer, PersonFacts facts)
    {
        writer.OptionalDate(facts.BirthDate);
        WriteAll(writer, Kind.Insured, facts.Insured);
        WriteAll(writer, Kind.Group, facts.Groups);
        WriteAll(writer, Kind.Contribution, facts.Contributions);
        WriteAll(writer, Kind.Coverage, facts.Coverage);
        WriteAll(writer, Kind.EmployeeSpell, facts.EmployeeSpells);
        WriteAll(writer, Kind.Filing, facts.Filings);
        WriteAll(writer, Kind.Certification, facts.Certifications);
        WriteAll(writer, Kind.ChosenFacility, facts.ChosenFacilities);
        WriteAll(writer, Kind.TwoDisease, facts.TwoDiseaseFilings);
        WriteAll(writer, Kind.Grant, facts.Grants);
        writer.Byte(0);
    }

    public static PersonFacts Read(ref ByteReader reader)
    {
        var birth = reader.OptionalDate();
        ImmutableArray<InsuredFact> insured = [];
        ImmutableArray<GroupFact> groups = [];
        ImmutableArray<ContributionFact> contributions = [];
        ImmutableArray<CoverageFact> coverage = [];
        ImmutableArray<EmployeeSpellFact> spells = [];
        ImmutableArray<FilingFact> filings = [];
        ImmutableArray<CertificationFact> certifications = [];
        ImmutableArray<ChosenFacilityFact> chosen = [];
        ImmutableArray<TwoDiseaseFact> twoDiseases = [];
        ImmutableArray<GrantFact> grants = [];
        var last = 0;
        while (reader.Byte() is var kind and not 0)
        {
            if (kind <= last)
                throw reader.Bad("kinds of facts are out of order");

            last = kind;
            switch ((Kind)kind)
            {
                case Kind.Insured: insured = ReadAll<InsuredFact>(ref reader, Kind.Insured); break;
                case Kind.Group: groups = ReadAll<GroupFact>(ref reader, Kind.Group); break;
                case Kind.Contribution: contributions = ReadAll<ContributionFact>(ref reader, Kind.Contribution); break;
                case Kind.Coverage: coverage = ReadAll<CoverageFact>(ref reader, Kind.Coverage); break;
                case Kind.EmployeeSpell: spells = ReadAll<EmployeeSpellFact>(ref reader, Kind.EmployeeSpell); break;
                case Kind.Filing: filings = ReadAll<FilingFact>(ref reader, Kind.Filing); break;
                case Kind.Certification: certifications = ReadAll<CertificationFact>(ref reader, Kind.Certification); break;
                case Kind.ChosenFacility: chosen = ReadAll<ChosenFacilityFact>(ref reader, Kind.ChosenFacility); break;
                case Kind.TwoDisease: twoDiseases = ReadAll<TwoDiseaseFact>(ref reader, Kind.TwoDisease); break;
                case Kind.Grant: grants = ReadAll<GrantFact>(ref reader, Kind.Grant); break;
                default: throw reader.Bad($"{kind} is no kind of fact");
            }
        }

        return new PersonFacts
        {
            BirthDate = birth,
            Insured = insured,
            Groups = groups,
            Contributions = contributions,
            Coverage = coverage,
            EmployeeSpells = spells,
            Filings = filings,
            Certifications = certifications,
            ChosenFacilities = chosen,
            TwoDiseaseFilings = twoDiseases,
            Grants = grants,
        };
    }

    /// <summary>One fact, for events.</summary>
    public static void Write(ByteWriter writer, Fact fact)
    {
        writer.Byte((byte)KindOf(fact));
        WriteFields(writer, fact);
    }

    /// <summary>One fact, for events.</summary>
    public static Fact ReadOne(ref ByteReader reader) => ReadFields(ref reader, (Kind)reader.Byte());

    private static void WriteAll<T>(ByteWriter writer, Kind kind, ImmutableArray<T> items)
        where T : Fact
    {
        if (items.IsEmpty)
            return;

        writer.Byte((byte)kind);
        writer.Count(items.Length);
        foreach (var item in items)
            WriteFields(writer, item);
    }

    private static ImmutableArray<T> ReadAll<T>(ref ByteReader reader, Kind kind)
        where T : Fact
    {
        var items = ImmutableArray.CreateBuilder<T>(reader.Count());
        for (var n = items.Capacity; n > 0; n--)
            items.Add((T)ReadFields(ref reader, kind));

        return items.MoveToImmutable();
    }

    private static Kind KindOf(Fact fact) => fact switch
    {
        BirthFact => Kind.Birth,
        InsuredFact => Kind.Insured,
        GroupFact => Kind.Group,
        ContributionFact => Kind.Contribution,
        CoverageFact => Kind.Coverage,
        EmployeeSpellFact => Kind.EmployeeSpell,
        FilingFact => Kind.Filing,
        FilingEndFact => Kind.FilingEnd,
        CertificationFact => Kind.Certification,
        ChosenFacilityFact => Kind.ChosenFacility,
        TwoDiseaseFact => Kind.TwoDisease,
        GrantFact => Kind.Grant,
        GroupEndFact => Kind.GroupEnd,
        _ => throw new ArgumentException($"{fact.GetType().Name} has no binary form", nameof(fact)),
    };

    private static void WriteFields(ByteWriter writer, Fact fact)
    {
        switch (fact)
        {
            case BirthFact f:
                writer.Date(f.BirthDate);
                break;
            case InsuredFact f:
                writer.Date(f.From);
                writer.Byte((byte)f.Category);
                break;
            case GroupFact f:
                writer.Byte((byte)f.Group);
                writer.Date(f.From);
                writer.OptionalDate(f.To);
                break;
            case GroupEndFact f:
                writer.Byte((byte)f.Group);
                writer.Date(f.To);
                break;
            case ContributionFact f:
                writer.Signed(f.Year);
                writer.Date(f.PaidOn);
                break;
            case CoverageFact f:
                writer.Date(f.From);
                writer.Date(f.To);
                break;
            case EmployeeSpellFact f:
                writer.Date(f.From);
                writer.OptionalDate(f.To);
                break;
            case FilingFact f:
                writer.Text(f.Id);
                writer.Signed(f.Place);
                writer.Byte((byte)f.Basis);
                writer.Date(f.FiledOn);
                writer.OptionalDate(f.IssuedOn);
                writer.OptionalDate(f.ExpiresOn);
                writer.OptionalDate(f.EndedOn);
                break;
            case FilingEndFact f:
                writer.Text(f.Filing);
                writer.Date(f.EndedOn);
                break;
            case CertificationFact f:
                writer.Byte((byte)f.Disease);
                writer.Date(f.FiledOn);
                break;
            case ChosenFacilityFact f:
                writer.Signed(f.Year);
                writer.Text(f.Code);
                writer.Byte((byte)f.Kind);
                break;
            case TwoDiseaseFact f:
                writer.Byte((byte)f.Disease);
                writer.Date(f.FiledOn);
                break;
            case GrantFact f:
                writer.Date(f.AppliedOn);
                writer.Signed(f.Region);
                writer.Signed(f.Basic);
                writer.Signed(f.Tilt);
                break;
        }
    }

    private static Fact ReadFields(ref ByteReader reader, Kind kind) => kind switch
    {
        Kind.Birth => new BirthFact(reader.Date()),
        Kind.Insured => new InsuredFact(reader.Date(), reader.Enum<InsuredCategory>()),
        Kind.Group => new GroupFact(reader.Enum<SocialGroup>(), reader.Date(), reader.OptionalDate()),
        Kind.Contribution => new ContributionFact(reader.SignedInt(), reader.Date()),
        Kind.Coverage => new CoverageFact(reader.Date(), reader.Date()),
        Kind.EmployeeSpell => new EmployeeSpellFact(reader.Date(), reader.OptionalDate()),
        Kind.Filing => new FilingFact(
            reader.Text(), reader.SignedInt(), reader.Enum<FilingBasis>(), reader.Date(), reader.OptionalDate(), reader.OptionalDate(),
            reader.OptionalDate()),
        Kind.FilingEnd => new FilingEndFact(reader.Text(), reader.Date()),
        Kind.Certification => new CertificationFact(reader.Enum<Disease>(), reader.Date()),
        Kind.ChosenFacility => new ChosenFacilityFact(reader.SignedInt(), reader.Text(), reader.Enum<FacilityKind>()),
        Kind.TwoDisease => new TwoDiseaseFact(reader.Enum<Disease>(), reader.Date()),
        Kind.Grant => new GrantFact(reader.Date(), reader.SignedInt(), reader.Signed(), reader.Signed()),
        Kind.GroupEnd => new GroupEndFact(reader.Enum<SocialGroup>(), reader.Date()),
        _ => throw reader.Bad($"{(byte)kind} is no kind of fact"),
    };
}
