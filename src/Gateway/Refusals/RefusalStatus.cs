using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Settlement.Gateway.Overload;
using Settlement.Refusals;

namespace Settlement.Gateway.Refusals;

/// <summary>The wire form of a refusal: a <c>google.rpc.Status</c> with ErrorInfo, and RetryInfo where repeating is right.</summary>
public static class RefusalStatus
{
    /// <summary>Domain of every ErrorInfo of this product.</summary>
    public const string Domain = "settlement.v1";

    // A status travels in headers, of which many clients take 8 KiB: a message that quotes what was sent must not break their connection.
    private const int MostMessage = 400;
    private const int MostValue = 200;

    // A code which is not listed is one of the benefit rules' grounds: FAILED_PRECONDITION.
    private static readonly FrozenDictionary<string, StatusCode> Codes = new Dictionary<string, StatusCode>
    {
        [RefusalCodes.InvalidField] = StatusCode.InvalidArgument,
        [RefusalCodes.TotalsDoNotAddUp] = StatusCode.InvalidArgument,
        [RefusalCodes.FacilityFactsDiffer] = StatusCode.InvalidArgument,
        [RefusalCodes.Unauthenticated] = StatusCode.Unauthenticated,
        [RefusalCodes.NotAllowed] = StatusCode.PermissionDenied,
        [RefusalCodes.RequestConflict] = StatusCode.AlreadyExists,
        [RefusalCodes.ChargeConflict] = StatusCode.AlreadyExists,
        [RefusalCodes.FacilityRegistered] = StatusCode.AlreadyExists,
        [RefusalCodes.FacilityVersionConflict] = StatusCode.Aborted,
        [RefusalCodes.FacilityRegistryUnavailable] = StatusCode.Unavailable,
        [RefusalCodes.CatalogueOverlap] = StatusCode.AlreadyExists,
        [RefusalCodes.CatalogueUnavailable] = StatusCode.Unavailable,
        [RefusalCodes.AlreadyRegistered] = StatusCode.AlreadyExists,
        [RefusalCodes.PersonNotRegistered] = StatusCode.NotFound,
        [RefusalCodes.NotFound] = StatusCode.NotFound,
        [RefusalCodes.UnsupportedTransaction] = StatusCode.Unimplemented,
        [RefusalCodes.Busy] = StatusCode.ResourceExhausted,
        [RefusalCodes.RateExceeded] = StatusCode.ResourceExhausted,
        [RefusalCodes.RequestTooLarge] = StatusCode.InvalidArgument,
        [RefusalCodes.MalformedRequest] = StatusCode.InvalidArgument,
        [RefusalCodes.UnknownOperation] = StatusCode.Unimplemented,
        [RefusalCodes.CallEnded] = StatusCode.Cancelled,
        [RefusalCodes.Defect] = StatusCode.Internal,
        [RefusalCodes.OutcomeUnknown] = StatusCode.Unavailable,
        [RefusalCodes.ServerStopping] = StatusCode.Unavailable,
        [RefusalCodes.LedgerUnavailable] = StatusCode.Unavailable,
    }.ToFrozenDictionary();

    /// <summary>The status code of a refusal code.</summary>
    public static StatusCode CodeOf(string code) => Codes.GetValueOrDefault(code, StatusCode.FailedPrecondition);

    /// <summary>The full status: code, English message, ErrorInfo, Chinese message, retry delay.</summary>
    /// <param name="refusal">What is refused.</param>
    /// <param name="retryAfter">When to come again, where coming again is right; zero: a delay that differs from answer to answer.</param>
    public static Google.Rpc.Status ToStatus(RefusalInfo refusal, TimeSpan retryAfter = default)
    {
        StatusCode code = CodeOf(refusal.Code);
        Google.Rpc.Status status = new() { Code = (int)code, Message = Short(refusal.Message, MostMessage) };
        ErrorInfo info = new() { Reason = refusal.Code, Domain = Domain };
        foreach ((string name, string value) in refusal.Details) info.Metadata[name] = Short(value, MostValue);
        status.Details.Add(Any.Pack(info));
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "zh-CN", Message = Short(refusal.MessageZh, MostMessage) }));
        if (code is StatusCode.ResourceExhausted or StatusCode.Unavailable)
        {
            TimeSpan delay = retryAfter > TimeSpan.Zero ? retryAfter : BusyRefusal.Delay();
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return status;
    }

    private static string Short(string text, int most)
    {
        if (text.Length <= most) return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "...";
    }

    /// <summary>The HTTP status of a gRPC status, as google.rpc.Code documents it.</summary>
    public static int ToHttp(StatusCode code) => code switch
    {
        StatusCode.OK => 200,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Cancelled => 499,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };
}
