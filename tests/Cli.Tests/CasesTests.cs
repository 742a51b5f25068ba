using Grpc.Core;
using Settlement.Cli.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cli.Tests;

/// <summary>Worked cases against a server: what is sent for a case, and how answers, refusals and missing operations are judged.</summary>
public sealed class CasesTests : IAsyncLifetime, IDisposable
{
    private const string Person = """
        {"birthDate": "1980-05-20", "insured": [{"from": "2020-01-01", "category": "ADULT"}],
         "groups": [{"group": "ORPHAN", "from": "2024-01-01"}], "contributions": [{"year": 2025, "paidOn": "2024-10-15"}]}
        """;

    private const string Claim = """
        {"region": "210100", "scheme": "RESIDENT", "visitType": "INPATIENT", "admissionDate": "2025-03-04", "dischargeDate": "2025-03-10",
         "facility": {"code": "H1", "level": "LEVEL_3", "kind": "GENERAL", "division": "210102", "designated": true},
         "totals": {"total": 1000, "selfFunded": 0, "overLimit": 0, "preSelfPay": 0, "preSelfPayNotCounted": 0, "inScope": 1000},
         "diagnoses": ["ONCOLOGY_TREATMENT", "AIDS"]}
        """;

    private const string Expected = """
        {"deductibleStandard": 600, "deductiblePaid": 600, "pooled": 300, "seriousIllness": 0, "assistanceBasic": 0, "assistanceTilt": 0,
         "assistanceOutpatient": 0, "assistanceOther": 0, "personPays": 700, "outOfAreaKind": "LOCAL"}
        """;

    private readonly TestHost host = new();
    private readonly List<SettleRequest> settled = [];
    private FakeServer server = null!;

