using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Cluster.Tests;

/// <summary>Who may correct, what a request must say, and the JSON face.</summary>
public sealed class CorrectionRequestTests : IAsyncLifetime
{
    private readonly string keyPath = Path.Combine(Path.GetTempPath(), $"keys-{Guid.NewGuid():N}.json");
    private TestSilo silo = null!;
    private Agency.AgencyClient client = null!;
    private Metadata agency = [];
    private Metadata facility = [];
    private CorrectRequest request = null!;

    public async Task InitializeAsync()
    {
        KeyFile file = new();
        (string agencyKey, file) = file.Add(Identity.Role.Agency, null, DateTimeOffset.UnixEpoch);
        (string facilityKey, file) = file.Add(
            Identity.Role.Facility, new RegisteredFacility { Code = "H210100001" }, DateTimeOffset.UnixEpoch);
        file.Write(keyPath);
        agency = new Metadata { { "authorization", $"Bearer {agencyKey}" } };
        facility = new Metadata { { "authorization", $"Bearer {facilityKey}" } };
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={keyPath}"]);
        client = new Agency.AgencyClient(silo.Channel());
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), agency);
        Claim claim = Requests.Inpatient(4_000_000);
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim), facility)).Result;
        claim.Facility.Level = Facility.Types.Level._1;
        request = new CorrectRequest { RequestId = "c1", SettlementId = settled.SettlementId, Claim = claim, Reason = "等级有误" };
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        File.Delete(keyPath);
    }

    [Fact]
    public async Task Only_the_agency_corrects_and_previews_also_at_the_facilitys_own_settlement()
    {
        foreach (bool preview in (bool[])[true, false])
        {
            request.Preview = preview;
            await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, client.CorrectAsync(request, facility));
            await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, client.CorrectAsync(request));
        }

        CorrectResponse answer = await client.CorrectAsync(request, agency);
        // The facility sees what became of its settlement, and the one that stands, as its own.
        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = request.SettlementId }, facility);
        Assert.Equal(answer.ReplacedBy, view.ReplacedBy);
        ReverseRequest reverse = new() { RequestId = "x1", SettlementId = answer.ReplacedBy };
        Assert.Equal(answer.ReplacedBy, (await silo.Settlement.ReverseAsync(reverse, facility)).SettlementId);
        Assert.Equal(
            "H210100001", (await silo.Ledger.ReadByRequestAsync(Settlement.Ledger.LedgerKey.ForRequest("H210100001", "x1")))!.Origin);
    }

    [Fact]
    public async Task A_malformed_request_is_refused_with_its_field()
    {
        await FieldAsync("requestId", asked => asked.RequestId = "");
        await FieldAsync("settlementId", asked => asked.SettlementId = "");
        await FieldAsync("reason", asked => asked.Reason = "  ");
        Assert.Equal("501 characters", await FieldAsync("reason", asked => asked.Reason = new string('因', 501)));
        await FieldAsync("claim", asked => asked.ClearReplacement());
        await FieldAsync("takeBack", asked => asked.TakeBack = false);
        await FieldAsync("claim.facility", asked => asked.Claim.Facility = null);
        Assert.Equal(2, (await Audits.FingerprintAsync(silo)).Count);
    }

    [Fact]
    public async Task An_unknown_settlement_and_that_of_another_person_are_not_found()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P2"), agency);
        request.Person = "P2";
        await Refused.With("NOT_FOUND", StatusCode.NotFound, client.CorrectAsync(request, agency));
        (request.Person, request.SettlementId) = ("P1", "NOSUCHSETTLEMENT");
        await Refused.With("NOT_FOUND", StatusCode.NotFound, client.CorrectAsync(request, agency));
        request.Person = "";
        await Refused.With("NOT_FOUND", StatusCode.NotFound, client.CorrectAsync(request, agency));
    }

    [Fact]
    public async Task The_json_face_corrects_as_grpc_does()
    {
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        http.DefaultRequestHeaders.Add("Authorization", agency.GetValue("authorization"));
        using StringContent body = new(JsonFormatter.Default.Format(request), Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await http.PostAsync("/v1/Agency/Correct", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal("428000", JsonDocument.Parse(text).RootElement.GetProperty("refund").GetString());
        Assert.Equal(await client.CorrectAsync(request, agency), CorrectResponse.Parser.ParseJson(text));
    }

    private async Task<string> FieldAsync(string field, Action<CorrectRequest> spoil)
    {
        CorrectRequest asked = request.Clone();
        spoil(asked);
        Google.Rpc.ErrorInfo refused = await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, client.CorrectAsync(asked, agency));
        Assert.Equal(field, refused.Metadata["field"]);
        return refused.Metadata.TryGetValue("value", out string? value) ? value : "";
    }
}
