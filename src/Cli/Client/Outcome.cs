using System.Net.Sockets;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Settlement.Cli.Client;

/// <summary>What a failed call means for the caller.</summary>
internal enum OutcomeKind
{
    /// <summary>Nothing was written; repeating it unchanged changes nothing.</summary>
    Refused,

    /// <summary>Nothing was written; the same request may be sent again.</summary>
    Busy,

    /// <summary>The request never left this machine.</summary>
    NotReached,

    /// <summary>It may have been settled.</summary>
    Unknown,
}

/// <summary>A failed call: status, reason code and facts of <c>google.rpc.ErrorInfo</c>.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Status">The gRPC status.</param>
/// <param name="Code">Reason code such as NOT_COVERED; the status' name when the server gave none.</param>
/// <param name="Message">The server's sentence.</param>
/// <param name="Facts">Metadata of the error, in order of name.</param>
internal sealed record Outcome(
    OutcomeKind Kind, StatusCode Status, string Code, string Message, IReadOnlyList<KeyValuePair<string, string>> Facts)
{
    /// <summary>The server's sentence in Chinese; empty where it gave none.</summary>
    public string MessageZh { get; private init; } = "";

    /// <summary>How long the server asks to wait before the next attempt; zero where it does not say.</summary>
    public TimeSpan RetryAfter { get; private init; }

    /// <summary>Reads what the server said.</summary>
    public static Outcome Of(RpcException error)
    {
        (ErrorInfo? info, LocalizedMessage? chinese, RetryInfo? retry) = ReadDetails(error);
        return new Outcome(
            KindOf(error),
            error.StatusCode,
            info is { Reason.Length: > 0 } ? info.Reason : error.StatusCode.ToString(),
            error.Status.Detail,
            info is null ? [] : [.. info.Metadata.OrderBy(fact => fact.Key, StringComparer.Ordinal)])
        {
            MessageZh = chinese?.Message ?? "",
            RetryAfter = retry is { RetryDelay: { } delay } ? delay.ToTimeSpan() : TimeSpan.Zero,
        };
    }

    /// <summary>The error which ends the command.</summary>
    /// <param name="connection">The connection of the call.</param>
    /// <param name="unknownIs">Exit code when no answer came.</param>
    public CliException ToException(Connection connection, int unknownIs) => Kind switch
    {
        OutcomeKind.NotReached => new CliException(ExitCode.Environment,
            $"no server answers at {connection.Server}: start one with './settlement up', or name it with --server"),
        OutcomeKind.Unknown => new CliException(unknownIs, unknownIs == ExitCode.Unknown
            ? $"unknown outcome ({Status}: {Message}): ask 'get-by-request', or send the same request again"
            : $"the server did not answer ({Status}: {Message})"),
        OutcomeKind.Busy => new CliException(ExitCode.Refused, $"busy, nothing was written: send the same request again ({Describe()})"),
        _ when Status == StatusCode.Unauthenticated && !connection.HasKey => new CliException(ExitCode.Environment,
            $"the server wants a key: --key, or {ClientOptions.KeyVariable} in the environment, or --data with the folder of the server"),
        _ => new CliException(ExitCode.Refused, $"refused: {Describe()}"),
    };

    /// <summary>Code, sentence and facts in one line.</summary>
    public string Describe()
    {
        string text = Message.Length == 0 || Message == Code ? Code : $"{Code}: {Message}";
        return Facts.Count == 0 ? text : $"{text} [{string.Join(", ", Facts.Select(fact => $"{fact.Key} = {fact.Value}"))}]";
    }

    private static OutcomeKind KindOf(RpcException error) => error.StatusCode switch
    {
        StatusCode.ResourceExhausted => OutcomeKind.Busy,
        StatusCode.Unavailable when NeverConnected(error.Status.DebugException) => OutcomeKind.NotReached,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown
            or StatusCode.DataLoss or StatusCode.Aborted => OutcomeKind.Unknown,
        _ => OutcomeKind.Refused,
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

    private static (ErrorInfo? Info, LocalizedMessage? Chinese, RetryInfo? Retry) ReadDetails(RpcException error)
    {
        try
        {
            Google.Rpc.Status? status = error.GetRpcStatus();
            return (status?.GetDetail<ErrorInfo>(), status?.GetDetail<LocalizedMessage>(), status?.GetDetail<RetryInfo>());
        }
        catch (InvalidProtocolBufferException)
        {
            return default; // details of a server that is not ours: the status itself still stands
        }
    }
}
