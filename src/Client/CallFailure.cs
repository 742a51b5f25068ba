using System.Net.Sockets;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Settlement.Client;

/// <summary>What a failed call means for the caller.</summary>
public enum FailureKind
{
    /// <summary>Nothing was written; repeating it unchanged changes nothing.</summary>
    Refused,

    /// <summary>Nothing was written; the same request may be sent again.</summary>
    Busy,

    /// <summary>The request never left this machine; it may be sent again.</summary>
    NotReached,

    /// <summary>It may have been done: ask by the request id, or send the same request again.</summary>
    Unknown,
}

/// <summary>A failed call: what it means, and what the server said of it.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">Reason code such as NOT_COVERED (docs/refusals.md); the status' name where the server gave none.</param>
/// <param name="Message">The server's sentence in English.</param>
/// <param name="MessageZh">The server's sentence in Chinese; empty where it gave none.</param>
/// <param name="Facts">Further facts by name: field, value, rule and the like.</param>
public sealed record CallFailure(
    FailureKind Kind, string Code, string Message, string MessageZh, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>Reads what the server said.</summary>
    public static CallFailure Of(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Google.Rpc.Status? status = Details(error);
        ErrorInfo? info = status?.GetDetail<ErrorInfo>();
        return new CallFailure(
            KindOf(error),
            info is { Reason.Length: > 0 } ? info.Reason : error.StatusCode.ToString(),
            error.Status.Detail,
            status?.GetDetail<LocalizedMessage>()?.Message ?? "",
            info is null ? new Dictionary<string, string>() : new Dictionary<string, string>(info.Metadata));
    }

    private static FailureKind KindOf(RpcException error) => error.StatusCode switch
    {
        StatusCode.ResourceExhausted => FailureKind.Busy,
        StatusCode.Unavailable or StatusCode.Internal when NeverConnected(error.Status.DebugException) => FailureKind.NotReached,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown
            or StatusCode.DataLoss or StatusCode.Aborted => FailureKind.Unknown,
        _ => FailureKind.Refused,
    };

    private static bool NeverConnected(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound
                    or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TryAgain })
                return true;
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError })
                return true;
        }

        return false;
    }

    private static Google.Rpc.Status? Details(RpcException error)
    {
        try
        {
            return error.GetRpcStatus();
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // details of a server that is not ours: the status itself still stands
        }
    }
}

/// <summary>The server refused: nothing was written, and the request as it is will never be accepted.</summary>
public sealed class SettlementRefusedException(string requestId, CallFailure failure, Exception cause)
    : Exception($"{failure?.Code}: {failure?.Message}", cause)
{
    /// <summary>The request refused; empty for a question.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>What the server said.</summary>
    public CallFailure Failure { get; } = failure!;
}

/// <summary>
/// No end is known after all attempts: the request may be done. Keep its id, and ask or void it later; never send the charge under a new
/// id before that.
/// </summary>
public sealed class OutcomeUnknownException(string requestId, CallFailure failure, Exception cause)
    : Exception(
        $"The outcome of request '{requestId}' is unknown: ask, send it again unchanged, or void it. {failure?.Code}: {failure?.Message}",
        cause)
{
    /// <summary>The request.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>How the last attempt failed.</summary>
    public CallFailure Failure { get; } = failure!;
}

/// <summary>
/// The server was busy, or could not be reached, at every attempt: nothing was written, and the same request may be sent later.
/// </summary>
public sealed class NotDoneException(string requestId, CallFailure failure, Exception cause)
    : Exception($"Request '{requestId}' was not done, and may be sent again: {failure?.Code}, {failure?.Message}", cause)
{
    /// <summary>The request.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>How the last attempt failed.</summary>
    public CallFailure Failure { get; } = failure!;
}
