using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>The ledger in PostgreSQL, schema <c>ledger</c>. Several silos may share it; the keys fence them.</summary>
internal sealed class PostgresLedgerStore : ILedgerStore
{
    private const int ScanPage = 500;
    private const string Columns = "SELECT position + place, " + EntryColumns.Content;
    private const string Select = Columns + " FROM ledger.entry ";

    // Every transaction with a smaller number than the oldest running one has ended: no position below this can still appear. A long
    // transaction anywhere on the server delays the feed, it never tears it.
    private static readonly string FeedCondition =
        $"WHERE position >= ($1 >> {PostgresSchema.PositionBits} << {PostgresSchema.PositionBits}) AND position + place > $1 "
        + "AND position < (SELECT position_base FROM ledger.meta) "
        + $"+ (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << {PostgresSchema.PositionBits}) "
        + "AND ledger.feed_reaches($1) ORDER BY position, place LIMIT $2";

    private readonly LedgerOptions options;
    private readonly ILogger logger;
    private readonly PostgresConnections connections;
    private readonly NewestReader newest;
    private PostgresPeriods? periods;

    public PostgresLedgerStore(LedgerOptions options, ILogger logger)
    {
        this.options = options;
        this.logger = logger;
        connections = new PostgresConnections(options);
        newest = new NewestReader(ReadNewestAsync);
    }

    public string Description => connections.Place;

    public bool IsShared => true;

    // A second one fills its batch while the first waits for the disk, but batches get smaller and cost the database more for each entry.
    // With few processors that costs more than the waiting does (docs/performance.md).
    public int DefaultWriterCount => Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    public async Task InitialiseAsync(CancellationToken cancellation = default)
    {
        try
        {
            await using NpgsqlConnection connection = await connections.OpenReaderAsync(cancellation).ConfigureAwait(false);
            await PostgresDurability.CheckAsync(connection, connections.Place, options.AllowUnsafeDurability, logger, cancellation)
                .ConfigureAwait(false);
            await PostgresSchema.ApplyAsync(connection, connections.Place, logger, cancellation).ConfigureAwait(false);
        }
        catch (DbException problem)
        {
            throw connections.Translate(problem);
        }
    }

    public async Task CheckHealthAsync(CancellationToken cancellation = default)
    {
        (int version, bool readOnly) = await connections.QueryAsync(
            "SELECT version, current_setting('transaction_read_only')::boolean FROM ledger.meta",
            [],
            async reader => await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? (reader.GetInt32(0), reader.GetBoolean(1))
            : (0, false),
            cancellation).ConfigureAwait(false);
        PostgresSchema.EnsureCurrent(version, connections.Place);
        if (!readOnly) return;
        // A session keeps what the database said when it began: the next question goes to a new one.
        connections.ForgetReaders();
        throw new LedgerUnavailableException($"{connections.Place} is read-only");
    }