    public async Task InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        server.Answers.Register = request => new RecordResponse { Person = request.Person, Sequence = 1, RequestId = request.RequestId };
        server.Answers.Settle = request =>
        {
            settled.Add(request);
            return new SettleResponse { Result = Answer($"ID{settled.Count}") };
        };
        server.Answers.GetAccount = request => new GetAccountResponse
        {
            Person = request.Person,
            Counters = { new Counter { Name = "pooledPaid", Year = 2025, Value = 300 } },
        };
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task A_case_whose_every_field_matches_passes()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync(Settle("S1", Expected)));
        Assert.Equal("1 cases: 1 passed, 0 failed\n", host.Out);
    }

    [Fact]
    public async Task The_person_and_the_claim_reach_the_server_whole()
    {
        RegisterRequest? registered = null;
        server.Answers.Register = request =>
        {
            registered = request;
            return new RecordResponse();
        };
        await RunAsync(Settle("S1", Expected));
        Assert.Equal(("1980-05-20", "210100"), (registered!.BirthDate, registered.Region));
        Assert.Equal(
            [Fact.FactOneofCase.Insured, Fact.FactOneofCase.Group, Fact.FactOneofCase.Contribution],
            registered.Facts.Select(fact => fact.FactCase).Order());
        Assert.Equal(Membership.Types.Group.Orphan, registered.Facts.Single(fact => fact.Group is not null).Group.Group);
        Claim claim = Assert.Single(settled).Claim;
        Assert.Equal(
            (Facility.Types.Level._3, Visit.Types.Type.Inpatient, 1000L), (claim.Facility.Level, claim.VisitType, claim.Totals.InScope));
        Assert.Equal(["ONCOLOGY_TREATMENT", "AIDS"], claim.Diagnoses);
    }

    [Fact]
    public async Task Every_run_has_its_own_person_and_requests()
    {
        await RunAsync(Settle("S1", Expected));
        await RunAsync(Settle("S1", Expected));
        Assert.NotEqual(settled[0].Person, settled[1].Person);
        Assert.NotEqual(settled[0].RequestId, settled[1].RequestId);
        Assert.All(settled, request => Assert.InRange(request.RequestId.Length, 1, 30));
    }

    [Fact]
    public async Task Steps_without_a_request_id_are_different_charges_and_a_repeated_one_is_the_same()
    {
        await RunAsync($"{Settle("S1", Expected)}, {Settle("S2", Expected)}, {Settle("S3", Expected, "R")}, {Settle("S3", Expected, "R")}");
        Assert.Equal(3, settled.Select(request => (request.RequestId, request.VisitId, request.ChargeBatch)).Distinct().Count());
        Assert.Equal(settled[2].RequestId, settled[3].RequestId);
    }

    [Fact]
    public async Task A_wrong_amount_is_named_with_case_step_field_and_both_values()
    {
        Assert.Equal(ExitCode.Refused, await RunAsync(Settle("S1", Expected.Replace("300", "301"))));
        Assert.Contains("C1 (4.1) settle S1: pooled: expected 301, got 300", host.Out);
        Assert.Contains("1 cases: 0 passed, 1 failed", host.Out);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_the_settlement_in_the_way_gets_its_name_in_the_case()
    {
        server.Answers.Reverse = request =>
            throw FakeAnswers.Refusal(StatusCode.FailedPrecondition, "NOT_LATEST", "A later settlement stands.", ("blockedBy", "ID2"));
        string reverse = """{"op": "reverse", "settlement": "S1", "by": "AGENCY", "expect": {"rejected": "NOT_LATEST", "blockedBy": "S2"}}""";
        Assert.Equal(ExitCode.Ok, await RunAsync($"{Settle("S1", Expected)}, {Settle("S2", Expected)}, {reverse}"));
    }

    [Fact]
    public async Task An_operation_the_server_does_not_have_fails_the_case_with_its_reason()
    {
        string coverage = """{"op": "coverage", "year": 2025, "expect": {"from": "2025-01-01", "to": "2025-12-31"}}""";
        Assert.Equal(ExitCode.Refused, await RunAsync(coverage));
        Assert.Contains("coverage 2025", host.Out);
        Assert.Contains("not supported here", host.Out);
    }

    [Fact]
    public async Task Counters_are_compared_at_the_end()
    {
        string counters = """{"years": {"2025": {"pooledPaid": 301}}, "pregnancies": {}, "cycles": []}""";
        Assert.Equal(ExitCode.Refused, await RunAsync(Settle("S1", Expected), counters));
        Assert.Contains("finalCounters: years.2025.pooledPaid: expected 301, got 300", host.Out);
    }

    [Fact]
    public async Task A_section_without_cases_ends_with_2()
    {
        string file = host.Write("cases.json", CaseFile(Settle("S1", Expected), null));
        Assert.Equal(ExitCode.Usage, await host.RunAsync("cases", file, "--rule", "7", "--server", server.Address));
        Assert.Contains("no case of 7", host.Error);
    }

    [Fact]
    public async Task A_file_that_is_no_case_file_ends_with_2()
    {
        string file = host.Write("cases.json", """[{"id": "C1", "nonsense": 1}]""");
        Assert.Equal(ExitCode.Usage, await host.RunAsync("cases", file, "--server", server.Address));
        Assert.Contains("C1", host.Error);
    }

    [Fact]
    public async Task Without_a_server_the_command_ends_with_3()
    {
        string address = server.Address;
        await server.DisposeAsync();
        string file = host.Write("cases.json", CaseFile(Settle("S1", Expected), null));
        Assert.Equal(ExitCode.Environment, await host.RunAsync("cases", file, "--server", address));
    }

    private Task<int> RunAsync(string steps, string? counters = null) =>
        host.RunAsync("cases", host.Write("cases.json", CaseFile(steps, counters)), "--server", server.Address);

    private static string CaseFile(string steps, string? counters) =>
        $$"""[{"id": "C1", "rule": "4.1", "why": "a test", "person": {{Person}}, "steps": [{{steps}}]{{(counters is null ? "" : $", \"finalCounters\": {counters}")}}}]""";

    private static string Settle(string id, string expect, string? requestId = null) =>
        $$"""{"op": "settle", "id": "{{id}}", "claim": {{(requestId is null ? Claim : Claim.Replace("\"region\"", $"\"requestId\": \"{requestId}\", \"region\""))}}, "expect": {{expect}}}""";

    private static SettlementResult Answer(string id) => new()
    {
        SettlementId = id,
        DeductibleStandard = 600,
        DeductiblePaid = 600,
        Pooled = 300,
        PersonPays = 700,
        OutOfAreaKind = OutOfArea.Types.Kind.Local,
    };
}
