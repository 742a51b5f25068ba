using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="FeedOperations"/>.</summary>
public sealed class FeedService(FeedOperations operations, Edge edge) : Feed.FeedBase
{
    private static readonly WriteOptions Held = new(WriteFlags.BufferHint);

    /// <inheritdoc/>
    public override async Task Follow(FollowRequest request, IServerStreamWriter<FollowResponse> responseStream, ServerCallContext context)
    {
        try
        {
            await operations.Follow(request, Answer, () => edge.Identify(context.GetHttpContext()), context.CancellationToken);
        }
        catch (Exception error)
        {
            throw edge.ToStatus(error, "Feed/Follow").ToRpcException();
        }

        Task Answer(FollowResponse response, bool more)
        {
            responseStream.WriteOptions = more ? Held : null;
            return responseStream.WriteAsync(response);
        }
    }
}
