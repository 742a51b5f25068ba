using System.Diagnostics;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>What an entry meets in the ledger.</summary>
internal readonly record struct KeyFindings(LedgerHash? Same, LedgerHash? Previous, bool Request, bool Charge, bool Reversal);

/// <summary>
/// A writing connection. Few entries go in one prepared statement, which is one round trip; many go by COPY, which costs a second one
/// but a third less for each entry: the server adds their rows and their log records a page at a time. Used by one appender at a time.
/// </summary>
internal sealed class PostgresBatchCommands : IAsyncDisposable
{
    // Either all entries are inserted or none is: a taken key raises unique_violation, and an entry whose predecessor is not in the
    // ledger gets a null sequence, which raises not_null_violation.
    private static readonly string InsertSql = $"""
        INSERT INTO ledger.entry ({PostgresCopyRows.Columns})
        SELECT u.place, u.recorded_at, u.pack_key, u.total, u.pooled, u.serious_illness, u.assistance_basic, u.assistance_tilt,
            u.assistance_outpatient, u.assistance_other, u.person_pays, u.request_key, u.charge_key,
            CASE WHEN u.chained OR u.sequence = 1
                OR (SELECT p.hash FROM ledger.entry p WHERE p.person_id = u.person_id AND p.sequence = u.sequence - 1) = u.previous_hash
                THEN u.sequence END,
            u.region, u.effective_date, u.reverses, u.benefit_year, u.visit_type, u.kind, u.charge_generation, u.person_id, u.origin,
            u.request_id, u.previous_hash, u.hash, u.event, u.answer, u.account_after
        FROM unnest({string.Join(", ", PostgresBatchColumns.Types.Select(static (type, i) => $"${i + 1}::{type}[]"))})
            WITH ORDINALITY AS u(chained, {EntryColumns.Content}, place)
        """;

    private const string FollowSql = """
        SELECT count(*) FROM unnest($1::text[], $2::integer[], $3::bytea[]) AS u(person_id, sequence, hash)
        WHERE (SELECT p.hash FROM ledger.entry p WHERE p.person_id = u.person_id AND p.sequence = u.sequence) = u.hash
        """;

    private const string CopySql = $"COPY ledger.entry ({PostgresCopyRows.Columns}) FROM STDIN (FORMAT binary)";

    private const string FindSql = """
        SELECT same.hash, previous.hash,
            EXISTS (SELECT 1 FROM ledger.entry e WHERE e.request_key = u.request_key),
            EXISTS (SELECT 1 FROM ledger.entry e WHERE e.charge_key = u.charge_key AND e.charge_generation = u.charge_generation),
            EXISTS (SELECT 1 FROM ledger.entry e WHERE e.person_id = u.person_id AND e.reverses = u.reverses)
        FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::uuid[], $5::smallint[], $6::integer[])
            WITH ORDINALITY AS u(person_id, sequence, request_key, charge_key, charge_generation, reverses, ordinal)
        LEFT JOIN ledger.entry same ON same.person_id = u.person_id AND same.sequence = u.sequence
        LEFT JOIN ledger.entry previous ON previous.person_id = u.person_id AND previous.sequence = u.sequence - 1
        ORDER BY u.ordinal
        """;

    // How long a look at the schema's version holds. A migration that older programs would harm makes their statements fail.
    private static readonly TimeSpan VersionHolds = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection connection;
    private readonly int fewestToCopy;
    private readonly PostgresBatchColumns columns = new();
    private readonly PostgresCopyRows rows = new();
    private readonly object session = new();
    private readonly List<LedgerEntry> unseen = [];
    private readonly NpgsqlCommand insert;
    private readonly NpgsqlCommand follow;
    private readonly NpgsqlCommand find;
    private readonly NpgsqlCommand version;
    private long? versionSeen;

    private PostgresBatchCommands(NpgsqlConnection connection, int fewestToCopy)
    {
        this.connection = connection;
        this.fewestToCopy = fewestToCopy;
        insert = new NpgsqlCommand(InsertSql, connection);
        columns.AddTo(insert.Parameters);
        follow = new NpgsqlCommand(FollowSql, connection);
        follow.Parameters.Add(new NpgsqlParameter<string[]>());
        follow.Parameters.Add(new NpgsqlParameter<int[]>());
        follow.Parameters.Add(new NpgsqlParameter<byte[][]>());
        find = new NpgsqlCommand(FindSql, connection);
        find.Parameters.Add(new NpgsqlParameter<string[]>());
        find.Parameters.Add(new NpgsqlParameter<int[]>());
        find.Parameters.Add(new NpgsqlParameter<Guid[]>());
        find.Parameters.Add(new NpgsqlParameter<Guid?[]>());
        find.Parameters.Add(new NpgsqlParameter<short?[]>());
        find.Parameters.Add(new NpgsqlParameter<int?[]>());
        version = new NpgsqlCommand("SELECT version FROM ledger.meta", connection);
    }

