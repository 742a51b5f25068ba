using Google.Protobuf;

namespace Grpc.Core;

/// <summary>Carries a <see cref="Google.Rpc.Status" /> in the trailer <c>grpc-status-details-bin</c>.</summary>
public static class MetadataExtensions
{
    /// <summary>The name of the trailer.</summary>
    public const string StatusDetailsTrailerName = "grpc-status-details-bin";

    /// <summary>The status in the trailers, or null.</summary>
    /// <exception cref="InvalidProtocolBufferException">The trailer holds something else, unless that is to count as none.</exception>
    public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool ignoreParseError = false)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.GetValueBytes(StatusDetailsTrailerName) is not { } bytes)
            return null;
        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }

    /// <summary>Puts the status into the trailers, in place of one that is there.</summary>
    public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(status);
        while (metadata.Get(StatusDetailsTrailerName) is { } entry)
            metadata.Remove(entry);
        metadata.Add(StatusDetailsTrailerName, status.ToByteArray());
    }
}

/// <summary>Turns a <see cref="Google.Rpc.Status" /> into an exception.</summary>
public static class RpcStatusExtensions
{
    /// <summary>An exception with the code, the message and all details of the status; an unknown code becomes UNKNOWN.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var code = (StatusCode)status.Code;
        return status.ToRpcException(Enum.IsDefined(code) ? code : StatusCode.Unknown, status.Message);
    }

    /// <summary>An exception with a code and message of its own and all details of the status.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status, StatusCode statusCode, string message)
    {
        ArgumentNullException.ThrowIfNull(status);
        var trailers = new Metadata();
        trailers.SetRpcStatus(status);
        return new RpcException(new Status(statusCode, message), trailers);
    }
}

/// <summary>Finds the <see cref="Google.Rpc.Status" /> of an exception.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>The status with its details, or null if the server sent none.</summary>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        return ex.Trailers.GetRpcStatus();
    }
}
