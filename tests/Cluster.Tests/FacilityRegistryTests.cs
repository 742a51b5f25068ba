using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Identity;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests;

/// <summary>The agency registers facilities in the cluster; a facility whose key carries no facts settles with those.</summary>
public sealed class FacilityRegistryTests : IAsyncLifetime
{
    private const string Code = "H210100001";
    private readonly string keyPath = Path.Combine(Path.GetTempPath(), $"keys-{Guid.NewGuid():N}.json");
    private readonly Metadata agency = [];
    private readonly Metadata facility = [];
    private readonly ManualTimeProvider clock = new(DateTimeOffset.Parse("2026-03-09T12:00:00+08:00", null));
    private string[] ledger = [];
    private TestSilo silo = null!;

    public async Task InitializeAsync()
    {
        KeyFile file = Add(new KeyFile(), Role.Agency, null, agency);
        Add(file, Role.Facility, new RegisteredFacility { Code = Code }, facility).Write(keyPath);
        ledger = await TestLedgers.SqliteAsync();
        silo = await StartAsync();
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), agency);
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        File.Delete(keyPath);
    }

    [Fact]
    public async Task A_facility_settles_with_the_registered_facts()
    {
        await Registry().RegisterFacilityAsync(Registration(), agency);

        SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Stay("2026-03-05")), facility);

        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = settled.Result.SettlementId }, facility);
        Assert.Equal(Requests.Hospital(Code), view.Claim.Facility);
        Claim other = Stay("2026-03-05");
        other.Facility.Level = Facility.Types.Level._1;
        await Refused.With(
            "FACILITY_FACTS_DIFFER", StatusCode.InvalidArgument, silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", other), facility));
    }

    [Fact]
    public async Task Of_several_contract_periods_the_one_of_the_day_of_discharge_counts()
    {
        await Registry().RegisterFacilityAsync(Registration(Period("2025-01-01", "2025-12-31"), Period("2026-03-01", "")), agency);

        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Stay("2026-03-05")), facility);
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Stay("2025-06-10", admitted: "2025-06-01")), facility);
        Google.Rpc.ErrorInfo info = await Refused.With("CONTRACT_NOT_IN_FORCE", StatusCode.FailedPrecondition,
            silo.Settlement.SettleAsync(Requests.Settle("P1", "r3", Stay("2026-02-10", admitted: "2026-02-01")), facility));

        Assert.Equal(("2025-01-01", "2025-12-31"), (info.Metadata["contractFrom"], info.Metadata["contractTo"]));
    }

    [Fact]
    public async Task A_registration_is_changed_by_its_version_and_what_is_sent_again_is_answered_again()
    {
        FacilityRecord first = await Registry().RegisterFacilityAsync(Registration(), agency);
        Assert.Equal(first, await Registry().RegisterFacilityAsync(Registration(), agency));
        await Refused.With("FACILITY_REGISTERED", StatusCode.AlreadyExists, Registry()
            .RegisterFacilityAsync(Registration(Period("2026-01-01", "")), agency));

        ChangeFacilityRequest change = new() { Facility = Requests.Hospital(Code), Contracts = { Period("2026-01-01", "") }, Version = 1 };
        FacilityRecord second = await Registry().ChangeFacilityAsync(change, agency);
        Assert.Equal(second, await Registry().ChangeFacilityAsync(change, agency));
        ChangeFacilityRequest late = new() { Facility = Requests.Hospital(Code), Version = 1 };
        await Refused.With("FACILITY_VERSION_CONFLICT", StatusCode.Aborted, Registry().ChangeFacilityAsync(late, agency));

        Assert.Equal(2, second.Version);
        Assert.Equal(second, await Registry().GetFacilityAsync(new GetFacilityRequest(), facility));
    }

    [Fact]
    public async Task A_change_holds_within_a_minute_and_settling_in_between_asks_nobody()
    {
        await Registry().RegisterFacilityAsync(Registration(), agency);
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Stay("2026-03-05")), facility);
        // Behind the gateway's back, as another gateway would.
        await using (TestSilo other = await StartAsync())
            await new Facilities.FacilitiesClient(other.Channel())
                .ChangeFacilityAsync(
                new() { Facility = Requests.Hospital(Code), Contracts = { Period("2025-01-01", "2025-12-31") } }, agency);

        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Stay("2026-03-05")), facility);
        clock.Advance(FacilityRegistry.Stale);

        await Refused.With("CONTRACT_NOT_IN_FORCE", StatusCode.FailedPrecondition,
            silo.Settlement.SettleAsync(Requests.Settle("P1", "r3", Stay("2026-03-05")), facility));
    }

    [Fact]
    public async Task Registering_is_the_agencys_and_a_facility_reads_its_own()
    {
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, Registry().RegisterFacilityAsync(Registration(), facility));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, Registry()
            .ChangeFacilityAsync(new() { Facility = Requests.Hospital(Code) }, facility));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, Registry()
            .GetFacilityAsync(new GetFacilityRequest { Facility = "H9" }, facility));
        await Refused.With("NOT_FOUND", StatusCode.NotFound, Registry()
            .GetFacilityAsync(new GetFacilityRequest { Facility = "H9" }, agency));
        await Refused.With("NOT_FOUND", StatusCode.NotFound, Registry()
            .ChangeFacilityAsync(new() { Facility = Requests.Hospital(Code) }, agency));
    }

    [Theory]
    [InlineData("2026-01-01", "2025-12-31", "", "", "contracts[0].to")]
    [InlineData("2026-01-01", "2026-06-30", "2026-06-30", "", "contracts[1].from")]
    [InlineData("2026-01-01", "", "2027-01-01", "", "contracts[0].to")]
    [InlineData("2026-13-01", "2026-06-30", "", "", "contracts[0].from")]
    public async Task Contract_periods_that_cannot_be_are_refused(string from, string to, string from2, string to2, string field)
    {
        RegisterFacilityRequest request = Registration(Period(from, to));
        if (from2.Length > 0) request.Contracts.Add(Period(from2, to2));

        Google.Rpc.ErrorInfo info = await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, Registry()
            .RegisterFacilityAsync(request, agency));

        Assert.Equal(field, info.Metadata["field"]);
    }

    private Task<TestSilo> StartAsync() => TestSilo.StartAsync(clock, [.. ledger, $"Gateway:KeyFile={keyPath}"]);

    private Facilities.FacilitiesClient Registry() => new(silo.Channel());

    private static RegisterFacilityRequest Registration(params ContractPeriod[] contracts) =>
        new() { Facility = Requests.Hospital(Code), Contracts = { contracts } };

    private static ContractPeriod Period(string from, string to) => new() { From = from, To = to };

    /// <summary>A stay at the calling facility, its facts left to the registry.</summary>
    private static Claim Stay(string discharged, string admitted = "2026-03-01")
    {
        Claim claim = Requests.Inpatient(4_000_000, discharged: discharged);
        claim.AdmissionDate = admitted;
        claim.Facility = new Facility();
        return claim;
    }

    private static KeyFile Add(KeyFile file, Role role, RegisteredFacility? registered, Metadata headers)
    {
        (string text, KeyFile with) = file.Add(role, registered, DateTimeOffset.UnixEpoch);
        headers.Add("authorization", $"Bearer {text}");
        return with;
    }
}
