using Settlement.Contract;

namespace Settlement.Bench.Payloads;

/// <summary>
/// Seeded persons and discharges: local level-2 and level-3 stays of adults, 1,000 to 6,000 yuan, all charges in scope. Every number gives
/// the same discharge in every run. Ids and amounts have the same length whatever the number, so that a request can be patched.
/// </summary>
/// <param name="persons">Over how many persons discharges are spread.</param>
/// <param name="seed">Which discharges.</param>
internal sealed class Discharges(int persons, int seed)
{
    /// <summary>Numbers taken at once, so that threads seldom meet.</summary>
    public const int Block = 256;

    private const string Region = "210100";
    private const long LeastInScope = 100_000;
    private const long Spread = 500_000;
    private const long OutOfScope = 50_000;
    private long reserved;

    /// <summary>The person whom the hot-person scenario uses and no other.</summary>
    public int HotPerson => persons;

    /// <summary>How many persons are to be registered, the hot one included.</summary>
    public int Persons => persons + 1;

    /// <summary>Takes <see cref="Block"/> numbers that nobody else gets; gives the first.</summary>
    public long Reserve() => Interlocked.Add(ref reserved, Block) - Block;

    /// <summary>Makes a person known, covered in 2025 and 2026.</summary>
    public static RegisterRequest Register(int person)
    {
        RegisterRequest request = new()
        {
            RequestId = $"b-reg-{person}",
            Person = PersonId(person),
            BirthDate = "1980-05-20",
            Region = Region,
        };
        request.Facts.Add(new Fact { Insured = new Insured { From = "2020-01-01", Category = Insured.Types.Category.Adult } });
        request.Facts.Add(new Fact { Contribution = new Contribution { Year = 2025, PaidOn = "2024-10-15" } });
        request.Facts.Add(new Fact { Contribution = new Contribution { Year = 2026, PaidOn = "2025-10-15" } });
        return request;
    }

    /// <summary>What differs between discharges.</summary>
    public Discharge Facts(long number)
    {
        ulong random = Mix((ulong)number + ((ulong)seed << 32));
        return new Discharge(
            number, (int)(random / 7 % (ulong)persons), (int)(random / 11 % 100), random % 2 == 0,
            LeastInScope + (long)(random % (ulong)Spread));
    }

    /// <summary>The whole request.</summary>
    public static SettleRequest Request(Discharge discharge) => new()
    {
        RequestId = RequestId(discharge.Number),
        Person = PersonId(discharge.Person),
        VisitId = VisitId(discharge.Number),
        ChargeBatch = "1",
        Claim = new Claim
        {
            Region = Region,
            Scheme = Scheme.Types.Kind.Resident,
            VisitType = Visit.Types.Type.Inpatient,
            Facility = new Facility
            {
                Code = FacilityCode(discharge.Hospital),
                Level = discharge.Level2 ? Facility.Types.Level._2 : Facility.Types.Level._3,
                Kind = Facility.Types.Kind.General,
                Division = Region,
                Designated = true,
                AssistanceDesignated = true,
            },
            AdmissionDate = "2026-03-01",
            DischargeDate = "2026-03-10",
            Totals = new Totals { Total = Total(discharge.InScope), SelfFunded = OutOfScope, InScope = discharge.InScope },
        },
    };

    /// <summary>Total cost in fen of a stay with so much in scope.</summary>
    public static long Total(long inScope) => inScope + OutOfScope;

    /// <summary>The request id of a discharge.</summary>
    public static string RequestId(long number) => $"b-{number:D10}";

    /// <summary>The visit id of a discharge.</summary>
    public static string VisitId(long number) => $"v-{number:D10}";

    /// <summary>The id of a person.</summary>
    public static string PersonId(int person) => $"B{person:D7}";

    /// <summary>The code of a hospital.</summary>
    public static string FacilityCode(int hospital) => $"H21010{hospital:D4}";

    /// <summary>SplitMix64.</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What differs between discharges.</summary>
/// <param name="Number">Number of the discharge.</param>
/// <param name="Person">Number of the person.</param>
/// <param name="Hospital">Number of the hospital.</param>
/// <param name="Level2">Whether the hospital is of level 2, else of level 3.</param>
/// <param name="InScope">Charges in scope, fen.</param>
internal readonly record struct Discharge(long Number, int Person, int Hospital, bool Level2, long InScope);
