using Grpc.Core;
using Settlement.Cli.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cli.Tests;

/// <summary>The commands that talk to a server, over real gRPC: what is sent, what is printed, which exit code.</summary>
public sealed class ClientCommandTests : IAsyncLifetime, IDisposable
{
    private readonly TestHost host = new();
    private FakeServer server = null!;

    public async Task InitializeAsync() => server = await FakeServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Settle_sends_the_file_and_prints_who_pays()
    {
        SettleRequest? sent = null;
        server.Answers.Settle = request =>
        {
            sent = request;
            return new SettleResponse { Result = Examples.Result() };
        };
        Assert.Equal(ExitCode.Ok, await RunAsync("settle", Sample("settle.json")));
        Assert.Equal("210100198506151238", sent!.Person);
        Assert.Contains("67,050.00", host.Out);
        Assert.Contains("settlement statement " + Examples.SettlementId, host.Out);
        Assert.DoesNotContain(Examples.Person, host.Out + host.Error);
    }

    [Fact]
    public async Task Settle_says_when_the_charge_had_been_settled_before()
    {
        server.Answers.Settle = _ =>
            new SettleResponse { Result = Examples.Result(),
            AlreadySettled = new AlreadySettled { Code = "CHARGE_ALREADY_SETTLED", FirstRequestId = "R-FIRST" } };
        Assert.Equal(ExitCode.Ok, await RunAsync("settle", Sample("settle.json")));
        Assert.Contains("by request R-FIRST", host.Out);
    }

    [Fact]
    public async Task Reimburse_sends_the_file_and_says_by_when_it_was_due()
    {
        ReimburseRequest? sent = null;
        server.Answers.Reimburse = request =>
        {
            sent = request;
            SettlementResult result = Examples.Result();
            result.Alerts.Add(
                new Alert { Kind = Alert.Types.Kind.PovertyByIllness, State = Alert.Types.State.Raised, BenefitYear = 2025,
                Burden = 2_000_000 });
            return new ReimburseResponse { Result = result, Due = new DueDate { DueOn = "2025-04-14", WorkingDays = 30 }, Late = true };
        };
        Assert.Equal(ExitCode.Ok, await RunAsync("reimburse", host.Write("hand.json", """{"requestId": "h1", "person": "P1", "receivedOn": "2025-03-03"}""")));
        Assert.Equal(("h1", "2025-03-03"), (sent!.RequestId, sent.ReceivedOn));
        Assert.Contains("67,050.00", host.Out);
        Assert.Contains("due on 2025-04-14 (30 working days, public holidays not counted): settled late", host.Out);
        Assert.Contains("alert RAISED: POVERTY_BY_ILLNESS, burden of 2025 20,000.00", host.Out);
    }

    [Fact]
    public async Task Json_prints_the_answer_as_the_contract_has_it()
    {
        server.Answers.Settle = _ => new SettleResponse { Result = Examples.Result() };
        await RunAsync("settle", Sample("settle.json"), "--json");
        Assert.Equal(new SettleResponse { Result = Examples.Result() }, SettleResponse.Parser.ParseJson(host.Out));
    }

    [Fact]
    public async Task Quote_takes_a_file_made_for_settle()
    {
        QuoteRequest? sent = null;
        server.Answers.Quote = request =>
        {
            sent = request;
            SettlementResult result = Examples.Result();
            result.SettlementId = "";
            return new QuoteResponse { Result = result };
        };
        Assert.Equal(ExitCode.Ok, await RunAsync("quote", Sample("settle.json")));
        Assert.Equal("210100", sent!.Claim.Region);
        Assert.StartsWith("Quote for person", host.Out);
    }

    [Fact]
    public async Task A_refusal_ends_with_1_and_names_code_sentence_and_facts()
    {
        server.Answers.Settle = _ =>
            throw FakeAnswers.Refusal(
            StatusCode.FailedPrecondition, "NOT_COVERED", "No cover on the admission date.", ("field", "claim.admissionDate"));
        Assert.Equal(ExitCode.Refused, await RunAsync("settle", Sample("settle.json")));
        Assert.Contains("refused: NOT_COVERED: No cover on the admission date. [field = claim.admissionDate]", host.Error);
    }

