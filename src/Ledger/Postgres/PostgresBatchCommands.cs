using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>What an entry meets in the ledger.</summary>
internal readonly record struct KeyFindings(long Position, LedgerHash? Same, LedgerHash? Previous, bool Request, bool Charge, bool Reversal);

/// <summary>A writing connection with its two prepared statements. Used by one appender at a time.</summary>
internal sealed class PostgresBatchCommands : IAsyncDisposable
{
    // One statement, one round trip, one transaction. Either all entries are inserted or none is: a taken key raises unique_violation,
    // and an entry whose predecessor is not in the ledger gets a null sequence, which raises not_null_violation.
    private static readonly string InsertSql = $"""
        WITH batch AS MATERIALIZED (
            SELECT position_base + ({PostgresSchema.CurrentTransaction} << {PostgresSchema.PositionBits}) AS first FROM ledger.meta
        ), added AS (
            INSERT INTO ledger.entry ({EntryColumns.List})
            SELECT batch.first + u.ordinal, u.recorded_at, u.pack_key, u.total, u.pooled, u.serious_illness, u.assistance_basic, u.assistance_tilt,
                u.assistance_outpatient, u.assistance_other, u.person_pays, u.request_key, u.charge_key,
                CASE WHEN u.chained OR u.sequence = 1
                    OR (SELECT p.hash FROM ledger.entry p WHERE p.person_id = u.person_id AND p.sequence = u.sequence - 1) = u.previous_hash
                    THEN u.sequence END,
                u.region, u.effective_date, u.reverses, u.benefit_year, u.visit_type, u.kind, u.charge_generation, u.person_id, u.origin,
                u.request_id, u.previous_hash, u.hash, u.event, u.answer, u.account_after
            FROM batch, unnest({string.Join(", ", PostgresBatchColumns.Types.Select(static (type, i) => $"${i + 1}::{type}[]"))})
                WITH ORDINALITY AS u(chained, {EntryColumns.List["position, ".Length..]}, ordinal)
        )
        SELECT first FROM batch
        """;

    private const string FindSql = """
        SELECT same.position, same.hash, previous.hash,
            EXISTS (SELECT 1 FROM ledger.entry e WHERE e.request_key = u.request_key),
            EXISTS (SELECT 1 FROM ledger.entry e WHERE e.charge_key = u.charge_key AND e.charge_generation = u.charge_generation),
            EXISTS (SELECT 1 FROM ledger.entry e WHERE e.person_id = u.person_id AND e.reverses = u.reverses)
        FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::uuid[], $5::smallint[], $6::integer[])
            WITH ORDINALITY AS u(person_id, sequence, request_key, charge_key, charge_generation, reverses, ordinal)
        LEFT JOIN ledger.entry same ON same.person_id = u.person_id AND same.sequence = u.sequence
        LEFT JOIN ledger.entry previous ON previous.person_id = u.person_id AND previous.sequence = u.sequence - 1
        ORDER BY u.ordinal
        """;

    private readonly NpgsqlConnection connection;
    private readonly PostgresBatchColumns columns = new();
    private readonly NpgsqlCommand insert;
    private readonly NpgsqlCommand find;

    private PostgresBatchCommands(NpgsqlConnection connection)
    {
        this.connection = connection;
        insert = new NpgsqlCommand(InsertSql, connection);
        columns.AddTo(insert.Parameters);
        find = new NpgsqlCommand(FindSql, connection);
        find.Parameters.Add(new NpgsqlParameter<string[]>());
        find.Parameters.Add(new NpgsqlParameter<int[]>());
        find.Parameters.Add(new NpgsqlParameter<Guid[]>());
        find.Parameters.Add(new NpgsqlParameter<Guid?[]>());
        find.Parameters.Add(new NpgsqlParameter<short?[]>());
        find.Parameters.Add(new NpgsqlParameter<int?[]>());
    }

    public static async Task<PostgresBatchCommands> OpenAsync(PostgresConnections connections, CancellationToken cancellation)
    {
        PostgresBatchCommands commands = new(await connections.OpenWriterAsync(cancellation).ConfigureAwait(false));
        try
        {
            await commands.insert.PrepareAsync(cancellation).ConfigureAwait(false);
            return commands;
        }
        catch
        {
            await commands.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Inserts all the entries, or none and throws. Entry i of the list gets the returned position + i.</summary>
    public async Task<long> InsertAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        columns.Clear(indexes.Count);
        LedgerEntry? before = null;
        foreach (int index in indexes)
        {
            LedgerEntry entry = batch[index];
            bool chained = before is not null && before.PersonId == entry.PersonId && before.Sequence == entry.Sequence - 1
                && before.Hash == entry.PreviousHash;
            columns.Add(entry, chained);
            before = entry;
        }
        return await insert.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is long first
            ? first + 1
            : throw new LedgerSchemaException("The ledger's table ledger.meta has no row: the schema is damaged.");
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
                reader.IsDBNull(0) ? 0 : reader.GetInt64(0),
                HashAt(reader, 1),
                HashAt(reader, 2),
                reader.GetBoolean(3),
                reader.GetBoolean(4),
                reader.GetBoolean(5)));
        }
        return findings;
    }

    public async ValueTask DisposeAsync()
    {
        await insert.DisposeAsync().ConfigureAwait(false);
        await find.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static LedgerHash? HashAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : LedgerHash.FromBytes(reader.GetFieldValue<byte[]>(column));
}
