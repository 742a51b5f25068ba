using Settlement.Contract;
using Settlement.Identity;
using Settlement.WebConsole.Serving;
using Settlement.WebConsole.Words;

namespace Settlement.WebConsole.Pages;

/// <summary>What was put into the calculator: the visit to be quoted, with amounts in yuan as typed.</summary>
public sealed record CalculatorForm
{
    private const string Beijing = "110100";

    /// <summary>Marker of a diagnosis on the list of critical diseases.</summary>
    private const string Critical = "LISTED_CRITICAL_DISEASE";

    /// <summary>Person id as typed.</summary>
    public string Person { get; init; } = "";

    /// <summary>Pooling region.</summary>
    public required string Region { get; init; }

    /// <summary>Scheme.</summary>
    public Scheme.Types.Kind Scheme { get; init; } = Contract.Scheme.Types.Kind.Resident;

    /// <summary>Visit type.</summary>
    public Visit.Types.Type Visit { get; init; } = Contract.Visit.Types.Type.Inpatient;

    /// <summary>Facility level.</summary>
    public Facility.Types.Level Level { get; init; } = Facility.Types.Level._3;

    /// <summary>How the care comes to be elsewhere.</summary>
    public OutOfArea.Types.Kind Place { get; init; } = OutOfArea.Types.Kind.Local;

    /// <summary>Division code of the place where care elsewhere is given.</summary>
    public string Elsewhere { get; init; } = Beijing;

    /// <summary>First day of the stay.</summary>
    public required string Admitted { get; init; }

    /// <summary>Last day of the stay, or the day of service.</summary>
    public required string Discharged { get; init; }

    /// <summary>Costs in scope, in yuan.</summary>
    public string InScope { get; init; } = "20000";

    /// <summary>Class B paid first, in yuan.</summary>
    public string PreSelfPay { get; init; } = "0";

    /// <summary>Over the price limit, in yuan.</summary>
    public string OverLimit { get; init; } = "0";

    /// <summary>Self-funded, in yuan.</summary>
    public string SelfFunded { get; init; } = "0";

    /// <summary>The form of a request; what it leaves out is taken from the defaults.</summary>
    public static CalculatorForm Of(ConsoleRequest request, CalculatorForm defaults) => defaults with
    {
        Person = Or(request.Field("person"), defaults.Person),
        Region = Or(request.Field("region"), defaults.Region),
        Scheme = Member(request.Field("scheme"), defaults.Scheme),
        Visit = Member(request.Field("visit"), defaults.Visit),
        Level = Member(request.Field("level"), defaults.Level),
        Place = Member(request.Field("place"), defaults.Place),
        Elsewhere = Or(request.Field("elsewhere"), defaults.Elsewhere),
        Admitted = Or(request.Field("admitted"), defaults.Admitted),
        Discharged = Or(request.Field("discharged"), defaults.Discharged),
        InScope = Or(request.Field("in-scope"), defaults.InScope),
        PreSelfPay = Or(request.Field("pre-self-pay"), defaults.PreSelfPay),
        OverLimit = Or(request.Field("over-limit"), defaults.OverLimit),
        SelfFunded = Or(request.Field("self-funded"), defaults.SelfFunded),
    };

    /// <summary>The first amount that is none: its field name; null when all are amounts.</summary>
    public string? WrongAmount =>
        new[] { ("in-scope", InScope), ("pre-self-pay", PreSelfPay), ("over-limit", OverLimit), ("self-funded", SelfFunded) }
        .FirstOrDefault(amount => Figures.Fen(amount.Item2) is null).Item1;

    /// <summary>The claim of this visit at a facility.</summary>
    /// <param name="own">The caller's own facility; null for the agency. What is registered of it is left out here, and filled in by the
    /// gateway.</param>
    public Claim ToClaim(RegisteredFacility? own)
    {
        bool away = Place != OutOfArea.Types.Kind.Local;
        Totals totals = new()
        {
            InScope = Figures.Fen(InScope) ?? 0, PreSelfPay = Figures.Fen(PreSelfPay) ?? 0, OverLimit = Figures.Fen(OverLimit) ?? 0,
            SelfFunded = Figures.Fen(SelfFunded) ?? 0,
        };
        totals.Total = totals.InScope + totals.PreSelfPay + totals.OverLimit + totals.SelfFunded;
        Claim claim = new()
        {
            Region = Region,
            Scheme = Scheme,
            VisitType = Visit,
            DischargeDate = Discharged,
            Totals = totals,
            Referral = Place == OutOfArea.Types.Kind.Referral,
            Emergency = Place == OutOfArea.Types.Kind.CriticalEmergency,
            Facility = new Facility
            {
                Code = own?.Code ?? "QUOTE",
                Level = own?.Level is null ? Level : Facility.Types.Level.Unspecified,
                Kind = own?.Kind is null ? Facility.Types.Kind.General : Facility.Types.Kind.Unspecified,
                Division = own?.Division is not null ? "" : away ? Elsewhere : Region,
                Designated = own?.Designated is null && own?.ContractFrom is null,
                AssistanceDesignated = own?.AssistanceDesignated is null,
            },
        };
        if (Visit is Contract.Visit.Types.Type.Inpatient or Contract.Visit.Types.Type.Delivery or Contract.Visit.Types.Type.FamilyPlanning)
            claim.AdmissionDate = Admitted;
        if (Place == OutOfArea.Types.Kind.CriticalEmergency) claim.Diagnoses.Add(Critical);
        return claim;
    }

    private static string Or(string given, string otherwise) => given.Length > 0 ? given : otherwise;

    private static T Member<T>(string given, T otherwise)
        where T : struct, Enum =>
        Enum.TryParse(given, out T member) && Enum.IsDefined(member) ? member : otherwise;
}
