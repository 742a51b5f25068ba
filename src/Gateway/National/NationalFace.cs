using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Settlement.Gateway.Front;
using Settlement.Gateway.Http;
using Settlement.Gateway.Identity;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.National.Transactions;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Services;
using Settlement.Gateway.Validation;

namespace Settlement.Gateway.National;

/// <summary>
/// The adapter of the national interface (定点医药机构接口规范): its JSON messages at <c>POST /national</c>, answered in kind, on the same
/// operations as gRPC.
/// <c>infcode</c> 0 is done, -1 is refused and nothing was written. Where neither is known the answer is HTTP 503 without an
/// <c>infcode</c>, which a client treats
/// as the time-out it is: -1 would be read as refused.
/// </summary>
internal static class NationalFace
{
    private const int MaxDepth = 16;

    /// <summary>Registers the adapter's parts.</summary>
    public static void AddNationalFace(this IServiceCollection services)
    {
        services.AddSingleton<ClaimFacts>();
        services.AddSingleton<SettlementTransactions>();
        services.AddSingleton<VisitTransactions>();
        services.AddSingleton<LineTerms>();
        services.AddSingleton<ChargeTransactions>();
        services.AddSingleton<AccountTransactions>();
        services.AddSingleton<VoidTransactions>();
        services.AddSingleton<ReconciliationTransactions>();
        services.AddSingleton<TransactionTable>();
        services.AddSingleton<NationalAnswer>();
    }

    /// <summary>
    /// Hospital systems send their key where their province's bus wanted it: such a header stands for Authorization where that is missing.
    /// Before the gate, which asks who calls.
    /// </summary>
    public static void UseNationalKeys(this IApplicationBuilder application, NationalOptions options)
    {
        if (options.KeyHeader.Length == 0) return;
        application.Use((HttpContext context, RequestDelegate next) =>
        {
            IHeaderDictionary headers = context.Request.Headers;
            if (context.Request.Path.StartsWithSegments("/national", StringComparison.Ordinal) && headers.Authorization.Count == 0
                && headers[options.KeyHeader] is [{ Length: > 0 } key])
                headers.Authorization = $"Bearer {key}";
            return next(context);
        });
    }

    /// <summary>Maps the one address; systems that put the transaction number behind it may.</summary>
    public static void MapNationalFace(this IEndpointRouteBuilder endpoints)
    {
        Edge edge = endpoints.ServiceProvider.GetRequiredService<Edge>();
        GatewayOptions options = endpoints.ServiceProvider.GetRequiredService<GatewayOptions>();
        TransactionTable transactions = endpoints.ServiceProvider.GetRequiredService<TransactionTable>();
        NationalAnswer answers = endpoints.ServiceProvider.GetRequiredService<NationalAnswer>();
        endpoints.MapPost("/national/{number?}", Serve).BehindGate();

        async Task Serve(HttpContext context)
        {
            DateTimeOffset received = answers.Now();
            string messageId = "";
            int status = StatusCodes.Status200OK;
            string type = "application/json; charset=utf-8";
            ReadOnlyMemory<byte> body;
            try
            {
                Caller caller = edge.Identify(context);
                using JsonDocument message = Parse(await BoundedBody.ReadAsync(context.Request, options.MaxRequestBytes));
                messageId = MessageIdOf(message.RootElement);
                NationalRequest request = NationalRequest.Read(message.RootElement, caller);
                TransactionAnswer answer = await transactions.Find(request.Transaction)(request);
                body = answer.File ?? answers.Done(messageId, received, answer);
                if (answer.File is not null) type = "application/octet-stream";
            }
            catch (Exception error)
            {
                Google.Rpc.Status refused = edge.ToStatus(error, "national");
                (status, body) = Describe(refused, messageId, received);
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }

        (int Status, ReadOnlyMemory<byte> Body) Describe(Google.Rpc.Status refused, string messageId, DateTimeOffset received)
        {
            string text = $"[{ReasonOf(refused)}] {refused.GetDetail<Google.Rpc.LocalizedMessage>()?.Message ?? refused.Message}";
            return (StatusCode)refused.Code switch
            {
                StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal
                    or StatusCode.Unknown =>
                    (StatusCodes.Status503ServiceUnavailable, answers.Unknown(messageId, received, text)),
                StatusCode.Unauthenticated => (StatusCodes.Status401Unauthorized, answers.Refused(messageId, received, text)),
                _ => (StatusCodes.Status200OK, answers.Refused(messageId, received, text)),
            };
        }
    }

    private static string ReasonOf(Google.Rpc.Status refused) =>
        refused.GetDetail<Google.Rpc.ErrorInfo>()?.Reason ?? ((StatusCode)refused.Code).ToString().ToUpperInvariant();

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException error)
        {
            throw Check.Invalid("message", "...", $"a JSON object: {error.Message}", "报文不是有效的JSON");
        }
    }

    /// <summary>The message id as far as it can be read, so that every refusal names the message it answers.</summary>
    private static string MessageIdOf(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("msgid", out JsonElement id)
            && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: <= 30 } text
            ? text
            : "";
}
