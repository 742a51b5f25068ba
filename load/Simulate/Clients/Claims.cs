using Settlement.Contract;
using Settlement.Policy;
using Claim = Settlement.Contract.Claim;
using Facility = Settlement.Contract.Facility;
using Scheme = Settlement.Contract.Scheme;

namespace Settlement.Simulate;

/// <summary>
/// A few claims of Shenyang, chosen so that persons stand at every cap most of the time: large stays for the pooled fund's, the
/// serious-illness bands and assistance, oncology stays for the once-a-year deductible, outpatient visits for the caps of quarter and year.
/// </summary>
internal static class Claims
{
    private const string Region = "210100";

    private static readonly DateOnly[] Days =
    [
        new(2026, 3, 31), new(2026, 4, 1), new(2026, 6, 30), new(2026, 7, 1), new(2026, 12, 31), new(2027, 1, 1), new(2027, 1, 2),
            new(2026, 10, 9),
    ];

    private static readonly long[] Stays = [90_000, 600_000, 1_499_900, 2_500_000, 4_000_000];

    /// <summary>A day on which all of the pack's values are in force.</summary>
    public static DateOnly FirstDay => Days[0];

    /// <summary>A day near an edge of the calendar, for a settlement.</summary>
    public static DateOnly Day(Chance chance) => chance.Pick(Days);

    /// <summary>A claim of a person, at a hospital of which there are a few.</summary>
    public static Claim Draw(Chance chance)
    {
        DateOnly day = Day(chance);
        return chance.Below(10) switch
        {
            < 5 => Stay(chance, day),
            < 8 => Visit(chance, day),
            _ => TwoDisease(chance, day),
        };
    }

    /// <summary>The registration of a person: covered for years, some of them assisted, all with a chosen facility and a filing.</summary>
    public static RegisterRequest Register(string person, int number)
    {
        RegisterRequest request = new() { RequestId = $"reg-{person}", Person = person, BirthDate = "1980-05-20", Region = Region };
        request.Facts.Add(new Contract.Fact { Insured = new Insured { From = "2020-01-01", Category = Insured.Types.Category.Adult } });
        for (int year = 2024; year <= 2027; year++)
        {
            request.Facts.Add(new Contract.Fact { Contribution = new Contribution { Year = year, PaidOn = $"{year - 1}-10-15" } });
            request.Facts.Add(new Contract.Fact
            {
                ChosenFacility = new Contract.ChosenFacility { Year = year, Code = "C210100", Kind = Facility.Types.Kind.CommunityCentre },
            });
        }

        request.Facts.Add(
            new Contract.Fact { TwoDiseaseFiling = new TwoDiseaseFiling { Disease = "HYPERTENSION", FiledOn = "2025-01-05" } });
        Membership.Types.Group? group = (number % 4) switch
        {
            1 => Membership.Types.Group.MinimumLivingAllowance,
            2 => Membership.Types.Group.AllowanceEdge,
            3 => Membership.Types.Group.ImpoverishedByIllness,
            _ => null,
        };
        if (group is { } known) request.Facts.Add(new Contract.Fact { Group = new Membership { Group = known, From = "2020-01-01" } });
        return request;
    }

    /// <summary>
    /// The claim as it should have been sent: of another amount, level, day or hospital, or one that is designated for assistance.
    /// </summary>
    public static Claim Corrected(Claim wrong, Chance chance)
    {
        Claim claim = wrong.Clone();
        bool isStay = claim.VisitType == Contract.Visit.Types.Type.Inpatient;
        switch (chance.Below(5))
        {
            case 0 when isStay:
                claim.Facility.Level = Facility.Types.Level.Primary;
                break;
            case 1 when isStay:
                claim.Facility.Code = $"H210100{chance.Below(4)}";
                break;
            case 2:
                claim.Facility.AssistanceDesignated = !claim.Facility.AssistanceDesignated;
                break;
            case 3:
                DateOnly day = Day(chance);
                claim.DischargeDate = Text(day);
                if (isStay) claim.AdmissionDate = Text(day.AddDays(-9));
                break;
            default:
                long less = chance.Below((int)Math.Min(claim.Totals.InScope, 2_000_000));
                claim.Totals.Total -= less;
                claim.Totals.InScope -= less;
                break;
        }

        return claim;
    }

