using Settlement.Contract;
using Settlement.Identity;
using Category = Settlement.Contract.Insured.Types.Category;
using Group = Settlement.Contract.Membership.Types.Group;

namespace Settlement.Cli.Sandbox;

/// <summary>
/// What every sandbox holds: fixed keys, two hospitals, sample persons. The keys are public, so that nothing but a sandbox may know
/// them.
/// </summary>
internal static class SandboxWorld
{
    /// <summary>Key of the agency.</summary>
    public const string AgencyKey = "sandbox-agency";

    /// <summary>Key of the hospital.</summary>
    public const string HospitalKey = "sandbox-hospital";

    /// <summary>Key of the community health centre.</summary>
    public const string CentreKey = "sandbox-centre";

    /// <summary>Code of the hospital: level 3, Shenyang.</summary>
    public const string Hospital = "H21010200002";

    /// <summary>Code of the centre: primary, Shenyang.</summary>
    public const string Centre = "H21010200017";

    private const string Region = "210100";
    private const string Division = "210102";

    /// <summary>The sample persons, and what each is for.</summary>
    public static IReadOnlyList<(string Person, string Birth, string What)> Persons { get; } =
    [
        ("SANDBOX-ADULT", "1985-06-15", "an adult resident, covered"),
        ("SANDBOX-LOW-INCOME", "1970-02-11", "receives the minimum living allowance: medical assistance pays too"),
        ("SANDBOX-CHILD", "2016-09-01", "a school child"),
        ("SANDBOX-DIALYSIS", "1962-04-30", "certified for dialysis: chronic outpatient visits"),
        ("SANDBOX-HYPERTENSION", "1958-11-23", "filed for hypertension drugs"),
        ("SANDBOX-LAPSED", "1990-01-05", "paid no premium: every visit is refused with NOT_COVERED"),
    ];

    /// <summary>The keys, hashed as any others.</summary>
    public static KeyFile Keys(DateTimeOffset now) => new()
    {
        Keys =
        [
            Key("agency", AgencyKey, Role.Agency, null, now),
            Key("hospital", HospitalKey, Role.Facility, Facility(Hospital, "LEVEL_3", "GENERAL"), now),
            Key("centre", CentreKey, Role.Facility, Facility(Centre, "PRIMARY", "COMMUNITY_CENTRE"), now),
        ],
    };

    /// <summary>Registrations of the persons: covered last year and this year.</summary>
    public static IEnumerable<RegisterRequest> Registrations(int thisYear)
    {
        foreach ((string person, string birth, _) in Persons)
        {
            RegisterRequest request = new() { RequestId = $"REG-{person}", Person = person, BirthDate = birth, Region = Region };
            Category category = person == "SANDBOX-CHILD" ? Category.Student : Category.Adult;
            request.Facts.Add(new Fact { Insured = new Insured { From = $"{thisYear - 2}-01-01", Category = category } });
            if (person != "SANDBOX-LAPSED")
            {
                for (int year = thisYear - 1; year <= thisYear; year++)
                    request.Facts.Add(new Fact { Contribution = new Contribution { Year = year, PaidOn = $"{year - 1}-10-15" } });
            }

            if (Special(person, thisYear) is { } fact) request.Facts.Add(fact);
            yield return request;
        }
    }

    private static Fact? Special(string person, int thisYear) => person switch
    {
        "SANDBOX-LOW-INCOME" =>
            new Fact { Group = new Membership { Group = Group.MinimumLivingAllowance, From = $"{thisYear - 1}-01-01" } },
        "SANDBOX-DIALYSIS" => new Fact { Certification = new Certification { Disease = "DIALYSIS", FiledOn = $"{thisYear - 1}-03-01" } },
        "SANDBOX-HYPERTENSION" =>
            new Fact { TwoDiseaseFiling = new TwoDiseaseFiling { Disease = "HYPERTENSION", FiledOn = $"{thisYear - 1}-03-01" } },
        _ => null,
    };

    private static KeyRecord Key(string id, string text, Role role, RegisteredFacility? facility, DateTimeOffset now) =>
        new() { Id = id, Role = role, Facility = facility, Sha256 = KeyFile.Hash(text), CreatedAt = now };

    private static RegisteredFacility Facility(string code, string level, string kind) => new()
    {
        Code = code, Level = level, Kind = kind, Division = Division, Designated = true, AssistanceDesignated = true,
    };
}
