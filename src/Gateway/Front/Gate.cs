using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Front;

/// <summary>
/// Stands before every operation, gRPC and JSON: who is unknown, or finds no room, is turned away without a look at the request. A place
/// in the room is given back when the operation has ended, however it ended. The requests of a stream take their places one by one,
/// inside.
/// </summary>
internal sealed class Gate(RequestDelegate next, CallerDirectory callers, WaitingLine line, Drain drain)
{
    private const string OurServices = "settlement.";

    private static readonly EncodedStatus Unknown = Encoded(FrameworkStatus.ToRefusal(StatusCode.Unimplemented, ""));

    // How long a call of a facility that is seldom refused waits for a place: a disk that hesitates is mostly back by then.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    // How long a caller whose stream has been answered may go on sending before the stream is reset.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Mark of an endpoint that speaks JSON and passes the gate.</summary>
    public static object JsonMark { get; } = new JsonOperation(IsStream: false);

    /// <summary>The same of one whose answer is a stream: it takes no place, as streams over gRPC take none.</summary>
    public static object JsonStreamMark { get; } = new JsonOperation(IsStream: true);

    /// <summary>Serves one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        EndpointMetadataCollection? metadata = context.GetEndpoint()?.Metadata;
        GrpcMethodMetadata? grpc = metadata?.GetMetadata<GrpcMethodMetadata>();
        JsonOperation? json = metadata?.GetMetadata<JsonOperation>();
        if (grpc is null && json is null)
        {
            if (!IsGrpc(context)) return next(context);
            return metadata is null ? WireRefusal.WriteGrpc(context, Unknown) : Completed(context, next);
        }

        // Health and reflection are for probes and tools, which have no key.
        if (grpc is not null && !grpc.Method.ServiceName.StartsWith(OurServices, StringComparison.Ordinal)) return Call(context);

        bool isUpload = grpc is { Method.Type: MethodType.ClientStreaming or MethodType.DuplexStreaming };
        if (!callers.TryIdentify(context, out Caller? caller, out RefusalInfo? refusal))
            return isUpload ? Upload(context, refusal) : Refuse(context, grpc, Encoded(refusal));

