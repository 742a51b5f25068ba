using Settlement.Ledger.Facilities;

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

        Assert.Equal([(1, "m1", (byte)7, Noon), (2, "m2", (byte)8, Noon)], read.Select(record => (record.Sequence, record.MessageId, record.Body.Span[0], record.RecordedAt)));
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
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => journal.AppendAsync(Record("H1", "V1", 1, $"m{writer}", (byte)writer))));
        Assert.Single(won, each => each);
        Assert.Equal(Array.IndexOf(won, true), Assert.Single(await journal.ReadAsync("H1", "V1")).Body.Span[0]);
    }

    private static FacilityRecord Record(string facility, string subject, int sequence, string message, byte body) =>
        new(facility, subject, sequence, message, new[] { body }, Noon);
}