    /// <summary>A fact that changes what later claims are paid.</summary>
    public static RecordRequest Record(string person, string requestId, Chance chance)
    {
        RecordRequest request = new() { RequestId = requestId, Person = person, Region = Region };
        request.Facts.Add(chance.OneIn(2)
            ? new Contract.Fact { TwoDiseaseFiling = new TwoDiseaseFiling { Disease = "DIABETES", FiledOn = "2026-01-05" } }
            : new Contract.Fact { Group = new Membership { Group = Membership.Types.Group.MinimumLivingAllowance, From = "2026-05-01" } });
        return request;
    }

    /// <summary>The application for a grant.</summary>
    public static GrantForIllnessRequest Grant(string person, string requestId, Chance chance) =>
        new() { RequestId = requestId, Person = person, Region = Region, ApplicationDate = Text(Day(chance)) };

    /// <summary>The claim as the rules know it: only what <see cref="Draw"/> fills in.</summary>
    public static Policy.Claim ToPolicy(Claim claim) => new()
    {
        Region = 210100,
        Scheme = Policy.Scheme.Resident,
        VisitType = (VisitType)claim.VisitType,
        Facility = new Policy.Facility
        {
            Code = claim.Facility.Code,
            Level = (FacilityLevel)claim.Facility.Level,
            Kind = (FacilityKind)claim.Facility.Kind,
            Division = 210100,
            Designated = true,
            AssistanceDesignated = claim.Facility.AssistanceDesignated,
        },
        AdmissionDate = claim.AdmissionDate.Length == 0 ? null : Parse(claim.AdmissionDate),
        DischargeDate = Parse(claim.DischargeDate),
        Totals = new ClaimTotals(claim.Totals.Total, claim.Totals.SelfFunded, 0, 0, 0, claim.Totals.InScope),
        Diagnoses = claim.Diagnoses.Count > 0 ? Diagnoses.OncologyTreatment : Diagnoses.None,
        Disease = claim.Disease.Length == 0 ? Disease.None : Disease.Hypertension,
    };

    private static Claim Stay(Chance chance, DateOnly discharged)
    {
        long inScope = chance.Pick(Stays) + chance.Below(1_000);
        Facility.Types.Level level = (Facility.Types.Level)chance.Between(
            (long)Facility.Types.Level.Primary, (long)Facility.Types.Level.SpecialLevel3 + 1);
        Claim claim = New(
            Contract.Visit.Types.Type.Inpatient, $"H210100{chance.Below(4)}", level, Facility.Types.Kind.General, discharged, inScope,
            5_000);
        claim.AdmissionDate = Text(discharged.AddDays(-9));
        if (chance.OneIn(4)) claim.Diagnoses.Add("ONCOLOGY_TREATMENT");
        // Elsewhere assistance is withheld, and claimed later by hand.
        claim.Facility.AssistanceDesignated = !chance.OneIn(6);
        return claim;
    }

    private static Claim Visit(Chance chance, DateOnly day) => New(
        Contract.Visit.Types.Type.OutpatientPooling, "C210100", Facility.Types.Level.Primary, Facility.Types.Kind.CommunityCentre, day,
            3_000 + chance.Below(20_000), 0);

    private static Claim TwoDisease(Chance chance, DateOnly day)
    {
        Claim claim = New(
            Contract.Visit.Types.Type.TwoDisease, "H2101002", Facility.Types.Level._2, Facility.Types.Kind.General, day,
                2_000 + chance.Below(15_000), 0);
        claim.Disease = "HYPERTENSION";
        return claim;
    }

    private static Claim New(
        Contract.Visit.Types.Type visit, string code, Facility.Types.Level level, Facility.Types.Kind kind, DateOnly day, long inScope,
            long selfFunded) => new()
    {
        Region = Region,
        Scheme = Scheme.Types.Kind.Resident,
        VisitType = visit,
        Facility = new Facility { Code = code, Level = level, Kind = kind, Division = Region, Designated = true,
            AssistanceDesignated = true },
        DischargeDate = Text(day),
        Totals = new Totals { Total = inScope + selfFunded, SelfFunded = selfFunded, InScope = inScope },
    };

    private static DateOnly Parse(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
