using Google.Rpc;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests.Feeding;

/// <summary>
/// A consumer of the change feed, as tests need one. On a shared PostgreSQL server other databases' transactions may delay a change.
/// </summary>
internal sealed class Following(TestSilo silo, Metadata? headers = null)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Contract.Feed.FeedClient feed = new(silo.Channel());

    /// <summary>Opens a stream.</summary>
    public AsyncServerStreamingCall<FollowResponse> Open(FollowRequest request) =>
        feed.Follow(request, headers, DateTime.UtcNow + Patience);

    /// <summary>Reads a stream until it has given so many changes.</summary>
    public async Task<List<Change>> TakeAsync(int count, FollowRequest request)
    {
        List<Change> changes = [];
        if (count == 0) return changes;
        await foreach (FollowResponse response in Parts(request))
        {
            if (response.Change is not { } change) continue;
            changes.Add(change);
            if (changes.Count == count) break;
        }

        return changes;
    }

    /// <summary>
    /// All that a stream gives which is asked for once. On a shared server that may be less than what was written: take a count there.
    /// </summary>
    public async Task<List<Change>> OnceAsync(FollowRequest request)
    {
        request.Once = true;
        List<FollowResponse> all = [];
        await foreach (FollowResponse response in Parts(request)) all.Add(response);
        Assert.True(all[^1].Progress.Newest);
        return [.. all.Where(part => part.Change is not null).Select(part => part.Change)];
    }

    /// <summary>The parts of a stream as they come.</summary>
    public async IAsyncEnumerable<FollowResponse> Parts(FollowRequest request)
    {
        using AsyncServerStreamingCall<FollowResponse> call = Open(request);
        while (await call.ResponseStream.MoveNext(CancellationToken.None)) yield return call.ResponseStream.Current;
    }

    /// <summary>The stream ends with this refusal; gives what it says.</summary>
    public async Task<ErrorInfo> RefusedAsync(string reason, StatusCode code, FollowRequest request)
    {
        using AsyncServerStreamingCall<FollowResponse> call = Open(request);
        return await EndsAsync(reason, code, call);
    }

    /// <summary>An open stream ends with this refusal; gives what it says.</summary>
    public static async Task<ErrorInfo> EndsAsync(string reason, StatusCode code, AsyncServerStreamingCall<FollowResponse> call)
    {
        RpcException end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                // What it gave before is the affair of other tests.
            }
        });
        ErrorInfo info = end.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.Equal((reason, code), (info.Reason, end.StatusCode));
        return info;
    }
}
