namespace Settlement.Ledger;

/// <summary>
/// The durable ledger: entries keyed by (person, sequence), and the packs that decided them. Entries are only ever added.
/// Reads see every entry whose append was answered. All members are safe to call from any thread.
/// </summary>
/// <exception cref="LedgerUnavailableException">Every read and write may fail so when the database cannot be reached.</exception>
public interface ILedgerStore : IAsyncDisposable
{
    /// <summary>What is behind the store, for logs and health: provider and place, never a password.</summary>
    string Description { get; }

    /// <summary>Whether other processes may be writing to the same ledger.</summary>
    bool IsShared { get; }

    /// <summary>How many writers serve this store best.</summary>
    int DefaultWriterCount { get; }

    /// <summary>Creates or migrates the schema and checks that the database keeps its promises. Call once before anything else.</summary>
    /// <exception cref="LedgerSchemaException">The schema is newer than this program, or not ours.</exception>
    /// <exception cref="LedgerConfigurationException">The database is set up so that a commit may be lost.</exception>
    Task InitialiseAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Cheap questions to the database: whether it answers, takes writes (as far as can be known without one), and has our schema.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">It does not answer, or is read-only.</exception>
    /// <exception cref="LedgerSchemaException">The schema is no longer that of this program.</exception>
    Task CheckHealthAsync(CancellationToken cancellation = default);

    /// <summary>The person's newest entry, or null when the person is unknown. This is all that waking a person needs.</summary>
    Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default);

    /// <summary>
    /// One entry of a person, or null when the ledger has no such entry or its period is detached and it was not carried forward.
    /// </summary>
    Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default);

    /// <summary>The entry that a request made, or null.</summary>
    Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default);

    /// <summary>The entry that settled a charge last (highest generation), reversed or not, or null.</summary>
    Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default);

    /// <summary>The reversal of a person's entry, or null while it stands.</summary>
    Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default);

    /// <summary>A person's entries in order, from a sequence on.</summary>
    /// <param name="personId">The person.</param>
    /// <param name="fromSequence">First sequence wanted.</param>
    /// <param name="limit">Most entries to return, 1 to 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default);

    /// <summary>A person's entries, newest first.</summary>
    /// <param name="personId">The person.</param>
    /// <param name="beforeSequence">Only entries below this sequence; null to begin with the newest.</param>
    /// <param name="limit">Most entries to return, 1 to 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default);

    /// <summary>What is kept of a request that a detached period holds, or null. A store without periods has none.</summary>
    Task<ArchivedKey?> ReadArchivedRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        Task.FromResult<ArchivedKey?>(null);

    /// <summary>
    /// What is kept of the newest settlement of a charge in a detached period, or null. A store without periods has none.
    /// </summary>
    Task<ArchivedKey?> ReadArchivedChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        Task.FromResult<ArchivedKey?>(null);

    /// <summary>
    /// Where the person's attached entries begin, or null when all entries are attached. A store without periods has all.
    /// </summary>
    Task<DetachedPart?> ReadDetachedPartAsync(string personId, CancellationToken cancellation = default) =>
        Task.FromResult<DetachedPart?>(null);

    /// <summary>The periods, or null for a store that has none.</summary>
    ILedgerPeriods? Periods => null;

    /// <summary>
    /// Every entry of every person in (person, sequence) order, streamed. A person's entries that were durable before the scan reached
    /// the person are all there; the scan as a whole is no snapshot.
    /// </summary>
    IAsyncEnumerable<LedgerEntry> ScanAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Entries behind a position, in position order. Never skips: an entry is left out only while a smaller position could still
    /// appear, and it comes with a later call.
    /// </summary>
    /// <param name="afterPosition">The position of the last entry seen, 0 at first.</param>
    /// <param name="limit">Most entries to return, 1 to 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerDetachedException">Entries behind the position are in a detached period; it names the last position of
    /// that.</exception>
    Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(long afterPosition, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// Finds where the entries recorded in a span of time lie, or null when there is none. An entry is given its time before it is written,
    /// so neighbours in position may lie in another span, and one that waited long for the database may lie far behind them.
    /// </summary>
    /// <param name="from">The first moment.</param>
    /// <param name="until">The first moment after the span.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerDetachedException">A period that is detached was closed behind the first moment.</exception>
    Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default);

    /// <summary>
    /// Settlements and reversals recorded in a span, in position order. The ledger reads all that lies between the span's positions,
    /// whoever asked for it: keep spans to about a day.
    /// </summary>
    /// <param name="span">As <see cref="FindRecordedAsync"/> gave it.</param>
    /// <param name="origins">Whose requests; none: everybody's.</param>
    /// <param name="afterPosition">The position of the last entry seen, 0 at first.</param>
    /// <param name="limit">Most entries to return, 1 to 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// Keeps a pack, so that what it decided can be computed again years later. Registering the same pack again does nothing.
    /// </summary>
    /// <exception cref="LedgerException">The key is taken by a pack with another hash, or the archive does not have this hash.</exception>
    Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default);

    /// <summary>A pack kept earlier, or null.</summary>
    Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default);

    /// <summary>Opens a way to append. A <see cref="LedgerWriter"/> does this; nobody else needs to.</summary>
    ILedgerAppender OpenAppender();
}

/// <summary>A pack as the ledger keeps it.</summary>
/// <param name="PackKey">The number that entries carry.</param>
/// <param name="Sha256">SHA-256 of the archive, 32 bytes.</param>
/// <param name="Name">A readable name with version.</param>
/// <param name="Archive">The pack itself.</param>
public sealed record LedgerPack(long PackKey, ReadOnlyMemory<byte> Sha256, string Name, ReadOnlyMemory<byte> Archive);

/// <summary>One connection on which batches are appended, one after the other. Not safe for concurrent use.</summary>
public interface ILedgerAppender : IAsyncDisposable
{
    /// <summary>
    /// Writes the undecided entries of a batch in one transaction and decides each. When it returns, every entry is decided and what was
    /// appended is durable. Safe to repeat with the same batch after a failure.
    /// </summary>
    /// <exception cref="LedgerSchemaException">The schema is no longer that of this program; this call has sent nothing.</exception>
    /// <exception cref="LedgerUnavailableException">The database did not answer; undecided entries may or may not be durable.</exception>
    Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation);
}
