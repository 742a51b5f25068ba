using Microsoft.Extensions.Logging;
using Settlement.Ledger.Writing;

namespace Settlement.Ledger;

/// <summary>
/// Gathers entries of many persons and appends them in batches, one transaction a batch (group commit). An append is answered when the
/// entry is durable or certainly is not. A lost connection is ridden out: the same batch is written again until its outcome is known,
/// which is safe because (person, sequence) with the same hash counts as the same entry.
/// </summary>
/// <remarks>
/// Safe for use from any thread; the appends of one lane must be given one after the other, but need not be awaited between.
/// </remarks>
public sealed class LedgerWriter : IAsyncDisposable
{
    private readonly WriterLoop[] loops;

    /// <summary>Starts the writers.</summary>
    /// <param name="store">An initialised store. The writer does not dispose it.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="time">Clock for pauses and durations.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="scheduler">Where the writers run, one turn at a time each; the thread pool when null.</param>
    /// <exception cref="LedgerConfigurationException">An option does not do.</exception>
    public LedgerWriter(
        ILedgerStore store, LedgerWriterOptions options, TimeProvider time, ILogger<LedgerWriter> logger, TaskScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        options.Validate();
        loops = new WriterLoop[options.Count == 0 ? store.DefaultWriterCount : options.Count];
        for (int i = 0; i < loops.Length; i++)
            loops[i] = new WriterLoop(i, store.OpenAppender(), options, time, logger, scheduler ?? TaskScheduler.Default);
    }

    /// <summary>Appends waiting, over all writers; a group counts as one.</summary>
    public int QueueLength => loops.Sum(static loop => loop.QueueLength);

    /// <summary>True while some writer cannot reach the database.</summary>
    public bool IsFailing => Array.Exists(loops, static loop => loop.IsFailing);

    /// <summary>Opens the lane of one activation of a person.</summary>
    /// <exception cref="ArgumentException">The person id breaks the ledger's rules.</exception>
    public PersonLane OpenLane(string personId)
    {
        LedgerEntryRules.CheckPersonId(personId);
        return new PersonLane(personId, (int)(StableHash.Of(personId) % (uint)loops.Length));
    }

    /// <summary>
    /// Appends an entry behind the earlier ones of its lane. The answer comes when the outcome is known; appends may be pipelined.
    /// Await the returned task exactly once.
    /// </summary>
    /// <param name="lane">A lane of this writer.</param>
    /// <param name="entry">A sealed entry of the lane's person that follows the lane's newest entry.</param>
    /// <exception cref="ArgumentException">The entry is not sealed, is another person's, or does not follow the lane's newest
    /// entry.</exception>
    public ValueTask<AppendOutcome> AppendAsync(PersonLane lane, LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(lane);
        ArgumentNullException.ThrowIfNull(entry);
        if (!entry.IsSealed) throw new ArgumentException($"Entry {entry.Sequence} is not sealed.", nameof(entry));
        lock (lane.Gate) return MayAppend(lane, entry) ? loops[lane.Writer].Append(lane, entry) : Abandon();
    }

    /// <summary>
    /// Appends a group behind the earlier entries of its lane, in one transaction, all or none. Whatever stands against one of its
    /// entries is the outcome of the whole group, and harms no neighbour of it in the batch.
    /// Await the returned task exactly once.
    /// </summary>
    /// <param name="lane">A lane of this writer.</param>
    /// <param name="group">Entries of the lane's person, of which the first follows the lane's newest entry.</param>
    /// <exception cref="ArgumentException">The group is another person's, or does not follow the lane's newest entry.</exception>
    public ValueTask<AppendOutcome> AppendAsync(PersonLane lane, LedgerGroup group)
    {
        ArgumentNullException.ThrowIfNull(lane);
        ArgumentNullException.ThrowIfNull(group);
        lock (lane.Gate) return MayAppend(lane, group.First) ? loops[lane.Writer].Append(lane, group) : Abandon();
    }

    /// <summary>
    /// Stops: takes no more entries, writes what is queued within <see cref="LedgerWriterOptions.StopTimeout"/>, and answers the rest
    /// <see cref="AppendStatus.Unavailable"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Array.ConvertAll(loops, static loop => loop.DisposeAsync().AsTask()));
    }

    /// <summary>False when the lane is broken. The caller holds the lane's gate.</summary>
    private static bool MayAppend(PersonLane lane, LedgerEntry entry)
    {
        if (entry.PersonId != lane.PersonId)
            throw new ArgumentException($"Entry {entry.Sequence} belongs to another person than its lane.", nameof(entry));
        if (lane.IsBroken) return false;
        int newest = lane.NewestSequence;
        if (newest > 0 && (entry.Sequence != newest + 1 || entry.PreviousHash != lane.NewestHash))
            throw new ArgumentException($"Entry {entry.Sequence} does not follow entry {newest}, the newest of its lane.", nameof(entry));
        return true;
    }

    private static ValueTask<AppendOutcome> Abandon()
    {
        LedgerMetrics.Answered(AppendStatus.Abandoned);
        return new(new AppendOutcome(AppendStatus.Abandoned));
    }
}
