using Settlement.Gateway.Overload;
using Settlement.Identity;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Security;

/// <summary>Who finds room when more is asked for than can be done. Simulated time; arrivals from a seed.</summary>
public sealed class WorkRoomTests
{
    private const int Capacity = 100;
    private readonly ManualTimeProvider time = new();

    [Fact]
    public void Alone_a_facility_takes_half_of_the_room_and_no_more()
    {
        WorkRoom room = Room();
        FacilityLane lane = room.LaneOf(Facility("H1"));
        int let = 0;
        while (lane.TryEnter(out _)) let++;
        Assert.Equal((Capacity / 2, Capacity / 2), (let, room.InWork));
    }

    [Fact]
    public void Whoever_has_nothing_in_work_is_let_in_while_there_is_any_place()
    {
        WorkRoom room = Room();
        for (int i = 0; i < Capacity; i++) Assert.True(room.LaneOf(Facility($"H{i}")).TryEnter(out _));
        Assert.False(room.LaneOf(Facility("late")).TryEnter(out _));
        Assert.Equal(Capacity, room.InWork);
    }

    [Fact]
    public void Calm_facilities_find_places_though_a_hot_one_has_taken_all_it_can_and_nothing_ends()
    {
        WorkRoom room = Room();
        FacilityLane hot = room.LaneOf(Facility("hot"));
        while (hot.TryEnter(out _)) continue;
        FacilityLane[] calm = [.. Enumerable.Range(0, 4).Select(i => room.LaneOf(Facility($"calm{i}")))];
        for (int round = 0; round < Capacity / 10; round++)
        {
            Assert.All(calm, lane => Assert.True(lane.TryEnter(out _), $"refused with {lane.InWork} in work"));
            Assert.False(hot.TryEnter(out _));
        }

        // Nine tenths are taken: the rest is for newcomers.
        Assert.All(calm, lane => Assert.False(lane.TryEnter(out _)));
        Assert.True(room.LaneOf(Facility("new")).TryEnter(out _));
    }

    /// <summary>
    /// A server that ends 600 operations in a batch of 30 ms and nothing between: what the calm ones send meanwhile finds room, though the
    /// hot one asks for 2.8 times what the server can do and they hold about their share of a full room.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Calm_facilities_are_not_refused_while_a_server_that_works_in_batches_is_behind(int seed)
    {
        WorkRoom room = Room(new OverloadOptions { MaxInWork = 1000, FacilityRequestsPerSecond = 0 });
        Dictionary<string, double> sent = new() { ["hot"] = 56, ["calm1"] = 1, ["calm2"] = 1, ["calm3"] = 1, ["calm4"] = 1 };
        Dictionary<string, (int Refused, int Done)> counted =
            new Server(room) { TicksPerBatch = 30 }.Play(sent, workPerTick: 20, milliseconds: 3000, new Random(seed));
        Assert.All(counted.Where(one => one.Key != "hot"), one => Assert.Equal(0, one.Value.Refused));
        Assert.True(counted["hot"].Refused > 50_000);
    }

    [Fact]
    public void A_place_that_is_given_back_is_free_again_and_refusals_take_none()
    {
        WorkRoom room = Room();
        FacilityLane lane = room.LaneOf(Facility("H1"));
        for (int round = 0; round < 3; round++)
        {
            int let = 0;
            while (lane.TryEnter(out _)) let++;
            for (int i = 0; i < 50; i++) Assert.False(lane.TryEnter(out _));
            Assert.Equal((let, let), (lane.InWork, room.InWork));
            for (int i = 0; i < let; i++) lane.Leave();
            Assert.Equal((0, 0), (lane.InWork, room.InWork));
        }
    }

