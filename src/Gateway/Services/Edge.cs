using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Settlement.Gateway.Front;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Services;

/// <summary>
/// The edge between the wire and the operations: identifies the caller, and lets nothing leave but an answer or a status.
/// </summary>
public sealed class Edge(CallerDirectory callers, ILogger<Edge> log)
{
    /// <summary>Runs an operation for a gRPC call.</summary>
    /// <exception cref="RpcException">Whatever went wrong, as status with details.</exception>
    public async Task<TResponse> Run<TRequest, TResponse>(
        TRequest request, ServerCallContext context, Func<TRequest, Caller, Task<TResponse>> operation, [CallerMemberName] string name = "")
    {
        Observation? seen = Observation.Start(name);
        try
        {
            TResponse response = await operation(request, callers.Identify(context.GetHttpContext()));
            seen?.Answered();
            return response;
        }
        catch (Exception error)
        {
            Google.Rpc.Status status = ToStatus(error, name);
            seen?.Failed(status, error);
            throw status.ToRpcException();
        }
    }

    /// <summary>The caller of an HTTP request.</summary>
    public Caller Identify(HttpContext context) => callers.Identify(context);

    /// <summary>
    /// The status an exception of an operation becomes. What nobody expected is logged, and leaves as INTERNAL without its text.
    /// </summary>
    public Google.Rpc.Status ToStatus(Exception error, string operation)
    {
        if (error is RefusalException refused) return RefusalStatus.ToStatus(refused.Refusal);
        if (OutcomeUnknown.Covers(error)) return RefusalStatus.ToStatus(OutcomeUnknown.Refusal);
        // A message of a stream that could not be read: gRPC itself has said why.
        if (error is RpcException unread) return RefusalStatus.ToStatus(FrameworkStatus.ToRefusal(unread.StatusCode, unread.Status.Detail));
        if (error is BadHttpRequestException malformed)
            return RefusalStatus.ToStatus(FrameworkStatus.ToRefusal(StatusCode.InvalidArgument, malformed.Message));
        if (error is OperationCanceledException)
            return RefusalStatus.ToStatus(FrameworkStatus.ToRefusal(StatusCode.Cancelled, "it was cancelled"));
        log.OperationFailed(error, operation);
        return RefusalStatus.ToStatus(new RefusalInfo(
            RefusalCodes.Defect,
            $"{operation} failed unexpectedly; the server's log has the reason. Ask GetByRequest what became of the request.",
            "服务器内部错误，原因见服务器日志。请按请求编号查询结果。"));
    }
}