    public static async Task<PostgresBatchCommands> OpenAsync(PostgresConnections connections, CancellationToken cancellation)
    {
        PostgresBatchCommands commands = new(await connections.OpenWriterAsync(cancellation).ConfigureAwait(false), connections.FewestToCopy);
        try
        {
            await commands.insert.PrepareAsync(cancellation).ConfigureAwait(false);
            await commands.follow.PrepareAsync(cancellation).ConfigureAwait(false);
            return commands;
        }
        catch
        {
            await commands.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Looks whether the schema is still this program's: on a new connection, and about once a second.</summary>
    /// <exception cref="LedgerSchemaException">It is not.</exception>
    public async Task EnsureSchemaAsync(string place, CancellationToken cancellation)
    {
        if (versionSeen is { } seen && Stopwatch.GetElapsedTime(seen) < VersionHolds) return;
        long now = Stopwatch.GetTimestamp();
        PostgresSchema.EnsureCurrent(await version.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as int? ?? 0, place);
        versionSeen = now;
    }

    /// <summary>Inserts all the entries or none. Gives what stands against them, or null when they are durable.</summary>
    public async Task<string?> InsertAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        string? conflict = null;
        if (indexes.Count < fewestToCopy) await InsertFewAsync(batch, indexes, cancellation).ConfigureAwait(false);
        else conflict = await CopyAsync(batch, indexes, cancellation).ConfigureAwait(false);
        if (conflict is null)
            foreach (int index in indexes) batch.LaneOf(index).WrittenIn = session;
        return conflict;
    }

    private async Task InsertFewAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        columns.Clear(indexes.Count);
        LedgerEntry? before = null;
        foreach (int index in indexes)
        {
            LedgerEntry entry = batch[index];
            columns.Add(entry, entry.Follows(before));
            before = entry;
        }
        await insert.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<string?> CopyAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        rows.Begin();
        unseen.Clear();
        LedgerEntry? before = null;
        for (int i = 0; i < indexes.Count; i++)
        {
            LedgerEntry entry = batch[indexes[i]];
            rows.Add(entry, i + 1);
            // What this very connection wrote is there. A new connection may be to a server that was restored to an earlier state.
            if (entry.Sequence > 1 && !entry.Follows(before) && batch.LaneOf(indexes[i]).WrittenIn != session) unseen.Add(entry);
            before = entry;
        }
        rows.End();
        if (unseen.Count > 0 && !await AllFollowAsync(cancellation).ConfigureAwait(false)) return "an entry does not follow what the ledger holds";
        NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(CopySql, cancellation).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(rows.Written, cancellation).ConfigureAwait(false);
        }
        catch
        {
            // Closing would commit the rows that had been sent, and with them perhaps a part of a group.
            await stream.CancelAsync().ConfigureAwait(false);
            throw;
        }
        // Closing the stream ends the statement and with it the transaction; until then nothing is written.
        await stream.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Whether the ledger holds the predecessor of every unseen entry. Entries never change or vanish: once seen is enough.</summary>
    private async Task<bool> AllFollowAsync(CancellationToken cancellation)
    {
        follow.Parameters[0].Value = unseen.ConvertAll(static e => e.PersonId).ToArray();
        follow.Parameters[1].Value = unseen.ConvertAll(static e => e.Sequence - 1).ToArray();
        follow.Parameters[2].Value = unseen.ConvertAll(static e => e.PreviousHash.ToArray()).ToArray();
        return await follow.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is long found && found == unseen.Count;
    }

    /// <summary>Reads what the keys of the entries meet in the ledger, in the order of the list.</summary>
    public async Task<List<KeyFindings>> FindAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        LedgerEntry[] entries = [.. indexes.Select(index => batch[index])];
        find.Parameters[0].Value = Array.ConvertAll(entries, static e => e.PersonId);
        find.Parameters[1].Value = Array.ConvertAll(entries, static e => e.Sequence);
        find.Parameters[2].Value = Array.ConvertAll(entries, static e => e.RequestKey.ToGuid());
        find.Parameters[3].Value = Array.ConvertAll(entries, static e => e.ChargeKey?.ToGuid());
        find.Parameters[4].Value = Array.ConvertAll<LedgerEntry, short?>(entries, static e => e.ChargeKey is null ? null : (short)e.ChargeGeneration);
        find.Parameters[5].Value = Array.ConvertAll(entries, static e => e.Reverses);
        List<KeyFindings> findings = new(entries.Length);
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            findings.Add(new KeyFindings(
                HashAt(reader, 0),
                HashAt(reader, 1),
                reader.GetBoolean(2),
                reader.GetBoolean(3),
                reader.GetBoolean(4)));
        }
        return findings;
    }

    public async ValueTask DisposeAsync()
    {
        await insert.DisposeAsync().ConfigureAwait(false);
        await follow.DisposeAsync().ConfigureAwait(false);
        await find.DisposeAsync().ConfigureAwait(false);
        await version.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static LedgerHash? HashAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : LedgerHash.FromBytes(reader.GetFieldValue<byte[]>(column));
}
