using Google.Protobuf.Collections;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Reads;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Persons;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Enrolment service. Recording facts is the agency's; asking for cover is open to every facility.</summary>
public sealed class EnrolmentOperations(IGrainFactory grains, ReadTrail reads)
{
    private const int MaxFacts = 1_000;

    /// <summary>Registers a person.</summary>
    public async Task<RecordResponse> Register(RegisterRequest request, Caller caller)
    {
        caller.RequireAgency("register a person");
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        DateOnly birth = Check.Date("birthDate", request.BirthDate);
        if (PersonId.BirthDate(request.Person) is { } inside && inside != birth)
            throw Check.Invalid("birthDate", "****", "the birth date inside the citizen identity number", "与身份证号码中的出生日期不一致");
        Check.Division("region", request.Region);
        CheckFacts(request.Facts);
        return SettlementOperations.Value(await Person(request.Person).Register(new Immutable<RegisterRequest>(request)));
    }

    /// <summary>Adds facts to a registered person.</summary>
    public async Task<RecordResponse> Record(RecordRequest request, Caller caller)
    {
        caller.RequireAgency("record facts of a person");
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        Check.Division("region", request.Region);
        if (request.Facts.Count == 0) throw Check.Missing("facts");
        CheckFacts(request.Facts);
        return SettlementOperations.Value(await Person(request.Person).Record(new Immutable<RecordRequest>(request)));
    }

    /// <summary>The cover given by a year's premium.</summary>
    public async Task<GetCoverageResponse> GetCoverage(GetCoverageRequest request, Caller caller)
    {
        caller.Require(Scope.Read);
        Check.Person(request.Person);
        Check.Division("region", request.Region);
        Check.KnownOrAbsent("scheme", request.Scheme);
        Check.Year("year", request.Year);
        reads.Note(caller, "Enrolment/GetCoverage", request.Person);
        return SettlementOperations.Value(await Person(request.Person).GetCoverage(new Immutable<GetCoverageRequest>(request)));
    }

    private static void CheckFacts(RepeatedField<Fact> facts)
    {
        Check.AtMost("facts (number of)", facts.Count, MaxFacts);
        for (int i = 0; i < facts.Count; i++) FactShape.Validate($"facts[{i}]", facts[i]);
    }

    private IInsuredPersonGrain Person(string person) => grains.GetGrain<IInsuredPersonGrain>(person);
}
