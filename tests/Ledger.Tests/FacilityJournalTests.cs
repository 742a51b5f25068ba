using Settlement.Ledger.Facilities;
using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>What facilities hand in beside settlements is kept in order, once, and for whoever asks next.</summary>
public abstract class FacilityJournalTests : LedgerTest
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Records_of_a_subject_are_read_in_order_by_another_process()
    {
        IFacilityJournal journal = Own(FacilityJournal.Create(Place.Options));
        Assert.True(await journal.AppendAsync(Record("H1", "V1", 1, "m1", 7)));
        Assert.True(await journal.AppendAsync(Record("H1", "V1", 2, "m2", 8)));
        Assert.True(await journal.AppendAsync(Record("H1", "V2", 1, "m3", 9)));

        IReadOnlyList<FacilityRecord> read = await Own(FacilityJournal.Create(Place.Options)).ReadAsync("H1", "V1");

        Assert.Equal(
            [(1, "m1", (byte)7, Noon), (2, "m2", (byte)8, Noon)],
            read.Select(record => (record.Sequence, record.MessageId, record.Body.Span[0], record.RecordedAt)));
        Assert.Empty(await journal.ReadAsync("H2", "V1"));
    }

    [Fact]
    public async Task A_taken_sequence_and_a_taken_message_write_nothing()
    {
        IFacilityJournal journal = Own(FacilityJournal.Create(Place.Options));
        Assert.True(await journal.AppendAsync(Record("H1", "V1", 1, "m1", 7)));

        Assert.False(await journal.AppendAsync(Record("H1", "V1", 1, "m2", 8)));
        Assert.False(await journal.AppendAsync(Record("H1", "V2", 1, "m1", 8)));
        Assert.True(await journal.AppendAsync(Record("H2", "V1", 1, "m1", 8)));

        Assert.Equal(7, Assert.Single(await journal.ReadAsync("H1", "V1")).Body.Span[0]);
        Assert.Empty(await journal.ReadAsync("H1", "V2"));
    }

    [Fact]
    public async Task Of_writers_racing_for_a_sequence_one_wins()
    {
        IFacilityJournal journal = Own(FacilityJournal.Create(Place.Options));
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(writer => journal.AppendAsync(Record("H1", "V1", 1, $"m{writer}", (byte)writer))));
        Assert.Single(won, each => each);
        Assert.Equal(Array.IndexOf(won, true), Assert.Single(await journal.ReadAsync("H1", "V1")).Body.Span[0]);
    }

    [Fact]
    public async Task A_visit_is_dropped_whole_when_nothing_came_for_it_for_the_time_and_not_before()
    {
        ManualTimeProvider time = new(Noon);
        IFacilityJournal journal = Own(FacilityJournal.Create(Place.Options));
        JournalRetention retention = new(journal, TimeSpan.FromDays(400), time);
        Assert.True(await journal.AppendAsync(Record("H1", "V1", 1, "m1", 7)));
        Assert.True(await journal.AppendAsync(Record("H1", "V1", 2, "m2", 8)));
        Assert.True(await journal.AppendAsync(Record("H1", "V2", 1, "m3", 9)));
        Assert.True(await journal.AppendAsync(Record("H1", "V2", 2, "m4", 9, Noon.AddDays(1))));

        time.Advance(TimeSpan.FromDays(400));
        Assert.Equal((0, JournalRetention.Round), await retention.NextAsync());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((2, JournalRetention.Round), await retention.NextAsync());

        Assert.Empty(await journal.ReadAsync("H1", "V1"));
        Assert.Equal(["m3", "m4"], (await journal.ReadAsync("H1", "V2")).Select(record => record.MessageId));
        // Whoever still has the visit in memory cannot go on as if the first reports were there; a new visit may have the id.
        Assert.False(await journal.AppendAsync(Record("H1", "V1", 3, "m5", 8)));
        Assert.True(await journal.AppendAsync(Record("H1", "V1", 1, "m1", 8)));
    }

    [Fact]
    public async Task Old_visits_are_looked_for_page_by_page()
    {
        ManualTimeProvider time = new(Noon.AddDays(100));
        IFacilityJournal journal = Own(FacilityJournal.Create(Place.Options));
        string[] names = [.. Enumerable.Range(0, 7).Select(number => $"V{number}")];
        foreach (string name in names)
            Assert.True(
                await journal.AppendAsync(
                Record(name is "V5" or "V6" ? "H2" : "H1", name, 1, name, 1, name == "V3" ? time.GetUtcNow() : Noon)));

        List<int> dropped = [];
        JournalSweep sweep = default;
        do
        {
            sweep = await journal.DropAsync(time.GetUtcNow(), sweep.Last, limit: 2);
            dropped.Add(sweep.Dropped);
        }
        while (sweep.Last is not null);

        Assert.Equal([2, 1, 2, 1], dropped);
        Assert.Single(await journal.ReadAsync("H1", "V3"));
        Assert.Empty(await journal.ReadAsync("H2", "V6"));
    }

    [Fact]
    public async Task A_report_that_races_with_the_end_of_its_visit_comes_wholly_before_or_after()
    {
        IFacilityJournal journal = Own(FacilityJournal.Create(Place.Options));
        IFacilityJournal other = Own(FacilityJournal.Create(Place.Options));
        for (int round = 0; round < 20; round++)
        {
            string visit = $"V{round}";
            Assert.True(await journal.AppendAsync(Record("H1", visit, 1, $"{round}-1", 1)));
            Task<JournalSweep> dropping = other.DropAsync(Noon.AddDays(1), null, 100);
            bool added = await journal.AppendAsync(Record("H1", visit, 2, $"{round}-2", 2, Noon.AddDays(2)));
            await dropping;
            Assert.Equal(added ? [1, 2] : [], (await journal.ReadAsync("H1", visit)).Select(record => record.Sequence));
        }
    }

    private static FacilityRecord Record(
        string facility, string subject, int sequence, string message, byte body, DateTimeOffset? at = null) =>
        new(facility, subject, sequence, message, new[] { body }, at ?? Noon);
}