    /// <summary>
    /// A server that ends 20 operations a millisecond. One facility sends three times that for two seconds; nine others send one request a
    /// millisecond each, which is their fair share twice over.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_hot_facility_does_not_starve_the_others_and_the_server_stays_busy(int seed)
    {
        const int Work = 20;
        const int Milliseconds = 2000;
        WorkRoom room = Room();
        Server server = new(room);
        Random chance = new(seed);
        Dictionary<string, double> sent = new() { ["hot"] = 3 * Work };
        for (int i = 0; i < 9; i++) sent[$"H{i}"] = 1;

        Dictionary<string, (int Refused, int Done)> counted = server.Play(sent, Work, Milliseconds, chance);

        int done = counted.Values.Sum(one => one.Done);
        Assert.InRange(done, 0.99 * Work * Milliseconds, Work * Milliseconds + Capacity);
        Assert.All(counted.Where(one => one.Key != "hot"), one => Assert.True(
            one.Value.Refused <= 2, $"seed {seed}: {one.Key} was refused {one.Value.Refused} times"));
        Assert.InRange(counted["hot"].Done, Work * Milliseconds * 0.5, Work * Milliseconds * 0.56); // what the nine leave
        Assert.True(server.LongestQueue <= Capacity);
    }

    [Fact]
    public void Facilities_that_all_ask_for_too_much_get_the_same_however_unequal_their_greed()
    {
        const int Work = 20;
        WorkRoom room = Room();
        Dictionary<string, (int Refused, int Done)> counted = new Server(room).Play(
            new() { ["a"] = 20, ["b"] = 40, ["c"] = 200 }, Work, milliseconds: 2000, new Random(1));
        double share = counted.Values.Sum(one => one.Done) / 3.0;
        Assert.All(counted, one => Assert.InRange(one.Value.Done, 0.97 * share, 1.03 * share));
    }

    [Fact]
    public void Who_comes_now_and_then_finds_a_place_among_any_number_of_greedy_ones()
    {
        for (int greedy = 1; greedy <= 8; greedy++)
        {
            Dictionary<string, double> sent = new() { ["seldom"] = 0.05 };
            for (int i = 0; i < greedy; i++) sent[$"greedy{i}"] = 60;
            Dictionary<string, (int Refused, int Done)> counted = new Server(Room())
                .Play(sent, workPerTick: 20, milliseconds: 2000, new Random(greedy));
            Assert.Equal(0, counted["seldom"].Refused);
            Assert.True(counted["seldom"].Done > 50);
        }
    }

    [Fact]
    public void All_keys_of_a_facility_share_one_lane()
    {
        WorkRoom room = Room();
        Assert.Same(room.LaneOf(Facility("H1")), room.LaneOf(Facility("H1")));
        Assert.NotSame(room.LaneOf(Facility("H1")), room.LaneOf(null));
    }

    [Fact]
    public void A_facility_sends_twice_its_rate_at_once_and_its_rate_in_the_long_run()
    {
        FacilityLane lane = Room(new OverloadOptions { MaxInWork = Capacity, FacilityRequestsPerSecond = 50 }).LaneOf(Facility("H1"));
        Assert.Equal(100, Passing(lane, 1000));
        Assert.False(lane.TryEnter(out TimeSpan wait));
        Assert.Equal(TimeSpan.FromMilliseconds(20), wait);
        time.Advance(wait);
        Assert.Equal(1, Passing(lane, 1000));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(50, Passing(lane, 1000));
        Assert.Equal(0, lane.InWork);
    }

    [Fact]
    public void The_key_file_may_name_another_rate_and_the_agency_has_none()
    {
        WorkRoom room = Room(new OverloadOptions { MaxInWork = Capacity, FacilityRequestsPerSecond = 50 });
        Assert.Equal(10, Passing(room.LaneOf(Facility("slow") with { RequestsPerSecond = 5 }), 1000));
        Assert.Equal(1000, Passing(room.LaneOf(Facility("free") with { RequestsPerSecond = 0 }), 1000));
        Assert.Equal(1000, Passing(room.LaneOf(null), 1000));
    }

