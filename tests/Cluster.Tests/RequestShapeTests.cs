using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>Requests which are not well formed are refused with field, value and rule; personal values are masked.</summary>
public sealed class RequestShapeTests : IAsyncLifetime
{
    private TestSilo silo = null!;

    public async Task InitializeAsync() => silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    public static TheoryData<string, Action<SettleRequest>> BrokenRequests => new()
    {
        { "requestId", r => r.RequestId = "" },
        { "requestId", r => r.RequestId = new string('x', 31) },
        { "requestId", r => r.RequestId = "two words" },
        { "visitId", r => r.VisitId = "" },
        { "chargeBatch", r => r.ChargeBatch = "" },
        { "person", r => r.Person = "" },
        { "person", r => r.Person = "P 1" },
        { "claim", r => r.Claim = null },
        { "claim.region", r => r.Claim.Region = "21010" },
        { "claim.scheme", r => r.Claim.Scheme = Scheme.Types.Kind.Unspecified },
        { "claim.visitType", r => r.Claim.VisitType = (Visit.Types.Type)77 },
        { "claim.dischargeDate", r => r.Claim.DischargeDate = "2026-13-01" },
        { "claim.dischargeDate", r => r.Claim.DischargeDate = "" },
        { "claim.dischargeDate", r => r.Claim.DischargeDate = "9999-12-31" },
        { "claim.admissionDate", r => r.Claim.AdmissionDate = "0001-01-01" },
        { "claim.admissionDate", r => r.Claim.AdmissionDate = "" },
        { "claim.facility", r => r.Claim.Facility = null },
        { "claim.facility.code", r => r.Claim.Facility.Code = "" },
        { "claim.facility.code", r => r.Claim.Facility.Code = "AGENCY" },
        { "claim.facility.level", r => r.Claim.Facility.Level = Facility.Types.Level.Unspecified },
        { "claim.facility.division", r => r.Claim.Facility.Division = "2101OO" },
        { "claim.facility.grade", r => r.Claim.Facility.Grade = "3C" },
        { "claim.totals (or claim.lines)", r => r.Claim.Totals = null },
        { "claim.lines[0].class", r => r.Claim.Lines.Add(new FeeLine { Code = "x", Price = 1, Quantity = 1 }) },
    };

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    public async Task A_malformed_settlement_is_refused_naming_the_field(string field, Action<SettleRequest> spoil)
    {
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        spoil(request);

        Google.Rpc.ErrorInfo info = await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, silo.Settlement.SettleAsync(request));

        Assert.Equal(field, info.Metadata["field"]);
        Assert.True(info.Metadata.ContainsKey("rule"));
    }

    [Theory]
    [InlineData("11010519491231002X", true)] // the example of GB 11643-1999
    [InlineData("11010519491231002x", false)]
    [InlineData("110105194912310021", false)]
    [InlineData("110105194913310025", false)]
    public async Task A_citizen_id_must_pass_its_check_digit_and_never_comes_back_unmasked(string person, bool valid)
    {
        RegisterRequest request = Requests.Register(person);
        request.BirthDate = "1949-12-31";
        request.RequestId = "reg1";
        if (valid)
        {
            Assert.Equal(1, (await silo.Enrolment.RegisterAsync(request)).Sequence);
            return;
        }

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => silo.Enrolment.RegisterAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.DoesNotContain(person, error.ToString());
    }

    [Fact]
    public async Task A_birth_date_other_than_the_one_in_the_citizen_id_is_refused()
    {
        RegisterRequest request = Requests.Register("11010519491231002X");
        request.RequestId = "reg1";
        Google.Rpc.ErrorInfo info = await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, silo.Enrolment.RegisterAsync(request));
        Assert.Equal("birthDate", info.Metadata["field"]);
    }

    [Fact]
    public async Task What_was_sent_is_quoted_shortly_because_a_status_travels_in_headers()
    {
        SettleRequest request = Requests.Settle("P1", new string('医', 5000), Requests.Inpatient(100_000));
        Google.Rpc.ErrorInfo info = await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, silo.Settlement.SettleAsync(request));
        Assert.Equal("requestId", info.Metadata["field"]);
        Assert.InRange(info.Metadata["value"].Length, 1, 203);
    }

    [Fact]
    public async Task Health_and_readiness_are_told_over_http()
    {
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        Assert.Equal("Healthy", await http.GetStringAsync("/health/live"));
        Assert.Equal("Healthy", await http.GetStringAsync("/health/ready"));
    }
}
