using Google.Rpc;
using Grpc.Core;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Expectations on refusals as they come over the wire.</summary>
internal static class Refused
{
    /// <summary>The call fails with this reason and status, in both languages; gives its ErrorInfo.</summary>
    public static async Task<ErrorInfo> With<T>(string reason, StatusCode code, AsyncUnaryCall<T> call)
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.True(code == error.StatusCode, $"expected {code}, got {error.Status}");
        Google.Rpc.Status status = error.GetRpcStatus() ?? throw new InvalidOperationException($"no status details: {error.Status}");
        ErrorInfo info = status.GetDetail<ErrorInfo>()!;
        Assert.Equal((reason, "settlement.v1"), (info.Reason, info.Domain));
        Assert.NotEmpty(error.Status.Detail);
        Assert.NotEmpty(status.GetDetail<LocalizedMessage>()!.Message);
        return info;
    }
}
