using Settlement.Contract;

namespace Settlement.Cli.Sample;

/// <summary>
/// Made-up persons, hospitals and discharges, the same for the same seed: running the sample again repeats the same requests.
/// Citizen ids use a division in which none are issued (210100), with a right check digit.
/// </summary>
internal sealed class SampleWorld
{
    private const string Region = "210100";
    private const int Year = 2025;
    private static readonly int[] CheckWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    private readonly Random random;
    private readonly int seed;

    /// <summary>Makes a world.</summary>
    /// <param name="seed">Same seed, same world.</param>
    /// <param name="persons">How many persons.</param>
    /// <param name="staysEach">Stays of each person, spread over the year.</param>
    public SampleWorld(int seed, int persons, int staysEach)
    {
        this.seed = seed;
        random = new Random(seed);
        Persons = [.. Enumerable.Range(0, persons).Select(MakePerson)];
        Discharges = [
            .. Persons.SelectMany((person, number) => Enumerable.Range(0, staysEach)
                .Select(stay => MakeDischarge(person, number, stay, staysEach)))];
    }

    /// <summary>The hospitals: every level inside the city, and two outside.</summary>
    public static IReadOnlyList<Facility> Hospitals { get; } =
    [
        Hospital("H21010200001", Facility.Types.Level.SpecialLevel3, "210102"),
        Hospital("H21010200002", Facility.Types.Level._3, "210102"),
        Hospital("H21010300003", Facility.Types.Level._3, "210103"),
        Hospital("H21010400004", Facility.Types.Level._3, "210104", Facility.Types.Kind.Tcm),
        Hospital("H21010500005", Facility.Types.Level._2, "210105"),
        Hospital("H21010600006", Facility.Types.Level._2, "210106", Facility.Types.Kind.Psychiatric),
        Hospital("H21011100007", Facility.Types.Level._2, "210111"),
        Hospital("H21011200008", Facility.Types.Level._1, "210112"),
        Hospital("H21011300009", Facility.Types.Level.Primary, "210113", Facility.Types.Kind.CommunityCentre),
        Hospital("H21011400010", Facility.Types.Level.Primary, "210114", Facility.Types.Kind.TownshipHospital),
        Hospital("H21020200011", Facility.Types.Level._3, "210202"),
        Hospital("H21030200012", Facility.Types.Level._2, "210302"),
    ];

    /// <summary>Registrations, each with all facts of the person.</summary>
    public IReadOnlyList<RegisterRequest> Persons { get; }

    /// <summary>Discharges; those of one person do not overlap in time.</summary>
    public IReadOnlyList<SettleRequest> Discharges { get; }

    private RegisterRequest MakePerson(int number)
    {
        Insured.Types.Category category = random.Next(10) switch
        {
            < 6 => Insured.Types.Category.Adult,
            < 8 => Insured.Types.Category.Student,
            8 => Insured.Types.Category.UniversityStudent,
            _ => Insured.Types.Category.Minor,
        };
        int age = category switch
        {
            Insured.Types.Category.Adult => random.Next(24, 90),
            Insured.Types.Category.Student => random.Next(7, 18),
            Insured.Types.Category.UniversityStudent => random.Next(18, 23),
            _ => random.Next(2, 6),
        };
        DateOnly born = new DateOnly(Year - age, 1, 1).AddDays(random.Next(360));
        RegisterRequest request = new()
        {
            RequestId = $"SAMPLE-{seed}-P{number:0000}",
            Person = CitizenId(born, number),
            BirthDate = Text(born),
            Region = Region,
        };
        request.Facts.Add(new Fact { Insured = new Insured { From = Text(born), Category = category } });
        for (int year = Year - 1; year <= Year + 1; year++)
            request.Facts.Add(
                new Fact { Contribution = new Contribution { Year = year,
                    PaidOn = $"{year - 1}-{random.Next(9, 13):00}-{random.Next(1, 29):00}" } });
        if (random.Next(3) == 0) request.Facts.Add(new Fact { Group = Membership(number) });
        if (random.Next(12) == 0) request.Facts.Add(new Fact { Filing = ResettlementFiling() });
        return request;
    }

