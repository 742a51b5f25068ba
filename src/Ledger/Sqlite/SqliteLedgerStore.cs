using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Settlement.Ledger.Sqlite;

/// <summary>
/// The ledger in one SQLite file: write-ahead log, full synchronisation, one writing connection, pooled reading ones. Several processes
/// may share the file; SQLite lets one write at a time and the keys fence them.
/// </summary>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private const int ScanPage = 500;
    private const string Select = "SELECT " + EntryColumns.List + " FROM entry ";

    private readonly SqliteConnections connections;
    private readonly ILogger logger;

    public SqliteLedgerStore(LedgerOptions options, ILogger logger)
    {
        connections = new SqliteConnections(options);
        this.logger = logger;
    }

    public string Description => $"SQLite file {connections.File}";

    // A silo has its file to itself. Another one on it by mistake is fenced like any other writer.
    public bool IsShared => false;

    // SQLite has one write lock: a second writer would only wait for the first.
    public int DefaultWriterCount => 1;

    public Task InitialiseAsync(CancellationToken cancellation = default) => Run(() =>
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(connections.File)!);
        using SqliteConnection connection = connections.OpenOrCreate();
        SqliteSchema.Apply(connection, connections.File, logger);
        return true;
    });

    public Task CheckHealthAsync(CancellationToken cancellation = default) => Query(
        "SELECT user_version, (SELECT max(position) FROM entry) FROM pragma_user_version",
        static _ => { },
        reader =>
        {
            connections.EnsureWritable();
            SqliteSchema.EnsureCurrent(reader.Read() ? reader.GetInt32(0) : 0, connections.File);
            return true;
        });

    public Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default) =>
        One("WHERE person_id = $person ORDER BY sequence DESC LIMIT 1", p => p.AddWithValue("$person", personId));

    public Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        One("WHERE person_id = $person AND sequence = $sequence", p =>
        {
            p.AddWithValue("$person", personId);
            p.AddWithValue("$sequence", sequence);
        });

    public Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        One("WHERE request_key = $key", p => p.AddWithValue("$key", requestKey.ToArray()));

    public Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        One("WHERE charge_key = $key ORDER BY charge_generation DESC LIMIT 1", p => p.AddWithValue("$key", chargeKey.ToArray()));

    public Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        One("WHERE person_id = $person AND reverses = $sequence", p =>
        {
            p.AddWithValue("$person", personId);
            p.AddWithValue("$sequence", sequence);
        });

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default) =>
        Many("WHERE person_id = $person AND sequence >= $from ORDER BY sequence LIMIT $limit", limit, p =>
        {
            p.AddWithValue("$person", personId);
            p.AddWithValue("$from", fromSequence);
        });

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default) =>
        Many("WHERE person_id = $person AND sequence < $before ORDER BY sequence DESC LIMIT $limit", limit, p =>
        {
            p.AddWithValue("$person", personId);
            p.AddWithValue("$before", beforeSequence ?? (long)int.MaxValue + 1);
        });

    public async IAsyncEnumerable<LedgerEntry> ScanAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string person = "";
        int sequence = 0;
        IReadOnlyList<LedgerEntry> page;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            page = await Many("WHERE (person_id, sequence) > ($person, $sequence) ORDER BY person_id, sequence LIMIT $limit", ScanPage, p =>
            {
                p.AddWithValue("$person", person);
                p.AddWithValue("$sequence", sequence);
            }).ConfigureAwait(false);
            foreach (LedgerEntry entry in page)
            {
                yield return entry;
                (person, sequence) = (entry.PersonId, entry.Sequence);
            }
        }
        while (page.Count == ScanPage);
    }

    // One writer at a time: positions become visible in order, so nothing smaller can appear later.
    public Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(
        long afterPosition, int limit, CancellationToken cancellation = default) =>
        Many("WHERE position > $after ORDER BY position LIMIT $limit", limit, p => p.AddWithValue("$after", afterPosition));

    public Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        Query<RecordedSpan?>(
            "SELECT min(position), max(position) FROM entry WHERE recorded_at >= $from AND recorded_at < $until",
            p => AddSpan(p, from, until),
            reader => reader.Read() && !reader.IsDBNull(0) ? new RecordedSpan(from, until, reader.GetInt64(0), reader.GetInt64(1)) : null);

    // The plus keeps SQLite from reading the span by its times: by positions the rows come in order, page by page.
    public Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default) =>
        Many(
            "WHERE position > $after AND position BETWEEN $first AND $last AND +recorded_at >= $from AND +recorded_at < $until AND kind IN (3, 4)"
                + (origins.Count == 0 ? "" : $" AND origin IN ({string.Join(", ", origins.Select(static (_, i) => $"$origin{i}"))})")
                + " ORDER BY position LIMIT $limit",
            limit,
            p =>
            {
                p.AddWithValue("$after", afterPosition);
                p.AddWithValue("$first", span.First);
                p.AddWithValue("$last", span.Last);
                AddSpan(p, span.From, span.Until);
                foreach ((int i, string origin) in origins.Index()) p.AddWithValue($"$origin{i}", origin);
            });

    public async Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default)
    {
        StoreArguments.CheckPack(packKey, sha256, name, archive);
        await Write(
            "INSERT INTO pack (pack_key, sha256, name, archive) VALUES ($key, $sha256, $name, $archive) ON CONFLICT DO NOTHING",
            p =>
            {
                p.AddWithValue("$key", packKey);
                p.AddWithValue("$sha256", sha256);
                p.AddWithValue("$name", name);
                p.AddWithValue("$archive", archive);
            }).ConfigureAwait(false);
        LedgerPack kept = (await ReadPackAsync(packKey, cancellation).ConfigureAwait(false))!;
        if (!kept.Sha256.Span.SequenceEqual(sha256)) throw StoreArguments.PackTaken(packKey, name, kept.Name);
    }

    public Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default) => Query(
        "SELECT sha256, name, archive FROM pack WHERE pack_key = $key",
        p => p.AddWithValue("$key", packKey),
        reader => reader.Read()
            ? new LedgerPack(packKey, reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2))
            : null);

    public ILedgerAppender OpenAppender() => new SqliteLedgerAppender(connections, logger);

    public ValueTask DisposeAsync()
    {
        connections.ClosePool();
        return ValueTask.CompletedTask;
    }

    private static void AddSpan(SqliteParameterCollection parameters, DateTimeOffset from, DateTimeOffset until)
    {
        parameters.AddWithValue("$from", SqliteRow.MicrosecondsOf(from));
        parameters.AddWithValue("$until", SqliteRow.MicrosecondsOf(until));
    }

    private Task<LedgerEntry?> One(string where, Action<SqliteParameterCollection> bind) =>
        Query(Select + where, bind, static reader => reader.Read() ? SqliteRow.Read(reader) : null);

    private Task<IReadOnlyList<LedgerEntry>> Many(string where, int limit, Action<SqliteParameterCollection> bind)
    {
        StoreArguments.CheckLimit(limit);
        return Query<IReadOnlyList<LedgerEntry>>(
            Select + where,
            p =>
            {
                bind(p);
                p.AddWithValue("$limit", limit);
            },
            static reader =>
            {
                List<LedgerEntry> entries = [];
                while (reader.Read()) entries.Add(SqliteRow.Read(reader));
                return entries;
            });
    }

    private Task<T> Query<T>(string sql, Action<SqliteParameterCollection> bind, Func<SqliteDataReader, T> read) => Run(() =>
    {
        using SqliteConnection connection = connections.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        bind(command.Parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        return read(reader);
    });

    private Task<int> Write(string sql, Action<SqliteParameterCollection> bind) => Run(() =>
    {
        using SqliteConnection connection = connections.OpenWriter();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        bind(command.Parameters);
        return command.ExecuteNonQuery();
    });

    // SQLite answers from memory in microseconds, but may wait for a lock or a disk: never on the caller's thread, which may be a grain's.
    private Task<T> Run<T>(Func<T> work) => Task.Run(() =>
    {
        try
        {
            return work();
        }
        catch (SqliteException problem)
        {
            throw connections.Translate(problem);
        }
    });
}