    [Fact]
    public async Task No_answer_to_a_settlement_ends_with_4_and_tells_what_to_do()
    {
        server.Answers.Settle = _ => throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        Assert.Equal(ExitCode.Unknown, await RunAsync("settle", Sample("settle.json")));
        Assert.Contains("get-by-request", host.Error);
    }

    [Fact]
    public async Task No_answer_to_a_question_ends_with_3()
    {
        server.Answers.GetAccount = _ => throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        Assert.Equal(ExitCode.Environment, await RunAsync("account", "P1"));
    }

    [Fact]
    public async Task No_server_at_all_ends_with_3_even_for_a_settlement()
    {
        string address = server.Address;
        await server.DisposeAsync();
        Assert.Equal(ExitCode.Environment, await host.RunAsync("settle", Sample("settle.json"), "--server", address));
        Assert.Contains("no server answers", host.Error);
    }

    [Fact]
    public async Task A_file_that_is_no_request_ends_with_2_and_names_the_reason()
    {
        string file = host.Write("bad.json", """{"persn": "P1"}""");
        Assert.Equal(ExitCode.Usage, await RunAsync("settle", file));
        Assert.Contains($"{file}: not a settlement.v1.SettleRequest", host.Error);
        Assert.Contains("persn", host.Error);
    }

    [Fact]
    public async Task Statement_fetches_text_in_the_language_asked_for()
    {
        server.Answers.GetSettlement = request => Examples.View(request.Language);
        server.Answers.GetAccount = request => Examples.Account();
        Assert.Equal(ExitCode.Ok, await RunAsync("statement", Examples.SettlementId));
        Golden.Equal("statement.zh.txt", host.Out);
    }

    [Fact]
    public async Task Account_shows_the_person_asked_for_and_every_counter()
    {
        server.Answers.GetAccount = request => Examples.Account();
        Assert.Equal(ExitCode.Ok, await RunAsync("account", Examples.Person));
        Assert.Contains($"Person {Examples.Person}, after entry 4", host.Out);
        Assert.Contains("68,050.00", host.Out);
    }

    [Theory]
    [InlineData(GetByRequestResponse.Types.State.NotKnown, ExitCode.Refused)]
    [InlineData(GetByRequestResponse.Types.State.InProgress, ExitCode.Unknown)]
    public async Task Get_by_request_tells_by_its_exit_code(GetByRequestResponse.Types.State state, int code)
    {
        server.Answers.GetByRequest = _ => new GetByRequestResponse { State = state };
        Assert.Equal(code, await RunAsync("get-by-request", "R1"));
    }

    [Fact]
    public async Task Reverse_prints_its_request_id_before_it_sends_and_repeats_with_it()
    {
        List<string> ids = [];
        server.Answers.Reverse = request =>
        {
            ids.Add(request.RequestId);
            return new ReverseResponse { ReversalId = "R", RequestId = request.RequestId, Person = Examples.Person,
                SettlementId = request.SettlementId, Reversed = Examples.Result() };
        };
        Assert.Equal(ExitCode.Ok, await RunAsync("reverse", Examples.SettlementId));
        Assert.InRange(ids[0].Length, 1, 30);
        Assert.Contains($"request id {ids[0]}", host.Error);
        await RunAsync("reverse", Examples.SettlementId, "--request-id", ids[0]);
        Assert.Equal(ids[0], ids[1]);
        Assert.DoesNotContain(Examples.Person, host.Out);
    }

    [Fact]
    public async Task The_key_comes_from_the_option_then_the_environment_then_the_data_folder()
    {
        server.Answers.GetAccount = request => Examples.Account();
        Directory.CreateDirectory(host.Data);
        await File.WriteAllTextAsync(Path.Combine(host.Data, "agency.key"), "from-folder\n");
        await RunAsync("account", "P1");
        host.Environment["SETTLEMENT_KEY"] = "from-environment";
        await RunAsync("account", "P1");
        await RunAsync("account", "P1", "--key", "from-option");
        Assert.Equal(["Bearer from-folder", "Bearer from-environment", "Bearer from-option"], server.Answers.Keys);
    }

    private Task<int> RunAsync(params string[] arguments) => host.RunAsync([.. arguments, "--server", server.Address]);

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);
}
