using Settlement.Gateway.Overload;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Security;

/// <summary>Where calls wait that found no room. Simulated time.</summary>
public sealed class WaitingLineTests : IDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly WaitingLine line;

    public WaitingLineTests() => line = new WaitingLine(new WorkRoom(new OverloadOptions { MaxInWork = 10 }, time), time);

    public void Dispose() => line.Dispose();

    [Fact]
    public void It_has_twice_as_many_places_as_the_room_and_a_place_given_back_is_free_again()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 20; i++) Assert.True(line.TryJoin(line.Capacity));
            for (int i = 0; i < 5; i++) Assert.False(line.TryJoin(line.Capacity));
            Assert.Equal(20, line.Waiting);
            for (int i = 0; i < 20; i++) line.Leave();
        }
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(20, 20)]
    [InlineData(21, 40)]
    [InlineData(2000, 2000)]
    [InlineData(60_000, 2540)]
    public void A_wait_is_whole_ticks_rounded_up_and_bounded(int asked, int waited)
    {
        Task wait = line.After(TimeSpan.FromMilliseconds(asked), CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(waited - 1));
        Assert.False(wait.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void One_timer_serves_all_who_wait_and_stops_when_nobody_does()
    {
        Assert.Equal(0, time.WaitingTimers);
        Task[] waits = [.. Enumerable.Range(1, 100).Select(i => line.After(TimeSpan.FromMilliseconds(20 * i), CancellationToken.None))];
        Assert.Equal(1, time.WaitingTimers);
        for (int i = 0; i < waits.Length; i++)
        {
            Assert.False(waits[i].IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(20));
            Assert.True(waits[i].IsCompletedSuccessfully);
        }

        Assert.Equal(0, time.WaitingTimers);
        Task later = line.After(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.True(later.IsCompletedSuccessfully);
    }

    [Fact]
    public void Who_gives_up_waits_no_longer()
    {
        using CancellationTokenSource gone = new();
        Task wait = line.After(TimeSpan.FromSeconds(2), gone.Token);
        gone.Cancel();
        Assert.True(wait.IsCompletedSuccessfully);
        time.Advance(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Whoever_waits_when_it_is_closed_is_answered()
    {
        Task[] waits = [.. Enumerable.Range(1, 120).Select(i => line.After(TimeSpan.FromMilliseconds(20 * i), CancellationToken.None))];
        line.Dispose();
        Assert.All(waits, wait => Assert.True(wait.IsCompletedSuccessfully));
    }
}
