using System.Globalization;
using Orleans;
using Settlement.Contract;
using Settlement.Feeding;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Feeding;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Reads;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Feed service: the ledger as a stream, for gRPC and JSON alike.</summary>
public sealed class FeedOperations(
    IGrainFactory grains, ReadTrail reads, GatewayOptions options, Followers followers, Drain drain, TimeProvider time)
{
    /// <summary>Changes that leave together; not more, or a slow reader would not be noticed.</summary>
    private const int LeaveTogether = 32;

    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private static RefusalInfo Stopping { get; } = new(
        RefusalCodes.ServerStopping,
        "This server is stopping. Follow on elsewhere, behind the last position you have handled.",
        "服务器正在停止。请重新建立连接，从已处理的最后位置之后继续。");

    /// <summary>
    /// Gives what lies behind a position, and then what comes. One page at a time is in memory: the next is read when this one is taken.
    /// </summary>
    /// <param name="request">From where, and what.</param>
    /// <param name="answer">Sends an answer; true with it when the next one follows at once.</param>
    /// <param name="identify">Who follows, asked again for every page: a key that is withdrawn ends its streams.</param>
    /// <param name="cancellation">The caller is gone.</param>
    /// <exception cref="RefusalException">SERVER_STOPPING, PERIOD_DETACHED, BUSY, or the caller may not.</exception>
    public async Task Follow(
        FollowRequest request, Func<FollowResponse, bool, Task> answer, Func<Caller> identify, CancellationToken cancellation)
    {
        Caller caller = identify();
        caller.Require(Scope.Feed);
        FeedFilter filter = FilterOf(request, caller);
        using Followers.Follower follower = followers.Enter(caller);
        reads.Note(caller, "Feed/Follow", "", Subject(request, filter));
        using CancellationTokenSource going = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.StopAccepting);
        try
        {
            await Follow(request, filter, follower, answer, () => identify().Require(Scope.Feed), going.Token);
        }
        catch (OperationCanceledException) when (drain.StopAccepting.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RefusalException(Stopping);
        }
    }

    private async Task Follow(
        FollowRequest request, FeedFilter filter, Followers.Follower follower, Func<FollowResponse, bool, Task> answer, Action authorise,
        CancellationToken going)
    {
        IFeedGrain reader = grains.GetGrain<IFeedGrain>(follower.Holder[^1..]);
        long position = request.After;
        long spoke = time.GetTimestamp();
        bool wasNewest = false;
        while (true)
        {
            authorise();
            DateTimeOffset at = time.GetUtcNow();
            FeedPage page = SettlementOperations.Value(await followers.ReadAsync(() => reader.ReadPage(filter, position), going));
            follower.HasRead(page.RecordedAt);
            GatewayMetrics.Followed(page.Changes.Length);
            foreach ((int i, Change change) in page.Changes.Index())
            {
                going.ThrowIfCancellationRequested();
                await answer(new FollowResponse { Change = change }, (i + 1) % LeaveTogether != 0);
            }

            position = page.Position;
            bool newest = !page.More;
            if (page.Changes.Length > 0 || (newest && !wasNewest) || time.GetElapsedTime(spoke) >= options.Feed.Heartbeat)
            {
                going.ThrowIfCancellationRequested();
                await answer(
                    new FollowResponse { Progress = new FeedProgress { Position = position, Newest = newest, At = Text(at) } }, false);
                spoke = time.GetTimestamp();
            }

            wasNewest = newest;
            if (!newest) continue;
            follower.IsAtNewest();
            if (request.Once) return;
            await Task.Delay(options.Feed.PollInterval, time, going);
        }
    }

    private static FeedFilter FilterOf(FollowRequest request, Caller caller)
    {
        Check.Between("after", request.After, 0, long.MaxValue);
        if (request.Facility.Length > 0) Check.Id("facility", request.Facility);
        if (request.Region.Length > 0) Check.Division("region", request.Region);
        Check.AtMost("kinds (number of)", request.Kinds.Count, Enum.GetValues<Change.Types.Kind>().Length);
        foreach (Change.Types.Kind kind in request.Kinds) Check.Known("kinds", kind);
        int region = request.Region.Length == 0 ? 0 : int.Parse(request.Region, NumberStyles.None, CultureInfo.InvariantCulture);
        return new FeedFilter(FacilityFacts.Acting(caller, request.Facility), BooksOnly: !caller.IsAgency, region, [.. request.Kinds]);
    }

    /// <summary>What the trail of reads says was asked for.</summary>
    private static string Subject(FollowRequest request, FeedFilter filter) => string.Join(' ',
        new[] { $"behind {request.After}", filter.Facility, request.Region, string.Join(',', request.Kinds) }.Where(
            static part => part.Length > 0));

    private static string Text(DateTimeOffset moment) =>
        moment.ToOffset(China).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