    // Each assistance category comes up; some begin within the year, so that a category is gained between two stays.
    private Membership Membership(int number) => new()
    {
        Group = (Membership.Types.Group)(1 + number % 6),
        From = random.Next(4) == 0 ? $"{Year}-{random.Next(3, 10):00}-01" : $"{Year - 1}-01-01",
    };

    private Filing ResettlementFiling() => new()
    {
        Id = "F1",
        Place = random.Next(2) == 0 ? "210200" : "210300",
        Basis = Filing.Types.Basis.HouseholdRegister,
        FiledOn = $"{Year - 1}-06-15",
    };

    private SettleRequest MakeDischarge(RegisterRequest person, int number, int stay, int staysEach)
    {
        Facility hospital = Hospitals[random.Next(Hospitals.Count)];
        int slot = 350 / staysEach;
        DateOnly admitted = new DateOnly(Year, 1, 1).AddDays(stay * slot + random.Next(Math.Max(1, slot / 3)));
        DateOnly discharged = admitted.AddDays(random.Next(1, Math.Max(2, slot / 2)));
        Claim claim = new()
        {
            Region = Region,
            Scheme = Scheme.Types.Kind.Resident,
            VisitType = Visit.Types.Type.Inpatient,
            Facility = hospital,
            AdmissionDate = Text(admitted),
            DischargeDate = Text(discharged),
        };
        if (random.Next(5) == 0) AddLines(claim);
        else claim.Totals = MakeTotals();
        if (random.Next(10) == 0) claim.Diagnoses.Add("ONCOLOGY_TREATMENT");
        else if (hospital.Kind == Facility.Types.Kind.Psychiatric)
            claim.Diagnoses.Add(random.Next(2) == 0 ? "MENTAL_ILLNESS" : "SEVERE_MENTAL_DISORDER");
        return new SettleRequest
        {
            RequestId = $"SAMPLE-{seed}-P{number:0000}-S{stay:00}",
            Person = person.Person,
            VisitId = $"V{seed}-{number:0000}-{stay:00}",
            ChargeBatch = "1",
            Claim = claim,
        };
    }

    // Most bills are small, a few are very large: a product of two draws, and one bill in twelve is eight times as large.
    private Totals MakeTotals()
    {
        long inScope = 50_000 + (long)random.Next(1, 1_500) * random.Next(1, 1_500);
        if (random.Next(12) == 0) inScope *= 8;
        long preSelfPay = inScope * random.Next(0, 12) / 100;
        Totals totals = new()
        {
            InScope = inScope,
            PreSelfPay = preSelfPay,
            PreSelfPayNotCounted = preSelfPay * random.Next(0, 30) / 100,
            OverLimit = random.Next(3) == 0 ? inScope * random.Next(0, 8) / 100 : 0,
            SelfFunded = inScope * random.Next(0, 10) / 100,
        };
        totals.Total = totals.InScope + totals.PreSelfPay + totals.OverLimit + totals.SelfFunded;
        return totals;
    }

    private void AddLines(Claim claim)
    {
        int lines = random.Next(3, 12);
        for (int number = 1; number <= lines; number++)
        {
            FeeLine line = new()
            {
                Code = $"SAMPLE{number:000}",
                Class = (FeeLine.Types.Class)random.Next(1, 4),
                Price = random.Next(500, 40_000),
                Quantity = random.Next(1, 10),
            };
            if (line.Class == FeeLine.Types.Class.B) line.SelfPayBp = random.Next(1, 7) * 500;
            if (line.Class != FeeLine.Types.Class.C && random.Next(6) == 0) line.Limit = line.Price * 9 / 10;
            claim.Lines.Add(line);
        }
    }

    private static Facility Hospital(
        string code, Facility.Types.Level level, string division, Facility.Types.Kind kind = Facility.Types.Kind.General) => new()
    {
        Code = code,
        Level = level,
        Kind = kind,
        Division = division,
        Designated = true,
        AssistanceDesignated = true,
    };

    // Check digit of GB 11643-1999 (ISO 7064 MOD 11-2).
    private static string CitizenId(DateOnly born, int number)
    {
        string body = $"{Region}{born:yyyyMMdd}{number % 1000:000}";
        int sum = 0;
        for (int i = 0; i < body.Length; i++) sum += (body[i] - '0') * CheckWeights[i];
        return body + "10X98765432"[sum % 11];
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd");
}