    [Fact]
    public async Task A_stream_waits_for_a_place_instead_of_being_refused()
    {
        WorkRoom room = Room(new OverloadOptions { MaxInWork = 1 });
        FacilityLane first = room.LaneOf(Facility("H1"));
        Assert.True(first.TryEnter(out _));
        ValueTask waiting = room.LaneOf(Facility("H2")).EnterAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        first.Leave();
        time.Advance(TimeSpan.FromMilliseconds(10));
        await waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, room.InWork);
    }

    [Fact]
    public void Refusals_are_held_back_only_of_a_facility_that_goes_on_sending_and_no_longer_than_two_seconds()
    {
        FacilityLane lane = Room().LaneOf(Facility("H1"));
        for (int i = 0; i < 250; i++) Assert.Equal(TimeSpan.Zero, lane.Storm.CountRefusal());
        TimeSpan last = TimeSpan.Zero;
        for (int i = 0; i < 500; i++)
        {
            TimeSpan hold = lane.Storm.CountRefusal();
            Assert.Equal(last + TimeSpan.FromMilliseconds(4), hold);
            last = hold;
        }

        for (int i = 0; i < 1000; i++) Assert.Equal(TimeSpan.FromSeconds(2), lane.Storm.CountRefusal());
        Assert.Equal(TimeSpan.Zero, Room().LaneOf(Facility("H2")).Storm.CountRefusal());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromMilliseconds(4), lane.Storm.CountRefusal());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, lane.Storm.CountRefusal());
    }

    [Fact]
    public void Up_to_250_refusals_a_second_are_never_held_back()
    {
        FacilityLane lane = Room().LaneOf(Facility("H1"));
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(TimeSpan.Zero, lane.Storm.CountRefusal());
            time.Advance(TimeSpan.FromMilliseconds(4));
        }
    }

    [Fact]
    public void Letting_in_and_out_allocates_nothing()
    {
        FacilityLane lane = Room(new OverloadOptions { FacilityRequestsPerSecond = 1_000_000 }).LaneOf(Facility("H1"));
        Passing(lane, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Passing(lane, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RegisteredFacility Facility(string code) => new() { Code = code };

    private WorkRoom Room(OverloadOptions? options = null) =>
        new(options ?? new OverloadOptions { MaxInWork = Capacity, FacilityRequestsPerSecond = 0 }, time);

    private static int Passing(FacilityLane lane, int tries)
    {
        int passed = 0;
        for (int i = 0; i < tries; i++)
        {
            if (!lane.TryEnter(out _)) continue;
            passed++;
            lane.Leave();
        }

        return passed;
    }

    /// <summary>Ends the oldest operations first, so many each millisecond; who is refused does not come again.</summary>
    private sealed class Server(WorkRoom room)
    {
        private readonly Queue<string> inWork = new();

        /// <summary>The work of so many milliseconds is ended in the last of them.</summary>
        public int TicksPerBatch { get; init; } = 1;

        public int LongestQueue { get; private set; }

        public Dictionary<string, (int Refused, int Done)> Play(
            Dictionary<string, double> sent, int workPerTick, int milliseconds, Random chance)
        {
            Dictionary<string, (int Refused, int Done)> counted = sent.Keys.ToDictionary(code => code, _ => (0, 0));
            for (int tick = 0; tick < milliseconds; tick++)
            {
                int work = (tick + 1) % TicksPerBatch == 0 ? TicksPerBatch * workPerTick : 0;
                List<string> arrivals = [];
                foreach ((string code, double rate) in sent) arrivals.AddRange(Enumerable.Repeat(code, (int)(rate + chance.NextDouble())));
                string[] mixed = [.. arrivals];
                chance.Shuffle(mixed);
                for (int i = 0; i < mixed.Length; i++)
                {
                    string code = mixed[i];
                    if (room.LaneOf(new RegisteredFacility { Code = code }).TryEnter(out _)) inWork.Enqueue(code);
                    else counted[code] = (counted[code].Refused + 1, counted[code].Done);
                    LongestQueue = Math.Max(LongestQueue, inWork.Count);
                    // The work of a millisecond is spread over it, as arrivals are.
                    for (int ended = i * work / mixed.Length; ended < (i + 1) * work / mixed.Length
                        && inWork.TryDequeue(out string? done); ended++)
                    {
                        room.LaneOf(new RegisteredFacility { Code = done }).Leave();
                        counted[done] = (counted[done].Refused, counted[done].Done + 1);
                    }
                }
            }

            return counted;
        }
    }
}