    public Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default) =>
        newest.ReadAsync(personId, cancellation);

    // The server plans anew for each array, for one plan would have to fit all lengths. A single person need not wait for that.
    private Task<IReadOnlyList<LedgerEntry>> ReadNewestAsync(string[] persons) => persons is [string only]
        ? Entries(Columns + " FROM ledger.newest($1)", [Text(only)], CancellationToken.None)
        : Entries(
            Columns + " FROM unnest($1) AS asked (person), LATERAL ledger.newest(asked.person)",
            [new NpgsqlParameter<string[]> { TypedValue = persons }],
            CancellationToken.None);

    public Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        One(
            $"({Select} WHERE person_id = $1 AND sequence = $2) UNION ALL ({Columns} FROM ledger.carried WHERE person_id = $1 AND sequence = $2) LIMIT 1",
            [Text(personId), Number(sequence)],
            cancellation);

    public Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        One(Select + "WHERE request_key = $1", [Key(requestKey)], cancellation);

    public Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        One(Select + "WHERE charge_key = $1 ORDER BY charge_generation DESC LIMIT 1", [Key(chargeKey)], cancellation);

    public Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        One(Select + "WHERE person_id = $1 AND reverses = $2", [Text(personId), Number(sequence)], cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default) =>
        Many("WHERE person_id = $1 AND sequence >= $2 ORDER BY sequence LIMIT $3", limit, [Text(personId), Number(fromSequence)],
            cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default) =>
        beforeSequence is { } before
            ? Many("WHERE person_id = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3", limit, [Text(personId), Number(before)],
                cancellation)
            : Many("WHERE person_id = $1 ORDER BY sequence DESC LIMIT $2", limit, [Text(personId)], cancellation);

    public Task<ArchivedKey?> ReadArchivedRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        Archived("k.request_key = $1", requestKey, cancellation);

    public Task<ArchivedKey?> ReadArchivedChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        Archived("k.charge_key = $1", chargeKey, cancellation);

    public Task<DetachedPart?> ReadDetachedPartAsync(string personId, CancellationToken cancellation = default) => connections.QueryAsync(
        $"""
        {Columns}, p.label, p.closed_at FROM ledger.carried c JOIN ledger.period p ON p.number = c.period
        WHERE p.detached AND c.person_id = $1 ORDER BY c.sequence DESC LIMIT 1
        """,
        [Text(personId)],
        async reader => await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new DetachedPart(
                PostgresRow.Read(reader),
                reader.GetString(EntryColumns.Count),
                new DateTimeOffset(reader.GetFieldValue<DateTime>(EntryColumns.Count + 1), TimeSpan.Zero))
            : null,
        cancellation);

    public ILedgerPeriods Periods => periods ??= new PostgresPeriods(connections, logger);

    public async IAsyncEnumerable<LedgerEntry> ScanAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string person = "";
        int sequence = 0;
        IReadOnlyList<LedgerEntry> page;
        do
        {
            page = await Many(
                "WHERE (person_id, sequence) > ($1, $2) ORDER BY person_id, sequence LIMIT $3",
                ScanPage,
                [Text(person), Number(sequence)],
                cancellation).ConfigureAwait(false);
            foreach (LedgerEntry entry in page)
            {
                yield return entry;
                (person, sequence) = (entry.PersonId, entry.Sequence);
            }
        }
        while (page.Count == ScanPage);
    }

    public async Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(
        long afterPosition, int limit, CancellationToken cancellation = default)
    {
        while (true)
        {
            try
            {
                return await Many(FeedCondition, limit, [Position(afterPosition)], cancellation).ConfigureAwait(false);
            }
            catch (LedgerException unseen) when (unseen.InnerException is PostgresException { SqlState: PeriodLayout.Detached })
            {
                if (await DetachedBehindAsync(afterPosition, cancellation).ConfigureAwait(false) is { } detached) throw detached;
                // It has been attached again in between.
            }
        }
    }

    private Task<LedgerDetachedException?> DetachedBehindAsync(
        long afterPosition, CancellationToken cancellation) => connections.QueryAsync(
        "SELECT number, label, last_position FROM ledger.period WHERE detached AND last_position > $1 ORDER BY number DESC LIMIT 1",
        [Position(afterPosition)],
        async reader =>
        {
            if (!await reader.ReadAsync(cancellation).ConfigureAwait(false)) return null;
            (string table, string period, long last) = (PeriodLayout.TableOf(reader.GetInt32(0)), reader.GetString(1), reader.GetInt64(2));
            return new LedgerDetachedException(
                period, $"Entries behind position {afterPosition} are in period {period}, which is detached: attach it, or read {table}, and go on behind {last}.")
            {
                LastPosition = last, Table = table,
            };
        },
        cancellation);

    public Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        connections.QueryAsync<RecordedSpan?>(
            """
            SELECT min(position + place), max(position + place), (SELECT label FROM ledger.period WHERE detached AND closed_at > $1 ORDER BY number DESC LIMIT 1)
            FROM ledger.entry WHERE recorded_at >= $1 AND recorded_at < $2
            """,
            [Moment(from), Moment(until)],
            async reader =>
            {
                if (!await reader.ReadAsync(cancellation).ConfigureAwait(false)) return null;
                if (!reader.IsDBNull(2))
                {
                    string period = reader.GetString(2);
                    throw new LedgerDetachedException(
                        period, $"What was recorded from {from:O} on may be in period {period}, which is detached.");
                }
                return reader.IsDBNull(0) ? null : new RecordedSpan(from, until, reader.GetInt64(0), reader.GetInt64(1));
            },
            cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default) =>
        Many(
            $"WHERE position >= ($1 >> {PostgresSchema.PositionBits} << {PostgresSchema.PositionBits}) AND position + place > $1 AND position <= $2 "
                + "AND recorded_at >= $3 AND recorded_at < $4 AND kind IN (3, 4) AND (cardinality($5) = 0 OR origin = ANY($5)) "
                + "ORDER BY position, place LIMIT $6",
            limit,
            [
                Position(Math.Max(afterPosition, span.First - 1)),
                Position(span.Last),
                Moment(span.From),
                Moment(span.Until),
                new NpgsqlParameter<string[]> { TypedValue = [.. origins] },
            ],
            cancellation);

    public async Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default)
    {
        StoreArguments.CheckPack(packKey, sha256, name, archive);
        await connections.QueryAsync(
            "INSERT INTO ledger.pack (pack_key, sha256, name, archive) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            [
                new NpgsqlParameter<long> { TypedValue = packKey },
                new NpgsqlParameter<byte[]> { TypedValue = sha256 },
                Text(name),
                new NpgsqlParameter<byte[]> { TypedValue = archive },
            ],
            static reader => reader.ReadAsync(),
            cancellation).ConfigureAwait(false);
        LedgerPack kept = (await ReadPackAsync(packKey, cancellation).ConfigureAwait(false))!;
        if (!kept.Sha256.Span.SequenceEqual(sha256)) throw StoreArguments.PackTaken(packKey, name, kept.Name);
    }

    public Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default) => connections.QueryAsync(
        "SELECT sha256, name, archive FROM ledger.pack WHERE pack_key = $1",
        [new NpgsqlParameter<long> { TypedValue = packKey }],
        async reader => await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new LedgerPack(packKey, reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2))
            : null,
        cancellation);

    public ILedgerAppender OpenAppender() => new PostgresLedgerAppender(connections, logger);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<int> Number(int value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Position(long value) => new() { TypedValue = value };

    private static NpgsqlParameter<DateTime> Moment(DateTimeOffset value) => new() { TypedValue = value.UtcDateTime };

    private static NpgsqlParameter<Guid> Key(LedgerKey value) => new() { TypedValue = value.ToGuid() };

    private Task<ArchivedKey?> Archived(string condition, LedgerKey key, CancellationToken cancellation) => connections.QueryAsync(
        $"""
        SELECT p.label, coalesce(k.charge_generation, 0::smallint), k.reversed FROM ledger.archived_key k JOIN ledger.period p ON p.number = k.period
        WHERE {condition} AND p.detached ORDER BY k.charge_generation DESC LIMIT 1
        """,
        [Key(key)],
        async reader => await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new ArchivedKey(reader.GetString(0), reader.GetInt16(1), reader.GetBoolean(2))
            : null,
        cancellation);

    private Task<LedgerEntry?> One(string sql, NpgsqlParameter[] parameters, CancellationToken cancellation) => connections.QueryAsync(
        sql,
        parameters,
        async reader => await reader.ReadAsync(cancellation).ConfigureAwait(false) ? PostgresRow.Read(reader) : null,
        cancellation);

    private Task<IReadOnlyList<LedgerEntry>> Many(string where, int limit, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        StoreArguments.CheckLimit(limit);
        return Entries(Select + where, [.. parameters, Number(limit)], cancellation);
    }

    private Task<IReadOnlyList<LedgerEntry>> Entries(string sql, NpgsqlParameter[] parameters, CancellationToken cancellation) =>
        connections.QueryAsync<IReadOnlyList<LedgerEntry>>(
            sql,
            parameters,
            async reader =>
            {
                List<LedgerEntry> entries = [];
                while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) entries.Add(PostgresRow.Read(reader));
                return entries;
            },
            cancellation);
}
