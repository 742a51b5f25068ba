using Settlement.Contract;

namespace Settlement.Scenarios.World;

/// <summary>
/// The insured: adults with cover for the years of the visits, and every fact that some visit type asks for, so that any visit of anybody
/// is payable: a certified chronic disease, a filed two-disease treatment, a chosen outpatient facility.
/// </summary>
/// <param name="run">Prefix of every name, so that runs against one server do not meet.</param>
/// <param name="seed">Same seed, same persons.</param>
/// <param name="count">How many.</param>
internal sealed class Population(string run, int seed, int count)
{
    // Purposes of draws.
    private const int Chosen = 1;
    private const int Born = 2;
    private const int Poor = 3;
    private readonly Zipf frequency = new(count);

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Number of the person to whom a draw falls, by how often persons come.</summary>
    public int PersonOf(Draw draw) => frequency.RankOf(draw.Unit());

    /// <summary>Name of a person.</summary>
    public string Name(int person) => $"{run}-P{person}";

    /// <summary>The facility which a person chose for outpatient pooling.</summary>
    public Facility ChosenFacility(int person) => Hospitals.ToChoose.Of(Draw.Of(seed, ~(long)person).For(Chosen));

    /// <summary>The registration of a person, with all facts.</summary>
    public RegisterRequest Register(int person)
    {
        Draw draw = Draw.Of(seed, ~(long)person);
        Facility chosen = ChosenFacility(person);
        RegisterRequest request = new()
        {
            RequestId = $"{run}-R{person}",
            Person = Name(person),
            BirthDate = $"{1950 + draw.For(Born).Below(50)}-05-20",
            Region = Hospitals.Region,
        };
        request.Facts.Add(new Fact { Insured = new Insured { From = "2020-01-01", Category = Insured.Types.Category.Adult } });
        for (int year = 2024; year <= 2026; year++)
            request.Facts.Add(new Fact { Contribution = new Contribution { Year = year, PaidOn = $"{year - 1}-10-15" } });
        request.Facts.Add(
            new Fact { Certification = new Certification { Disease = VisitCatalogue.ChronicDisease, FiledOn = "2024-06-01" } });
        request.Facts.Add(
            new Fact { TwoDiseaseFiling = new TwoDiseaseFiling { Disease = VisitCatalogue.TwoDisease, FiledOn = "2025-01-05" } });
        request.Facts.Add(new Fact { ChosenFacility = new ChosenFacility { Year = 2026, Code = chosen.Code, Kind = chosen.Kind } });
        if (draw.For(Poor).Below(10) == 0)
            request.Facts.Add(
                new Fact { Group = new Membership { Group = Membership.Types.Group.MinimumLivingAllowance, From = "2024-01-01" } });
        return request;
    }
}
