using Grpc.Core;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Settlement.Contract;
using Settlement.Scenarios.Arrivals;
using Step = NBomber.CSharp.Step;

namespace Settlement.Scenarios.Playing;

/// <summary>
/// Uploads: each arrival opens a stream, sends a batch of discharges while answers come back, and ends when it has them all.
/// </summary>
internal static class BulkStream
{
    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        int uploads = Math.Max(1, stage.Rate / stage.Options.Batch);
        return
        [
            stage.Play("bulk", ArrivalPlan.Steady(uploads, stage.Seconds),
                async (context, arrival) =>
                    await Step.Run($"upload of {stage.Options.Batch}", context, () => UploadAsync(stage, calls, arrival)),
                stage.Thresholds()),
        ];
    }

    private static async Task<Response<object>> UploadAsync(Stage stage, Calls calls, Arrival arrival)
    {
        Dictionary<string, SettleRequest> sent = Enumerable.Range(0, stage.Options.Batch).Select(_ => stage.Discharges.Next())
            .ToDictionary(request => request.RequestId);
        using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> stream = calls.Server.Settlement.SettleMany(calls.Server.Headers);
        Task sending = SendAsync(stream.RequestStream, [.. sent.Values]);
        Response<object>? wrong = null;
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            Response<object> one = Judge(calls, sent, stream.ResponseStream.Current);
            if (one.IsError) wrong ??= one;
        }

        await sending;
        if (wrong is not null) return wrong;
        return sent.Count == 0
            ? Response.Ok<object>(Calls.Settled, customLatencyMs: arrival.LatencyMs)
            : Response.Fail<object>(
                "UNANSWERED", $"{sent.Count} requests of a stream were not answered", customLatencyMs: arrival.LatencyMs);
    }

    private static Response<object> Judge(Calls calls, Dictionary<string, SettleRequest> sent, SettleManyResponse answer)
    {
        if (!sent.Remove(answer.RequestId, out SettleRequest? request))
            return Response.Fail<object>("ANSWERED_TWICE", $"{answer.RequestId} was not asked, or was answered before");
        return answer.Settled is { } settled
            ? calls.Judge(request, settled, 0)
            : Response.Fail<object>(answer.Refusal.Code, answer.Refusal.Message);
    }

    private static async Task SendAsync(IClientStreamWriter<SettleRequest> stream, SettleRequest[] requests)
    {
        foreach (SettleRequest request in requests) await stream.WriteAsync(request);
        await stream.CompleteAsync();
    }
}
