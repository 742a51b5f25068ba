using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Cluster.Tests;

/// <summary>
/// What binds a facility that settles by its own key: a contract in force on the day of discharge, and no discharge ahead of today in
/// China.
/// </summary>
public sealed class FacilityTermsTests : IAsyncLifetime
{
    private const string Contracted = "H210100001";
    private readonly string keyPath = Path.Combine(Path.GetTempPath(), $"keys-{Guid.NewGuid():N}.json");
    private readonly Metadata agency = [];
    private readonly Metadata facility = [];
    private readonly Metadata open = [];
    private TestSilo silo = null!;

    public async Task InitializeAsync()
    {
        KeyFile file = Add(new KeyFile(), Role.Agency, null, agency);
        file = Add(file, Role.Facility, Registered(Contracted) with { ContractFrom = new(2026, 1, 1), ContractTo = new(2026, 3, 9) },
            facility);
        file = Add(file, Role.Facility, Registered("H210100002"), open);
        file.Write(keyPath);
        // Half past midnight in China is the day before in UTC.
        silo = await TestSilo.StartAsync(new FixedMoment("2026-03-09T00:30:00+08:00"),
            // A rate counts by the clock, which stands still here.
            [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={keyPath}", "Gateway:Overload:FacilityRequestsPerSecond=0"]);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), agency);
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        File.Delete(keyPath);
    }

    [Fact]
    public async Task A_facility_settles_todays_discharge_and_is_refused_tomorrows()
    {
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Stay("2026-03-09")), open);

        Google.Rpc.ErrorInfo info = await Refused.With(
            "DATE_AHEAD", StatusCode.FailedPrecondition,
                silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Stay("2026-03-10")), open));

        Assert.Equal(
            ("claim.dischargeDate", "2026-03-10", "2026-03-09"), (info.Metadata["field"], info.Metadata["value"], info.Metadata["today"]));
    }

    [Fact]
    public async Task What_lies_ahead_may_be_quoted_by_anyone_and_settled_by_the_agency()
    {
        QuoteResponse quote = await silo.Settlement.QuoteAsync(new QuoteRequest { Person = "P1", Claim = Stay("2026-03-20") }, open);
        SettleResponse settled = await silo.Settlement.SettleAsync(
            Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000, discharged: "2026-03-20")), agency);

        Assert.Equal(quote.Result.Pooled, settled.Result.Pooled);
    }

    [Fact]
    public async Task A_recorded_contract_must_hold_on_the_day_of_discharge()
    {
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Stay("2026-03-09")), facility);
        Claim before = Stay("2025-12-31");
        before.AdmissionDate = "2025-12-28";

        Google.Rpc.ErrorInfo info = await Refused.With(
            "CONTRACT_NOT_IN_FORCE", StatusCode.FailedPrecondition,
                silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", before), facility));

        Assert.Equal(
            ("claim.dischargeDate", "2026-01-01", "2026-03-09"),
            (info.Metadata["field"], info.Metadata["contractFrom"], info.Metadata["contractTo"]));
        await Refused.With("CONTRACT_NOT_IN_FORCE", StatusCode.FailedPrecondition, silo.Settlement.QuoteAsync(
            new QuoteRequest { Person = "P1", Claim = Stay("2026-03-10") }, facility));
        await Refused.With("CONTRACT_NOT_IN_FORCE", StatusCode.FailedPrecondition, silo.Settlement.CheckDepositAsync(
            new CheckDepositRequest { Person = "P1", Claim = Stay("2026-03-10") }, facility));
    }

    [Fact]
    public async Task What_was_accepted_under_a_contract_is_answered_again_after_its_end()
    {
        SettleRequest request = Requests.Settle("P1", "r1", Stay("2026-03-05"));
        SettleResponse first = await silo.Settlement.SettleAsync(request.Clone(), facility);
        KeyFile keys = KeyFile.Read(keyPath);
        KeyFile ended =
            keys with { Keys = [
            .. keys.Keys.Select(key => key.Facility?.Code == Contracted
            ? key with { Facility = key.Facility with { ContractTo = new(2026, 3, 1) } }
            : key)] };
        ended.Write(keyPath);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!await IsRefusedAsync(Stay("2026-03-06"))) patience.Token.ThrowIfCancellationRequested();

        Assert.Equal(first, await silo.Settlement.SettleAsync(request, facility));
    }

    [Fact]
    public async Task A_facility_does_not_see_what_the_agency_paid_by_hand_of_its_bills()
    {
        ReimburseRequest request = new()
        {
            RequestId = "h1", Person = "P1", VisitId = "v1", ChargeBatch = "1",
                Claim = Requests.Inpatient(4_000_000, discharged: "2026-03-08"), ReceivedOn = "2026-03-09",
        };
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, new Agency.AgencyClient(silo.Channel())
            .ReimburseAsync(request, facility));

        ReimburseResponse paid = await new Agency.AgencyClient(silo.Channel()).ReimburseAsync(request, agency);

        await Refused.With("NOT_FOUND", StatusCode.NotFound, silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = paid.Result.SettlementId }, facility));
        Assert.Empty((await silo.Settlement.ListSettlementsAsync(new ListSettlementsRequest { Person = "P1" }, facility)).Settlements);
    }

    [Theory]
    [InlineData("""{"code": "H1", "contractFrom": "2026-02-01", "contractTo": "2026-01-31"}""")]
    [InlineData("""{"code": "H1", "contractTo": "2026-01-31"}""")]
    public void A_key_file_with_a_contract_that_never_holds_is_not_read(string registered)
    {
        File.WriteAllText(keyPath, $$"""{"keys": [{"id": "k", "role": "facility", "sha256": "0", "createdAt": "2026-01-01T00:00:00Z", "facility": {{registered}}}]}""");
        Assert.Contains("contract that ends on 2026-01-31", Assert.Throws<InvalidDataException>(() => KeyFile.Read(keyPath)).Message);
    }

    private async Task<bool> IsRefusedAsync(Claim claim)
    {
        try
        {
            await silo.Settlement.QuoteAsync(new QuoteRequest { Person = "P1", Claim = claim }, facility);
            return false;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
        {
            return true;
        }
    }

    /// <summary>A stay at the calling facility, its facts left to the registration.</summary>
    private static Claim Stay(string discharged)
    {
        Claim claim = Requests.Inpatient(4_000_000, discharged: discharged);
        claim.Facility = new Facility();
        return claim;
    }

    private static RegisteredFacility Registered(string code) => new()
    {
        Code = code, Level = "LEVEL_3", Kind = "GENERAL", Division = "210100", Designated = true, AssistanceDesignated = true,
    };

    private static KeyFile Add(KeyFile file, Role role, RegisteredFacility? registered, Metadata headers)
    {
        (string text, KeyFile with) = file.Add(role, registered, DateTimeOffset.UnixEpoch);
        headers.Add("authorization", $"Bearer {text}");
        return with;
    }
}
