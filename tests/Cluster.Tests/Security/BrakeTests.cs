using System.IO.Pipelines;
using Settlement.Gateway.Front;
using Settlement.Gateway.Overload;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Security;

/// <summary>How connections of a storm are read when the line for its refusals is full. Simulated time.</summary>
public sealed class BrakeTests : IDisposable
{
    private static readonly TimeSpan Tick = WaitingLine.Tick;
    private readonly ManualTimeProvider time = new();
    private readonly ConnectionBrake brake = new();
    private readonly Pipe network = new();
    private readonly CancellationTokenSource closed = new();
    private readonly WaitingLine line;
    private readonly BrakedInput input;
    private readonly Storm storm;
    private int places;

    public BrakeTests()
    {
        line = new WaitingLine(new WorkRoom(new OverloadOptions { MaxInWork = 10 }, time), time);
        storm = new Storm(() => places, time);
        input = new BrakedInput(network.Reader, brake, line, closed.Token);
    }

    public void Dispose()
    {
        closed.Dispose();
        line.Dispose();
    }

    [Fact]
    public async Task A_connection_of_a_storm_is_read_when_there_are_places_for_what_it_brings()
    {
        Apply();
        ValueTask<ReadResult> read = await Brought();
        time.Advance(Tick - TimeSpan.FromMilliseconds(1));
        Assert.False(read.IsCompleted);
        places = 10 * Storm.CallsOfAReadAtFirst;
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, (await read).Buffer.Length);
        Assert.InRange(ReadsLeft(), 4, 5);
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(16, 1)]
    [InlineData(4, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    public void As_many_reads_as_bring_half_of_the_places_in_calls_are_taken_in_a_turn_however_long_the_calls_are(int calls, int ofReads)
    {
        places = 640;
        int reads = 0;
        for (int turn = 0; turn < 200; turn++)
        {
            time.Advance(Tick);
            reads = ReadsLeft();
            for (int i = 0; i < reads * calls / ofReads; i++) storm.Arrives();
        }

        Assert.InRange(reads * calls / ofReads, 300, 340);
    }

    [Fact]
    public void Without_a_place_one_connection_is_read_in_each_turn()
    {
        storm.Overflow();
        for (int turn = 0; turn < 5; turn++)
        {
            Assert.True(storm.MayRead());
            Assert.False(storm.MayRead());
            time.Advance(Tick);
        }
    }

    [Fact]
    public async Task However_many_come_before_it_a_connection_is_read_after_five_seconds()
    {
        // The connection asks a quarter of a turn after each turn has begun, when another has had it.
        TimeSpan late = Tick / 4;
        time.Advance(late);
        Apply();
        ValueTask<ReadResult> read = await Brought();
        for (TimeSpan waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(5); waited += Tick)
        {
            time.Advance(Tick - late);
            storm.Overflow();
            Use();
            Assert.False(read.IsCompleted, $"read after {waited}");
            time.Advance(late);
        }

        Assert.Equal(3, (await read).Buffer.Length);
    }

    [Theory]
    [InlineData("calm for two seconds")]
    [InlineData("closed")]
    [InlineData("cancelled")]
    [InlineData("nothing held back")]
    public async Task The_wait_ends_with_its_reason(string reason)
    {
        Apply();
        ValueTask<ReadResult> read = await Brought();
        Assert.False(read.IsCompleted);
        switch (reason)
        {
            case "calm for two seconds":
                time.Advance(TimeSpan.FromSeconds(2));
                break;
            case "closed":
                await closed.CancelAsync();
                break;
            case "cancelled":
                input.CancelPendingRead();
                time.Advance(Tick);
                break;
            default:
                brake.Answers();
                time.Advance(Tick);
                break;
        }

        Assert.Equal(3, (await read).Buffer.Length);
    }

    [Fact]
    public async Task What_has_not_come_yet_when_the_storm_begins_waits_too()
    {
        ValueTask<ReadResult> read = input.ReadAsync();
        Assert.False(read.IsCompleted);
        Apply();
        await network.Writer.WriteAsync(new byte[3]);
        Assert.False(read.IsCompleted);
        time.Advance(Tick);
        Assert.Equal(3, (await read).Buffer.Length);
    }

    [Fact]
    public void A_connection_that_carries_one_call_at_a_time_or_more_than_one_sender_is_not_braked()
    {
        storm.Overflow();
        brake.Carries(storm);
        Assert.False(brake.IsOn);
        brake.HoldsBack();
        Assert.False(brake.IsOn);
        brake.HoldsBack();
        Assert.True(brake.IsOn);
        brake.Carries(new Storm(() => 0, time));
        Assert.False(brake.IsOn);
    }

    /// <summary>A storm on this connection, and nothing left of the turn.</summary>
    private void Apply()
    {
        brake.Carries(storm);
        brake.HoldsBack();
        brake.HoldsBack();
        storm.Overflow();
        Use();
    }

    private void Use()
    {
        while (storm.MayRead()) continue;
    }

    private int ReadsLeft()
    {
        int reads = 0;
        while (storm.MayRead()) reads++;
        return reads;
    }

    private async Task<ValueTask<ReadResult>> Brought()
    {
        await network.Writer.WriteAsync(new byte[3]);
        return input.ReadAsync();
    }
}
