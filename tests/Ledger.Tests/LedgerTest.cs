using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>What every test on a store begins with: an empty, initialised ledger. Derived once for each database.</summary>
public abstract class LedgerTest : IAsyncLifetime
{
    /// <summary>Guards against a test that hangs; no test depends on its length.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> owned = [];

    /// <summary>What the product logged.</summary>
    protected RecordedLog Log { get; } = new();

    protected LedgerPlace Place { get; private set; } = null!;

    protected ILedgerStore Store { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Place = await CreatePlaceAsync();
        Store = OpenStore();
        await Store.InitialiseAsync();
    }

    public virtual async Task DisposeAsync()
    {
        for (int i = owned.Count - 1; i >= 0; i--) await owned[i].DisposeAsync();
        await Place.DisposeAsync();
    }

    protected abstract Task<LedgerPlace> CreatePlaceAsync();

    /// <summary>A further store on the same database, as another process would have.</summary>
    protected ILedgerStore OpenStore() => Own(Place.OpenStore(Log));

    protected LedgerWriter OpenWriter(ILedgerStore? store = null, LedgerWriterOptions? options = null, TimeProvider? time = null) =>
        Own(new LedgerWriter(store ?? Store, options ?? QuickRetries(), time ?? TimeProvider.System, Log.For<LedgerWriter>()));

    protected static LedgerWriterOptions QuickRetries() => new() { RetryDelay = TimeSpan.FromMilliseconds(5) };

    protected T Own<T>(T disposable)
        where T : IAsyncDisposable
    {
        // Racing writers open theirs at once.
        lock (owned) owned.Add(disposable);
        return disposable;
    }

    /// <summary>Gives an entry to the writer; the answer is awaited later.</summary>
    protected static Task<AppendOutcome> Start(LedgerWriter writer, PersonLane lane, LedgerEntry entry) =>
        writer.AppendAsync(lane, entry).AsTask();

    /// <summary>Gives a group to the writer; the answer is awaited later.</summary>
    protected static Task<AppendOutcome> StartGroup(LedgerWriter writer, PersonLane lane, params LedgerEntry[] entries) =>
        writer.AppendAsync(lane, LedgerGroup.Of(entries)).AsTask();

    /// <summary>Appends on a lane of its own and expects it to succeed.</summary>
    protected static async Task AppendAsync(LedgerWriter writer, params LedgerEntry[] entries)
    {
        PersonLane lane = writer.OpenLane(entries[0].PersonId);
        foreach (LedgerEntry entry in entries)
        {
            AppendOutcome outcome = await Start(writer, lane, entry).WaitAsync(Patience);
            Assert.Equal(AppendStatus.Appended, outcome.Status);
        }
    }

    /// <summary>
    /// Follows the feed until so many entries came. On a shared server, other databases' transactions may delay an entry.
    /// </summary>
    protected static async Task<List<LedgerEntry>> ReadFeedAsync(ILedgerStore store, int count, long after = 0)
    {
        using CancellationTokenSource patience = new(Patience);
        List<LedgerEntry> feed = [];
        while (feed.Count < count)
            feed.AddRange(await store.ReadFromPositionAsync(feed.Count == 0 ? after : feed[^1].Position, 3, patience.Token));
        return feed;
    }

    /// <summary>Appends one entry on a fresh lane, as a fresh activation would.</summary>
    protected static async Task<AppendStatus> TryAppendAsync(LedgerWriter writer, LedgerEntry entry) =>
        (await Start(writer, writer.OpenLane(entry.PersonId), entry).WaitAsync(Patience)).Status;

    protected static async Task<AppendStatus[]> StatusesAsync(params IEnumerable<Task<AppendOutcome>> answers)
    {
        List<AppendStatus> statuses = [];
        foreach (Task<AppendOutcome> answer in answers) statuses.Add((await answer.WaitAsync(Patience)).Status);
        return [.. statuses];
    }

    protected static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    /// <summary>Looks again and again until something holds.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(5));
        while (!await holds()) await pause.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>
    /// The whole ledger, after checking that every chain is sound: no gap, right hashes, each entry following the one before.
    /// </summary>
    protected async Task<List<LedgerEntry>> ScanSoundAsync()
    {
        List<LedgerEntry> all = [];
        LedgerEntry? before = null;
        await foreach (LedgerEntry entry in Store.ScanAsync())
        {
            bool first = before?.PersonId != entry.PersonId;
            Assert.Equal(first ? 1 : before!.Sequence + 1, entry.Sequence);
            Assert.Equal(first ? LedgerHash.Zero : before!.Hash, entry.PreviousHash);
            Assert.True(entry.HashIsValid());
            if (!first) Assert.True(entry.Position > before!.Position);
            all.Add(entry);
            before = entry;
        }
        return all;
    }
}
