using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Ledger;
using Settlement.Ledger.Facilities;
using Settlement.Silo;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests;

/// <summary>When a silo drops old reports of visits. What is dropped then is the journal's: <c>FacilityJournalTests</c>.</summary>
public sealed class VisitRetentionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly FacilitySubject Last = new("H1", "V500");

    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task It_goes_from_page_to_page_rests_between_them_and_begins_again_a_day_after_the_last()
    {
        AskedJournal journal = new(new JournalSweep(3, Last), null, new JournalSweep(0, null), new JournalSweep(0, null));
        using VisitRetention retention = new(new VisitOptions(), journal, time, NullLogger<VisitRetention>.Instance);
        await retention.StartAsync(CancellationToken.None);

        Assert.Null(await AskedAfterAsync(JournalRetention.Rest, journal));
        Assert.Equal(Last, await AskedAfterAsync(JournalRetention.Rest, journal)); // the database is away: the same page again
        Assert.Equal(Last, await AskedAfterAsync(JournalRetention.Rest, journal));
        Assert.Null(await AskedAfterAsync(JournalRetention.Round, journal));
        await retention.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task With_no_retention_it_asks_nothing()
    {
        AskedJournal journal = new();
        using VisitRetention retention = new(
            new VisitOptions { Retention = TimeSpan.Zero }, journal, time, NullLogger<VisitRetention>.Instance);
        await retention.StartAsync(CancellationToken.None);

        await retention.ExecuteTask!;
        Assert.Equal(0, time.WaitingTimers);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(89)]
    public void A_time_shorter_than_a_stay_is_refused(int days) => Assert.Contains(
        "at least 90 days", Assert.Throws<InvalidOperationException>(new VisitOptions { Retention = TimeSpan.FromDays(days) }.Validate)
            .Message);

    /// <summary>Lets a rest pass and gives the subject behind which the journal is asked then, and not a moment before.</summary>
    private async Task<FacilitySubject?> AskedAfterAsync(TimeSpan rest, AskedJournal journal)
    {
        Assert.True(SpinWait.SpinUntil(() => time.WaitingTimers == 1, Patience));
        time.Advance(rest - TimeSpan.FromTicks(1));
        Assert.Equal(1, time.WaitingTimers);
        Assert.False(journal.Asked.TryRead(out _));
        time.Advance(TimeSpan.FromTicks(1));
        (DateTimeOffset before, FacilitySubject? after) = await journal.Asked.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(time.GetUtcNow() - TimeSpan.FromDays(400), before);
        return after;
    }

    /// <summary>Answers as it is told, null meaning that the database is away.</summary>
    private sealed class AskedJournal(params JournalSweep?[] answers) : IFacilityJournal
    {
        private readonly Queue<JournalSweep?> left = new(answers);
        private readonly Channel<(DateTimeOffset Before, FacilitySubject? After)> asked =
            Channel.CreateUnbounded<(DateTimeOffset Before, FacilitySubject? After)>();

        public ChannelReader<(DateTimeOffset Before, FacilitySubject? After)> Asked => asked.Reader;

        public Task<JournalSweep> DropAsync(
            DateTimeOffset before, FacilitySubject? after, int limit, CancellationToken cancellation = default)
        {
            asked.Writer.TryWrite((before, after));
            return left.Dequeue() is { } sweep ? Task.FromResult(sweep) : throw new LedgerUnavailableException("away");
        }

        public Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public Task<bool> AppendAsync(FacilityRecord record, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
