using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Settlement.Contract;
using AgencyBase = Settlement.Contract.Agency.AgencyBase;
using EnrolmentBase = Settlement.Contract.Enrolment.EnrolmentBase;
using ReconciliationBase = Settlement.Contract.Reconciliation.ReconciliationBase;
using SettlementBase = Settlement.Contract.Settlement.SettlementBase;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cli.Tests.Support;

/// <summary>A server that answers as a test tells it to, over real gRPC on a free port.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeServer(WebApplication app) => this.app = app;

    /// <summary>What the fake has seen and what it answers.</summary>
    public FakeAnswers Answers => app.Services.GetRequiredService<FakeAnswers>();

    /// <summary>Address of the server.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<FakeAnswers>();
        builder.Services.AddSingleton<FakeSettlement>();
        builder.Services.AddSingleton<FakeEnrolment>();
        builder.Services.AddSingleton<FakeAgency>();
        builder.Services.AddSingleton<FakeReconciliation>();
        builder.Services.AddGrpc();
        WebApplication app = builder.Build();
        app.MapGrpcService<FakeSettlement>();
        app.MapGrpcService<FakeEnrolment>();
        app.MapGrpcService<FakeAgency>();
        app.MapGrpcService<FakeReconciliation>();
        await app.StartAsync();
        return new FakeServer(app);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

/// <summary>One answer for each operation; an operation without one is not there. Calls and their keys are kept.</summary>
internal sealed class FakeAnswers
{
    public Func<SettleRequest, SettleResponse>? Settle { get; set; }
    public Func<QuoteRequest, QuoteResponse>? Quote { get; set; }
    public Func<ReverseRequest, ReverseResponse>? Reverse { get; set; }
    public Func<VoidRequest, VoidResponse>? Void { get; set; }
    public Func<List<CompareDetailsRequest>, IEnumerable<CompareDetailsResponse>>? CompareDetails { get; set; }
    public Func<ListDetailsRequest, IEnumerable<DetailItem>>? ListDetails { get; set; }
    public Func<GetMonthStatementRequest, MonthStatement>? GetMonthStatement { get; set; }
    public Func<CorrectRequest, CorrectResponse>? Correct { get; set; }
    public Func<GetSettlementRequest, SettlementView>? GetSettlement { get; set; }
    public Func<GetByRequestRequest, GetByRequestResponse>? GetByRequest { get; set; }
    public Func<GetAccountRequest, GetAccountResponse>? GetAccount { get; set; }
    public Func<RegisterRequest, RecordResponse>? Register { get; set; }
    public Func<RecordRequest, RecordResponse>? Record { get; set; }
    public Func<ReimburseRequest, ReimburseResponse>? Reimburse { get; set; }
    public List<string?> Keys { get; } = [];

    /// <summary>The metadata of each call.</summary>
    public List<Metadata> Headers { get; } = [];

    /// <summary>A refusal as the gateway sends it.</summary>
    public static RpcException Refusal(StatusCode status, string code, string message, params (string Name, string Value)[] facts)
    {
        ErrorInfo info = new() { Reason = code, Domain = "settlement.v1" };
        foreach ((string name, string value) in facts) info.Metadata.Add(name, value);
        return new Google.Rpc.Status { Code = (int)status, Message = message, Details = { Any.Pack(info) } }.ToRpcException();
    }

    public Task<TResponse> Answer<TRequest, TResponse>(Func<TRequest, TResponse>? answer, TRequest request, ServerCallContext context)
    {
        lock (Keys)
        {
            Keys.Add(context.RequestHeaders.GetValue("authorization"));
            Headers.Add(context.RequestHeaders);
        }

        return answer is null
            ? throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "not in this server"))
            : Task.FromResult(answer(request));
    }
}

internal sealed class FakeSettlement(FakeAnswers answers) : SettlementBase
{
    public override Task<SettleResponse> Settle(SettleRequest request, ServerCallContext context) =>
        answers.Answer(answers.Settle, request, context);

    public override Task<QuoteResponse> Quote(QuoteRequest request, ServerCallContext context) =>
        answers.Answer(answers.Quote, request, context);

    public override Task<ReverseResponse> Reverse(ReverseRequest request, ServerCallContext context) =>
        answers.Answer(answers.Reverse, request, context);

    public override Task<VoidResponse> Void(VoidRequest request, ServerCallContext context) =>
        answers.Answer(answers.Void, request, context);

    public override Task<SettlementView> GetSettlement(GetSettlementRequest request, ServerCallContext context) =>
        answers.Answer(answers.GetSettlement, request, context);

    public override Task<GetByRequestResponse> GetByRequest(GetByRequestRequest request, ServerCallContext context) =>
        answers.Answer(answers.GetByRequest, request, context);

    public override Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        answers.Answer(answers.GetAccount, request, context);

    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context) =>
        answers.Answer(_ => new PingResponse(), request, context);
}

internal sealed class FakeEnrolment(FakeAnswers answers) : EnrolmentBase
{
    public override Task<RecordResponse> Register(RegisterRequest request, ServerCallContext context) =>
        answers.Answer(answers.Register, request, context);

    public override Task<RecordResponse> Record(RecordRequest request, ServerCallContext context) =>
        answers.Answer(answers.Record, request, context);
}

internal sealed class FakeAgency(FakeAnswers answers) : AgencyBase
{
    public override Task<ReimburseResponse> Reimburse(ReimburseRequest request, ServerCallContext context) =>
        answers.Answer(answers.Reimburse, request, context);

    public override Task<CorrectResponse> Correct(CorrectRequest request, ServerCallContext context) =>
        answers.Answer(answers.Correct, request, context);
}

internal sealed class FakeReconciliation(FakeAnswers answers) : ReconciliationBase
{
    public override Task<MonthStatement> GetMonthStatement(GetMonthStatementRequest request, ServerCallContext context) =>
        answers.Answer(answers.GetMonthStatement, request, context);

    public override async Task ListDetails(
        ListDetailsRequest request, IServerStreamWriter<DetailItem> responseStream, ServerCallContext context)
    {
        foreach (DetailItem item in answers.ListDetails!(request)) await responseStream.WriteAsync(item);
    }

    public override async Task CompareDetails(
        IAsyncStreamReader<CompareDetailsRequest> requestStream, IServerStreamWriter<CompareDetailsResponse> responseStream,
            ServerCallContext context)
    {
        List<CompareDetailsRequest> requests = [];
        while (await requestStream.MoveNext(context.CancellationToken)) requests.Add(requestStream.Current);
        foreach (CompareDetailsResponse response in answers.CompareDetails!(requests)) await responseStream.WriteAsync(response);
    }
}
