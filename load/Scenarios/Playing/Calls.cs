using Google.Rpc;
using Grpc.Core;
using NBomber.Contracts;
using NBomber.CSharp;
using Settlement.Contract;
using Settlement.Scenarios.Checking;
using Settlement.Scenarios.Serving;

namespace Settlement.Scenarios.Playing;

/// <summary>Calls of the product with everything looked at that an answer must keep. What is unexpected is a failed response.</summary>
/// <param name="server">Who is called.</param>
/// <param name="acknowledged">Where answers are counted.</param>
/// <param name="busyIsExpected">Whether a refusal for overload is an answer like another; it must name the time to wait.</param>
internal sealed class Calls(Server server, Acknowledged acknowledged, bool busyIsExpected)
{
    /// <summary>Code of an accepted settlement.</summary>
    public const string Settled = "SETTLED";

    /// <summary>Code of a refusal for overload that names the time to wait.</summary>
    public const string Busy = "BUSY";

    /// <summary>Code of a reversal refused because the person was settled again meanwhile.</summary>
    public const string NotLatest = "NOT_LATEST";

    /// <summary>Where streams are opened.</summary>
    public Server Server => server;

    /// <summary>Settles.</summary>
    /// <param name="request">What.</param>
    /// <param name="latency">Read when the answer is there.</param>
    /// <param name="got">Takes the result.</param>
    public async Task<Response<object>> SettleAsync(SettleRequest request, Func<double> latency, Action<SettlementResult>? got = null)
    {
        try
        {
            SettleResponse answer = await server.Settlement.SettleAsync(request, server.Headers).ConfigureAwait(false);
            got?.Invoke(answer.Result);
            return Judge(request, answer, latency());
        }
        catch (RpcException error)
        {
            return Failure(error, latency());
        }
    }

    /// <summary>Quotes.</summary>
    public async Task<Response<object>> QuoteAsync(SettleRequest request, Func<double> latency)
    {
        try
        {
            QuoteResponse answer = await server.Settlement.QuoteAsync(
                new QuoteRequest { Person = request.Person, Claim = request.Claim }, server.Headers).ConfigureAwait(false);
            return AddsUp(answer.Result) ? Response.Ok<object>("QUOTED", customLatencyMs: latency()) : DoesNotAddUp(request, latency());
        }
        catch (RpcException error)
        {
            return Failure(error, latency());
        }
    }

    /// <summary>Reverses; that the person was settled again meanwhile is an answer like another.</summary>
    public async Task<Response<object>> ReverseAsync(SettleRequest request, SettlementResult settled, Func<double> latency)
    {
        try
        {
            ReverseRequest reverse = new()
            {
                RequestId = $"{request.RequestId}-X",
                Person = request.Person,
                SettlementId = settled.SettlementId,
                Facility = request.Claim.Facility.Code,
            };
            await server.Settlement.ReverseAsync(reverse, server.Headers).ConfigureAwait(false);
            acknowledged.Reversed();
            return Response.Ok<object>("REVERSED", customLatencyMs: latency());
        }
        catch (RpcException error) when (error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == NotLatest)
        {
            return Response.Ok<object>(NotLatest, customLatencyMs: latency());
        }
        catch (RpcException error)
        {
            return Failure(error, latency());
        }
    }

    /// <summary>Looks at the answer to a settlement.</summary>
    public Response<object> Judge(SettleRequest request, SettleResponse answer, double latency)
    {
        if (answer.AlreadySettled is { } first)
            return Response.Fail<object>(
                first.Code, $"{request.RequestId} is new and was answered as settled by {first.FirstRequestId}", customLatencyMs: latency);
        acknowledged.Settled(request, answer.Result);
        return AddsUp(answer.Result) ? Response.Ok<object>(Settled, customLatencyMs: latency) : DoesNotAddUp(request, latency);
    }

    private static bool AddsUp(SettlementResult result) =>
        result.Totals.Total == result.Pooled + result.SeriousIllness + result.AssistanceBasic + result.AssistanceTilt
            + result.AssistanceOutpatient
            + result.AssistanceOther + result.PersonPays;

    private static Response<object> DoesNotAddUp(SettleRequest request, double latency) =>
        Response.Fail<object>("DOES_NOT_ADD_UP", $"{request.RequestId}: the payments do not add up to the total", customLatencyMs: latency);

    private Response<object> Failure(RpcException error, double latency)
    {
        Google.Rpc.Status? status = error.GetRpcStatus();
        if (busyIsExpected && error.StatusCode == StatusCode.ResourceExhausted && status?.GetDetail<RetryInfo>()?.RetryDelay is not null)
        {
            acknowledged.RefusedAsBusy();
            return Response.Ok<object>(Busy, customLatencyMs: latency);
        }

        return Response.Fail<object>(status?.GetDetail<ErrorInfo>()?.Reason
            ?? $"{error.StatusCode}", error.Status.Detail, customLatencyMs: latency);
    }
}
