using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests;

/// <summary>Who may do what: keys, roles, and what the agency registered of a facility.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private const string Own = "H210100001";
    private readonly string keyPath = Path.Combine(Path.GetTempPath(), $"keys-{Guid.NewGuid():N}.json");
    private TestSilo silo = null!;
    private Metadata agency = [];
    private Metadata facility = [];

    public async Task InitializeAsync()
    {
        KeyFile file = new();
        (string agencyKey, file) = file.Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        RegisteredFacility registered = new()
        {
            Code = Own, Level = "LEVEL_3", Kind = "GENERAL", Division = "210100", Designated = true, AssistanceDesignated = true,
        };
        (string facilityKey, file) = file.Add(Role.Facility, registered, DateTimeOffset.UnixEpoch);
        file.Write(keyPath);
        agency = new Metadata { { "authorization", $"Bearer {agencyKey}" } };
        facility = new Metadata { { "authorization", $"Bearer {facilityKey}" } };
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={keyPath}"]);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), agency);
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        File.Delete(keyPath);
    }

    [Fact]
    public async Task Without_a_key_or_with_a_wrong_one_nothing_is_served()
    {
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000, Own));
        Metadata wrong = new() { { "authorization", "Bearer sk_0_0" } };

        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, silo.Settlement.SettleAsync(request));
        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, silo.Settlement.SettleAsync(request, wrong));
        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, silo.Settlement.PingAsync(new PingRequest()));
    }

    [Fact]
    public async Task The_key_file_holds_no_key()
    {
        string text = await File.ReadAllTextAsync(keyPath);
        Assert.DoesNotContain(agency.GetValue("authorization")!["Bearer ".Length..], text);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyPath));
    }

    [Fact]
    public async Task A_facility_may_leave_out_what_the_agency_registered_of_it()
    {
        Claim claim = Requests.Inpatient(4_000_000);
        claim.Facility = new Facility();

        SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim), facility);
        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = settled.Result.SettlementId }, facility);

        Assert.Equal(Requests.Hospital(Own), view.Claim.Facility);
    }

    [Fact]
    public async Task A_facility_may_not_claim_another_level_than_registered()
    {
        Claim claim = Requests.Inpatient(4_000_000, Own);
        claim.Facility.Level = Facility.Types.Level.Primary;

        Google.Rpc.ErrorInfo info = await Refused.With(
            "FACILITY_FACTS_DIFFER", StatusCode.InvalidArgument, silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim), facility));
        Assert.Equal("claim.facility.level", info.Metadata["field"]);
    }

    [Fact]
    public async Task A_facility_settles_reverses_and_sees_its_own_only()
    {
        Claim elsewhere = Requests.Inpatient(4_000_000, "H210100002");
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Settlement.SettleAsync(
            Requests.Settle("P1", "r1", elsewhere), facility));
        SettleResponse other = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", elsewhere), agency);

        await Refused.With("NOT_FOUND", StatusCode.NotFound, silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = other.Result.SettlementId }, facility));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = other.Result.SettlementId }, facility));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = "r2", Facility = "H210100002" }, facility));
        ListSettlementsResponse listed = await silo.Settlement.ListSettlementsAsync(new ListSettlementsRequest { Person = "P1" }, facility);
        Assert.Empty(listed.Settlements);
    }

    [Fact]
    public async Task A_facility_voids_its_own_requests_and_sees_its_own_books_only()
    {
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Settlement.VoidAsync(
            new VoidRequest { RequestId = "r1", Person = "P1", Facility = "H210100002" }, facility));
        await silo.Settlement.VoidAsync(new VoidRequest { RequestId = "r1", Person = "P1" }, facility);
        await Refused.With("REQUEST_VOIDED", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(
            Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000, Own)), facility));
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000, "H210100002")), agency);

        Reconciliation.ReconciliationClient books = new(silo.Channel());
        string today = $"{TimeProvider.System.GetUtcNow().AddHours(8):yyyy-MM-dd}";
        GetTotalsRequest totals = new() { From = today, To = today };
        Assert.Equal(
            (Own, 0L), ((await books.GetTotalsAsync(totals, facility)).Facility, (await books.GetTotalsAsync(totals, facility))
            .Sum.Settlements));
        totals.Facility = "H210100002";
        Assert.Equal(1, (await books.GetTotalsAsync(totals, agency)).Sum.Settlements);
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, books.GetTotalsAsync(totals, facility));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, books.GetMonthStatementAsync(
            new GetMonthStatementRequest { Facility = "H210100002", Month = "2026-04" }, facility));
        using AsyncServerStreamingCall<MonthStatement> all = books.ListMonthStatements(
            new ListMonthStatementsRequest { Month = "2026-04" }, facility);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => all.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        using AsyncServerStreamingCall<DetailItem> list = books.ListDetails(
            new ListDetailsRequest { From = today, To = today, Facility = "H210100002" }, facility);
        refused = await Assert.ThrowsAsync<RpcException>(() => list.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task Only_the_agency_records_facts()
    {
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Enrolment.RegisterAsync(Requests.Register("P2"), facility));
        RecordRequest record = new() { RequestId = "f1", Person = "P1", Region = Requests.Shenyang };
        record.Facts.Add(Requests.Group(Membership.Types.Group.Orphan));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Enrolment.RecordAsync(record, facility));
        Assert.Equal(2, (await silo.Enrolment.RecordAsync(record, agency)).Sequence);
    }

    [Fact]
    public async Task The_same_holds_over_json()
    {
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        using HttpResponseMessage refused = await http.PostAsync("/v1/Settlement/Ping", Body("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        http.DefaultRequestHeaders.Add("Authorization", facility.GetValue("authorization"));
        string request = $$$$"""
            {"requestId": "r1", "person": "P1", "visitId": "v1", "chargeBatch": "1",
             "claim": {"region": "210100", "scheme": "RESIDENT", "visitType": "INPATIENT", "facility": {"code": "{{{{Own}}}}"},
                       "admissionDate": "2026-03-01", "dischargeDate": "2026-03-10", "totals": {"total": 4000000, "inScope": "4000000"}}}
            """;
        using HttpResponseMessage settled = await http.PostAsync("/v1/Settlement/Settle", Body(request));
        using JsonDocument result = JsonDocument.Parse(await settled.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, settled.StatusCode);
        Assert.Equal("2955000", result.RootElement.GetProperty("result").GetProperty("pooled").GetString());

        using HttpResponseMessage bad = await http.PostAsync("/v1/Settlement/Settle", Body(request.Replace("2026-03-10", "2026-02-30")));
        using JsonDocument status = JsonDocument.Parse(await bad.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        JsonElement info = status.RootElement.GetProperty("details")[0];
        Assert.Equal("INVALID_FIELD", info.GetProperty("reason").GetString());
        Assert.Equal("claim.dischargeDate", info.GetProperty("metadata").GetProperty("field").GetString());

        using HttpResponseMessage garbage = await http.PostAsync("/v1/Settlement/Settle", Body("{\"person\": 1"));
        Assert.Equal(HttpStatusCode.BadRequest, garbage.StatusCode);
    }

    [Fact]
    public async Task A_new_key_holds_without_a_restart()
    {
        (string text, KeyFile file) = KeyFile.Read(keyPath).Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        file.Write(keyPath);
        Metadata fresh = new() { { "authorization", $"Bearer {text}" } };

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await silo.Settlement.PingAsync(new PingRequest(), fresh, cancellationToken: patience.Token);
                return;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unauthenticated)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
