using System.Diagnostics;
using Grpc.Core;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Services;

/// <summary>What metrics and traces are told of one request. Made only while somebody listens.</summary>
internal sealed class Observation
{
    private readonly string operation;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly Activity? span;
    private bool ended;

    private Observation(string operation, Activity? span)
    {
        this.operation = operation;
        this.span = span;
    }

    /// <summary>Begins to observe a request; null when nobody listens.</summary>
    public static Observation? Start(string operation)
    {
        Activity? span = GatewayTraces.Start(operation);
        return span is not null || GatewayMetrics.IsObserved ? new Observation(operation, span) : null;
    }

    /// <summary>The request was answered.</summary>
    public void Answered() => End(StatusCode.OK, "");

    /// <summary>The request was refused.</summary>
    public void Refused(RefusalInfo refusal) => End(RefusalStatus.CodeOf(refusal.Code), refusal.Code);

    /// <summary>The request failed with a status that an exception became.</summary>
    public void Failed(Google.Rpc.Status status, Exception error)
    {
        if (error is RefusalException refused) Refused(refused.Refusal);
        else End((StatusCode)status.Code, "");
    }

    /// <summary>The request failed in a way nobody expected.</summary>
    public void Broken() => End(StatusCode.Internal, "");

    private void End(StatusCode status, string reason)
    {
        if (ended) return; // answered, but the answer could not be written: the caller has gone
        ended = true;
        string name = StatusName(status);
        // Within the span, so that the measurement can point to it.
        GatewayMetrics.Answered(operation, name, reason, Stopwatch.GetElapsedTime(started));
        if (span is null) return;
        span.SetTag("rpc.response.status_code", name);
        if (reason.Length > 0) span.SetTag("settlement.reason", reason);
        if (status is StatusCode.Internal or StatusCode.Unknown or StatusCode.Unavailable) span.SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }

    private static string StatusName(StatusCode status) => status switch
    {
        StatusCode.OK => "OK",
        StatusCode.InvalidArgument => "INVALID_ARGUMENT",
        StatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode.AlreadyExists => "ALREADY_EXISTS",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.Unauthenticated => "UNAUTHENTICATED",
        StatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        StatusCode.Unavailable => "UNAVAILABLE",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.Cancelled => "CANCELLED",
        StatusCode.Aborted => "ABORTED",
        StatusCode.Internal => "INTERNAL",
        _ => "UNKNOWN",
    };
}
