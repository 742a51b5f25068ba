using Settlement.Contract;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Requests as a hospital and the agency would send them. Amounts in fen.</summary>
internal static class Requests
{
    public const string Shenyang = "210100";

    /// <summary>An adult resident covered from 2024 to 2026, born 1980-05-20.</summary>
    public static RegisterRequest Register(string person, params Fact[] facts)
    {
        RegisterRequest request = new() { RequestId = $"reg-{person}", Person = person, BirthDate = "1980-05-20", Region = Shenyang };
        request.Facts.Add(new Fact { Insured = new Insured { From = "2020-01-01", Category = Insured.Types.Category.Adult } });
        for (int year = 2023; year <= 2026; year++)
            request.Facts.Add(new Fact { Contribution = new Contribution { Year = year, PaidOn = $"{year - 1}-10-15" } });
        request.Facts.Add(facts);
        return request;
    }

    /// <summary>The person belongs to a group from 2020 on.</summary>
    public static Fact Group(Membership.Types.Group group) => new() { Group = new Membership { Group = group, From = "2020-01-01" } };

    public static Facility Hospital(string code, Facility.Types.Level level = Facility.Types.Level._3) => new()
    {
        Code = code,
        Level = level,
        Kind = Facility.Types.Kind.General,
        Division = Shenyang,
        Designated = true,
        AssistanceDesignated = true,
    };

    /// <summary>A local inpatient stay with everything in scope.</summary>
    public static Claim Inpatient(long inScope, string facility = "H210100001", string discharged = "2026-03-10", params string[] diagnoses)
    {
        Claim claim = new()
        {
            Region = Shenyang,
            Scheme = Scheme.Types.Kind.Resident,
            VisitType = Visit.Types.Type.Inpatient,
            Facility = Hospital(facility),
            AdmissionDate = "2026-03-01",
            DischargeDate = discharged,
            Totals = new Totals { Total = inScope, InScope = inScope },
        };
        claim.Diagnoses.Add(diagnoses);
        return claim;
    }

    /// <summary>A settlement whose visit is named after its request id.</summary>
    public static SettleRequest Settle(string person, string requestId, Claim claim) => new()
    {
        RequestId = requestId,
        Person = person,
        VisitId = "v-" + requestId,
        ChargeBatch = "1",
        Claim = claim,
    };
}