        if (isUpload) return Upload(context, null);
        bool isStream = grpc is null ? json!.IsStream : grpc.Method.Type != MethodType.Unary;
        if (caller.Lane is not { } lane || isStream) return grpc is null ? next(context) : Completed(context, Call);
        return lane.TryEnter(out TimeSpan retryAfter) ? Serve(context, grpc, lane) : NoRoom(context, grpc, lane, retryAfter);
    }

    private Task Serve(HttpContext context, GrpcMethodMetadata? grpc, FacilityLane lane) =>
        grpc is null ? Json(context, lane) : Grpc(context, lane);

    /// <summary>
    /// Who is seldom refused waits a moment for a place; who sends on and on though it is refused is kept waiting for its refusal; the line
    /// for both is bounded.
    /// </summary>
    private Task NoRoom(HttpContext context, GrpcMethodMetadata? grpc, FacilityLane lane, TimeSpan retryAfter)
    {
        TimeSpan hold = lane.CountRefusal();
        bool isAtOnce = hold == TimeSpan.Zero && retryAfter > TimeSpan.Zero;
        if (isAtOnce || !line.TryJoin()) return Refuse(context, grpc, Busy(retryAfter));
        return hold == TimeSpan.Zero ? WaitForPlace(context, grpc, lane) : Hold(context, grpc, hold, retryAfter);
    }

    private async Task WaitForPlace(HttpContext context, GrpcMethodMetadata? grpc, FacilityLane lane)
    {
        bool isIn = false;
        TimeSpan retryAfter = TimeSpan.Zero;
        try
        {
            CancellationToken gone = context.RequestAborted;
            for (TimeSpan waited = TimeSpan.Zero; waited < Patience && !isIn && !gone.IsCancellationRequested; waited += WaitingLine.Tick)
            {
                await line.After(WaitingLine.Tick, gone);
                isIn = !gone.IsCancellationRequested && lane.TryEnter(out retryAfter);
            }
        }
        finally
        {
            line.Leave();
        }

        if (isIn)
        {
            await Task.Yield(); // the timer's thread has others to wake
            await Serve(context, grpc, lane);
        }
        else
        {
            await Refuse(context, grpc, Busy(retryAfter));
        }
    }

    private async Task Hold(HttpContext context, GrpcMethodMetadata? grpc, TimeSpan hold, TimeSpan retryAfter)
    {
        // Unread, the request would take of what may be under way on the connection, where calls that were let in wait for theirs.
        Task thrownAway = grpc is null ? Task.CompletedTask : ThrowAway(context, CancellationToken.None);
        try
        {
            await line.After(hold, context.RequestAborted);
        }
        finally
        {
            line.Leave();
        }

        if (!thrownAway.IsCompleted) context.Request.BodyReader.CancelPendingRead();
        await thrownAway;
        await Refuse(context, grpc, Busy(retryAfter, hold));
    }

    private static EncodedStatus Busy(TimeSpan retryAfter, TimeSpan waited = default)
    {
        if (retryAfter > TimeSpan.Zero) GatewayMetrics.TurnedAwayForRate();
        else GatewayMetrics.TurnedAwayAsBusy();
        TimeSpan left = retryAfter > waited ? retryAfter - waited : TimeSpan.Zero;
        return (retryAfter > TimeSpan.Zero ? BusyStatuses.TooFast : BusyStatuses.Full).After(left + BusyRefusal.Delay());
    }

    private static Task Refuse(HttpContext context, GrpcMethodMetadata? grpc, EncodedStatus status) =>
        grpc is null ? WireRefusal.WriteJson(context, status) : WireRefusal.WriteGrpc(context, status);

    private static EncodedStatus Encoded(RefusalInfo refusal) => new(RefusalStatus.ToStatus(refusal));

    private static bool IsGrpc(HttpContext context) =>
        context.Request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    private static async Task Grpc(HttpContext context, FacilityLane lane)
    {
        try
        {
            await Call(context);
            WireRefusal.Complete(context);
        }
        finally
        {
            lane.Leave();
        }
    }

    private async Task Json(HttpContext context, FacilityLane lane)
    {
        try
        {
            await next(context);
        }
        finally
        {
            lane.Leave();
        }
    }

    /// <summary>What comes behind the gate is for people at the console, such as their sessions: a gRPC call passes it by.</summary>
    private static Task Call(HttpContext context) => context.GetEndpoint()!.RequestDelegate!(context);

    private static async Task Completed(HttpContext context, RequestDelegate serve)
    {
        await serve(context);
        WireRefusal.Complete(context);
    }

    /// <summary>Serves a stream that the client sends, or refuses it.</summary>
    private async Task Upload(HttpContext context, RefusalInfo? refusal)
    {
        drain.UploadBegins();
        try
        {
            await HearOut(context, refusal is null ? Completed(context, Call) : WireRefusal.WriteGrpc(context, Encoded(refusal)));
        }
        finally
        {
            drain.UploadEnded();
        }
    }

    /// <summary>
    /// Sends the end of an answer and then takes what the caller still sends. Kestrel would reset the stream at once, and a client that is
    /// sending then may lose the status that says why.
    /// </summary>
    private static async Task HearOut(HttpContext context, Task answered)
    {
        await answered;
        await context.Response.CompleteAsync();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(LastWords);
        await ThrowAway(context, patience.Token);
    }

    /// <summary>Takes what the caller sends, until it ends, the token or <see cref="PipeReader.CancelPendingRead"/> does.</summary>
    private static async Task ThrowAway(HttpContext context, CancellationToken cancellation)
    {
        PipeReader body = context.Request.BodyReader;
        try
        {
            ReadResult read;
            do
            {
                read = await body.ReadAsync(cancellation);
                body.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted && !read.IsCanceled);
        }
        catch (Exception gone)
            when (gone is OperationCanceledException or IOException or BadHttpRequestException or InvalidOperationException)
        {
            // It goes on sending, is gone, or a read of the operation was left behind: the answer is on its way, and the stream ends here.
        }
    }

    /// <summary>See <see cref="JsonMark"/>.</summary>
    private sealed record JsonOperation(bool IsStream);
}

/// <summary>How an endpoint says that it stands behind the gate.</summary>
public static class GateExtensions
{
    /// <summary>Callers of this endpoint are identified and take a place in the room for operations in work; refusals are JSON.</summary>
    public static TBuilder BehindGate<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(Gate.JsonMark);

    /// <summary>The same for an endpoint whose answer is a stream: it takes no place, and bounds itself how many there are.</summary>
    public static TBuilder StreamBehindGate<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(Gate.JsonStreamMark);
}
