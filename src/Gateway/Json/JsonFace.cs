using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Settlement.Contract;
using Settlement.Gateway.Front;
using Settlement.Gateway.Http;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Services;
using Settlement.Gateway.Validation;
using Settlement.Refusals;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Gateway.Json;

/// <summary>
/// Every unary operation, and the change feed, as <c>POST /v1/{Service}/{Method}</c> with protobuf JSON, so that curl and systems without
/// gRPC can call it. A refusal is the HTTP status of its gRPC code, with the <c>google.rpc.Status</c> as body. A stream is a line of JSON
/// for each message; one that is ended by a refusal ends with the line <c>{"error": STATUS}</c>.
/// </summary>
public static class JsonFace
{
    // Details of a status are Any: the formatter and parser must know what may be inside.
    private static readonly TypeRegistry Details = TypeRegistry.FromFiles(Google.Rpc.ErrorDetailsReflection.Descriptor);

    private static readonly JsonFormatter Formatter =
        new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithTypeRegistry(Details));

    private const int MaxReason = 300;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithRecursionLimit(32));

    /// <summary>Maps all operations.</summary>
    public static void MapJsonFace(this IEndpointRouteBuilder endpoints)
    {
        SettlementOperations settlement = endpoints.ServiceProvider.GetRequiredService<SettlementOperations>();
        EnrolmentOperations enrolment = endpoints.ServiceProvider.GetRequiredService<EnrolmentOperations>();
        AgencyOperations agency = endpoints.ServiceProvider.GetRequiredService<AgencyOperations>();
        FacilityOperations facilities = endpoints.ServiceProvider.GetRequiredService<FacilityOperations>();
        CatalogueOperations catalogue = endpoints.ServiceProvider.GetRequiredService<CatalogueOperations>();
        ReconciliationOperations reconciliation = endpoints.ServiceProvider.GetRequiredService<ReconciliationOperations>();
        PolicyOperations policies = endpoints.ServiceProvider.GetRequiredService<PolicyOperations>();
        Map<QuoteRequest, QuoteResponse>(endpoints, "Settlement/Quote", settlement.Quote);
        Map<SettleRequest, SettleResponse>(
            endpoints, "Settlement/Settle", async (request, caller) => (await settlement.Settle(request, caller)).Message);
        Map<ReverseRequest, ReverseResponse>(endpoints, "Settlement/Reverse", settlement.Reverse);
        Map<VoidRequest, VoidResponse>(endpoints, "Settlement/Void", settlement.Void);
        Map<GetSettlementRequest, SettlementView>(endpoints, "Settlement/GetSettlement", settlement.GetSettlement);
        Map<GetByRequestRequest, GetByRequestResponse>(endpoints, "Settlement/GetByRequest", settlement.GetByRequest);
        Map<ListSettlementsRequest, ListSettlementsResponse>(endpoints, "Settlement/ListSettlements", settlement.ListSettlements);
        Map<GetAccountRequest, GetAccountResponse>(endpoints, "Settlement/GetAccount", settlement.GetAccount);
        Map<GetLimitsRequest, GetLimitsResponse>(endpoints, "Settlement/GetLimits", settlement.GetLimits);
        Map<CheckDepositRequest, CheckDepositResponse>(endpoints, "Settlement/CheckDeposit", settlement.CheckDeposit);
        Map<PingRequest, PingResponse>(endpoints, "Settlement/Ping", SettlementOperations.Ping);
        Map<RegisterRequest, RecordResponse>(endpoints, "Enrolment/Register", enrolment.Register);
        Map<RecordRequest, RecordResponse>(endpoints, "Enrolment/Record", enrolment.Record);
        Map<GetCoverageRequest, GetCoverageResponse>(endpoints, "Enrolment/GetCoverage", enrolment.GetCoverage);
        Map<ReimburseRequest, ReimburseResponse>(endpoints, "Agency/Reimburse", agency.Reimburse);
        Map<AssistLaterRequest, AssistLaterResponse>(endpoints, "Agency/AssistLater", agency.AssistLater);
        Map<GrantForIllnessRequest, GrantForIllnessResponse>(endpoints, "Agency/GrantForIllness", agency.GrantForIllness);
        Map<CorrectRequest, CorrectResponse>(endpoints, "Agency/Correct", agency.Correct);
        Map<RegisterFacilityRequest, FacilityRecord>(endpoints, "Facilities/RegisterFacility", facilities.Register);
        Map<ChangeFacilityRequest, FacilityRecord>(endpoints, "Facilities/ChangeFacility", facilities.Change);
        Map<GetFacilityRequest, FacilityRecord>(endpoints, "Facilities/GetFacility", facilities.Get);
        Map<RecordCatalogueRowRequest, CatalogueVersion>(endpoints, "Catalogue/RecordCatalogueRow", catalogue.Record);
        Map<ListCatalogueVersionsRequest, ListCatalogueVersionsResponse>(endpoints, "Catalogue/ListCatalogueVersions", catalogue.List);
        Map<GetTotalsRequest, GetTotalsResponse>(endpoints, "Reconciliation/GetTotals", reconciliation.GetTotals);
        Map<CompareTotalsRequest, CompareTotalsResponse>(endpoints, "Reconciliation/CompareTotals", reconciliation.CompareTotals);
        Map<GetMonthStatementRequest, MonthStatement>(endpoints, "Reconciliation/GetMonthStatement", reconciliation.GetMonthStatement);
        Map<GetContributionRequest, GetContributionResponse>(endpoints, "Policies/GetContribution", policies.GetContribution);
        Map<GetCertificationStartRequest, GetCertificationStartResponse>(
            endpoints, "Policies/GetCertificationStart", policies.GetCertificationStart);
        Map<GetEmployeeContributionRequest, GetEmployeeContributionResponse>(
            endpoints, "Policies/GetEmployeeContribution", policies.GetEmployeeContribution);
        Map<ListPacksRequest, ListPacksResponse>(endpoints, "Policies/ListPacks", policies.ListPacks);
        Map<GetParameterRequest, GetParameterResponse>(endpoints, "Policies/GetParameter", policies.GetParameter);
        Map<ListParametersRequest, ListParametersResponse>(endpoints, "Policies/ListParameters", policies.ListParameters);
        Map<GetDueDateRequest, DueDate>(endpoints, "Policies/GetDueDate", policies.GetDueDate);
        Map<CheckContractRequest, CheckContractResponse>(endpoints, "Policies/CheckContract", policies.CheckContract);
        Map<LintRequest, LintResponse>(endpoints, "Policies/Lint", policies.Lint);
        MapFeed(endpoints);
        endpoints.MapPost("/v1/{**path}", static (HttpContext context) => WriteRefusal(
            context, RefusalStatus.ToStatus(FrameworkStatus.ToRefusal(StatusCode.Unimplemented, "POST /v1/{Service}/{Method}"))))
                .BehindGate();
    }

    private static void Map<TRequest, TResponse>(
        IEndpointRouteBuilder endpoints, string path, Func<TRequest, Caller, Task<TResponse>> operation)
        where TRequest : IMessage, new()
        where TResponse : IMessage
    {
        Edge edge = endpoints.ServiceProvider.GetRequiredService<Edge>();
        GatewayOptions options = endpoints.ServiceProvider.GetRequiredService<GatewayOptions>();
        string name = path[(path.IndexOf('/') + 1)..];
        endpoints.MapPost("/v1/" + path, async (HttpContext context) =>
        {
            Observation? seen = Observation.Start(name);
            try
            {
                Caller caller = edge.Identify(context);
                TRequest request = await Read<TRequest>(context.Request, options.MaxRequestBytes);
                TResponse response = await operation(request, caller);
                seen?.Answered();
                await Write(context, 200, response);
            }
            catch (Exception error)
            {
                Google.Rpc.Status status = edge.ToStatus(error, path);
                seen?.Failed(status, error);
                await WriteRefusal(context, status);
            }
        }).BehindGate();
    }

    private static void MapFeed(IEndpointRouteBuilder endpoints)
    {
        const string path = "Feed/Follow";
        Edge edge = endpoints.ServiceProvider.GetRequiredService<Edge>();
        GatewayOptions options = endpoints.ServiceProvider.GetRequiredService<GatewayOptions>();
        FeedOperations feed = endpoints.ServiceProvider.GetRequiredService<FeedOperations>();
        endpoints.MapPost("/v1/" + path, async (HttpContext context) =>
        {
            HttpResponse response = context.Response;
            try
            {
                FollowRequest request = await Read<FollowRequest>(context.Request, options.MaxRequestBytes);
                response.ContentType = "application/jsonl; charset=utf-8";
                response.Headers["X-Accel-Buffering"] = "no"; // a proxy that gathers lines would hold the newest back
                await feed.Follow(request, Line, () => edge.Identify(context), context.RequestAborted);
            }
            catch (Exception error)
            {
                Google.Rpc.Status status = edge.ToStatus(error, path);
                if (!response.HasStarted) await WriteRefusal(context, status);
                else if (!context.RequestAborted.IsCancellationRequested)
                    await response.WriteAsync($"{{\"error\":{Formatter.Format(status)}}}\n", context.RequestAborted);
            }

            async Task Line(FollowResponse message, bool more)
            {
                if (!response.HasStarted) await response.StartAsync(context.RequestAborted);
                Encoding.UTF8.GetBytes(Formatter.Format(message) + "\n", response.BodyWriter);
                if (!more) await response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }).StreamBehindGate();
    }

    /// <summary>A status as this face sends it; who is to come again is told when also by HTTP's own header, in whole seconds.</summary>
    internal static JsonRefusal Encode(Google.Rpc.Status status) => new(
        RefusalStatus.ToHttp((StatusCode)status.Code),
        status.GetDetail<Google.Rpc.RetryInfo>() is { } retry
            ? Math.Max(1, (long)Math.Ceiling(retry.RetryDelay.ToTimeSpan().TotalSeconds)).ToString(CultureInfo.InvariantCulture)
            : null,
        Encoding.UTF8.GetBytes(Formatter.Format(status)));

    private static Task WriteRefusal(HttpContext context, Google.Rpc.Status status) => Encode(status).Write(context);

    private static async Task<TRequest> Read<TRequest>(HttpRequest request, int maxBytes)
        where TRequest : IMessage, new()
    {
        ReadOnlyMemory<byte> body = await BoundedBody.ReadAsync(request, maxBytes);
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Span);
            return (TRequest)Parser.Parse(text, new TRequest().Descriptor);
        }
        catch (Exception error)
            when (error is InvalidProtocolBufferException or InvalidJsonException or DecoderFallbackException or FormatException
                or OverflowException)
        {
            throw Malformed(new TRequest().Descriptor.FullName, error);
        }
    }

    // The parser's sentence names the field, and may quote its value: it goes back to the caller, who sent it, and nowhere else.
    private static RefusalException Malformed(string message, Exception error) => new(new RefusalInfo(
        RefusalCodes.MalformedRequest,
        $"The body is not {message} in protobuf JSON: {(error.Message.Length > MaxReason ? error.Message[..MaxReason] + "..." : error.Message)}",
        "请求体不是有效的JSON。",
        new Dictionary<string, string> { ["field"] = "body", ["rule"] = $"protobuf JSON of {message}" }));

    private static async Task Write(HttpContext context, int status, IMessage message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = JsonRefusal.ContentType;
        await context.Response.WriteAsync(Formatter.Format(message), context.RequestAborted);
    }
}
