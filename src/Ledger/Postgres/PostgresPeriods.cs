using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>The periods in PostgreSQL: a table each, under one parent. Every change is one transaction.</summary>
internal sealed partial class PostgresPeriods(PostgresConnections connections, ILogger logger) : ILedgerPeriods
{
    // Longest wait for a lock: whoever comes behind it waits too, so a turn that meets a long transaction gives up and says so.
    private const string LockTimeout = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0";

    private const string ListSql = """
        SELECT number, label, opened_at, closed_at, coalesce(pg_total_relation_size(to_regclass('ledger.entry_' || number)), 0),
            detached, entries, persons, last_position, digest, carried_digest
        FROM ledger.period
        """;

    public async Task<IReadOnlyList<LedgerPeriod>> ListAsync(CancellationToken cancellation = default)
    {
        try
        {
            await using NpgsqlConnection connection = await connections.OpenReaderAsync(cancellation).ConfigureAwait(false);
            return await ReadAsync(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is DbException or TimeoutException)
        {
            throw connections.Translate(problem);
        }
    }

    public Task<LedgerPeriod> TurnAsync(string label, CancellationToken cancellation = default)
    {
        CheckLabel(label);
        return ChangeAsync(label, "was closed", CloseAndOpenAsync, cancellation);

        async Task CloseAndOpenAsync(NpgsqlConnection connection, IReadOnlyList<LedgerPeriod> periods)
        {
            if (periods.FirstOrDefault(period => period.Label == label) is { } taken)
                throw new LedgerException(
                    $"Period '{label}' is closed already, since {taken.ClosedAt:yyyy-MM-dd HH:mm:ss}Z: a label is given once.");
            int open = periods[^1].Number;
            string next = PeriodLayout.TableOf(open + 1);
            await ExecuteAsync(connection, $"""
                CREATE TABLE {next} (LIKE {PeriodLayout.TableOf(open)} INCLUDING ALL) WITH (toast_tuple_target = 8160);
                CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {next}
                    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
                ALTER TABLE {next} INHERIT ledger.entry;
                """, cancellation).ConfigureAwait(false);
            // From here on writers wait: those that are in the table have ended, and those behind find it closed.
            await CloseTableAsync(connection, PeriodLayout.TableOf(open), cancellation).ConfigureAwait(false);
            await using NpgsqlCommand close = new("UPDATE ledger.period SET label = $1, closed_at = now() WHERE number = $2", connection)
            {
                Parameters = { new() { Value = label }, new() { Value = open } },
            };
            await close.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await ExecuteAsync(
                connection, $"INSERT INTO ledger.period (number) VALUES ({open + 1}); SELECT ledger.compose_newest();", cancellation)
                .ConfigureAwait(false);
        }
    }

    public Task<LedgerPeriod> DetachAsync(string label, CancellationToken cancellation = default) =>
        ChangeAsync(label, "was detached", async (connection, periods) =>
        {
            LedgerPeriod period = Find(periods, label);
            if (period.Detached is not null) throw new LedgerException($"Period '{label}' is detached already.");
            LedgerPeriod oldest = periods.First(static candidate => candidate.Detached is null);
            if (oldest != period)
                throw new LedgerException($"Period '{label}' is not the oldest that is attached: detach '{oldest.Label}' first.");
            string table = PeriodLayout.TableOf(period.Number);
            // The period is closed: what is copied and counted here does not change while readers go on.
            await ExecuteAsync(connection, $"""
                INSERT INTO ledger.carried (place, position, {EntryColumns.Content}, period)
                    SELECT e.place, e.position, {Qualified}, {period.Number}
                    FROM (SELECT person_id, max(sequence) AS sequence FROM {table} GROUP BY person_id) newest
                    JOIN {table} e USING (person_id, sequence)
                    ON CONFLICT DO NOTHING;
                INSERT INTO ledger.archived_key (request_key, charge_key, period, charge_generation, reversed)
                    SELECT request_key, charge_key, {period.Number}, charge_generation, false FROM {table}
                    ON CONFLICT DO NOTHING;
                UPDATE ledger.period SET detached = true, entries = found.entries, persons = found.persons, last_position = found.last_position,
                    digest = ({DigestOf(table)}), carried_digest = ({DigestOf(CarriedOf(period.Number))})
                    FROM (SELECT count(*) AS entries, count(DISTINCT person_id) AS persons, max(position + place) AS last_position FROM {table}) found
                    WHERE number = {period.Number};
                -- Last, since entries of the period are reversed until it is gone.
                UPDATE ledger.archived_key k SET reversed = true
                    FROM ledger.entry r JOIN {table} e ON e.person_id = r.person_id AND e.sequence = r.reverses
                    WHERE r.reverses IS NOT NULL AND k.request_key = e.request_key AND NOT k.reversed;
                ALTER TABLE {table} NO INHERIT ledger.entry;
                SELECT ledger.compose_newest();
                """, cancellation).ConfigureAwait(false);
        }, cancellation);

    public Task<LedgerPeriod> AttachAsync(string label, CancellationToken cancellation = default) =>
        ChangeAsync(label, "was attached", async (connection, periods) =>
        {
            LedgerPeriod period = Find(periods, label);
            if (period.Detached is not { } record) throw new LedgerException($"Period '{label}' is attached.");
            LedgerPeriod newest = periods.Last(static candidate => candidate.Detached is not null);
            if (newest != period)
                throw new LedgerException($"Period '{label}' is not the newest that is detached: attach '{newest.Label}' first.");
            string table = PeriodLayout.TableOf(period.Number);
            if (await ScalarAsync(connection, $"SELECT to_regclass('{table}') IS NOT NULL", cancellation).ConfigureAwait(false) is not true)
                throw new LedgerException(
                    $"The table {table} of period '{label}' is not in this database: restore it from where it was dumped to.");
            // From here on nobody writes to the table: what is checked is what is attached.
            await ExecuteAsync(connection, $"""
                DROP TRIGGER IF EXISTS entry_is_never_changed ON {table};
                CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
                """, cancellation).ConfigureAwait(false);
            await CloseTableAsync(connection, table, cancellation).ConfigureAwait(false);
            await CheckTableAsync(connection, table, label, record, cancellation).ConfigureAwait(false);
            await ExecuteAsync(connection, $"""
                ALTER TABLE {table} INHERIT ledger.entry;
                UPDATE ledger.period SET detached = false WHERE number = {period.Number};
                SELECT ledger.compose_newest();
                """, cancellation).ConfigureAwait(false);
        }, cancellation);

    public async Task<IReadOnlyList<string>> CheckDetachedAsync(CancellationToken cancellation = default)
    {
        List<string> faults = [];
        try
        {
            await using NpgsqlConnection connection = await connections.OpenReaderAsync(cancellation).ConfigureAwait(false);
            foreach (LedgerPeriod period in await ReadAsync(connection, cancellation).ConfigureAwait(false))
            {
                if (period.Detached is not { } record) continue;
                if (await DigestAsync(connection, CarriedOf(period.Number), cancellation).ConfigureAwait(false) != record.CarriedDigest)
                    faults.Add($"period {period.Label}: the entries carried forward are not those of its record");
                long keys = (long)(await ScalarAsync(
                    connection, $"SELECT count(*) FROM ledger.archived_key WHERE period = {period.Number}", cancellation)
                        .ConfigureAwait(false))!;
                if (keys != record.Entries) faults.Add($"period {period.Label}: {keys} keys are kept of {record.Entries} entries");
            }
            long twice = (long)(await ScalarAsync(connection, """
                SELECT count(*) FROM ledger.entry e JOIN ledger.archived_key k ON k.request_key = e.request_key
                JOIN ledger.period p ON p.number = k.period AND p.detached
                """, cancellation).ConfigureAwait(false))!;
            if (await CountBrokenAsync(connection, cancellation).ConfigureAwait(false) is > 0 and var broken)
                faults.Add($"the content of {broken} entries carried forward is not what their hashes were taken of");
            if (twice > 0) faults.Add($"{twice} requests of detached periods made another entry too");
        }
        catch (Exception problem) when (problem is DbException or TimeoutException)
        {
            throw connections.Translate(problem);
        }
        return faults;
    }

    private static string Qualified => string.Join(", ", EntryColumns.Content.Split(", ").Select(static column => "e." + column));

    private static string CarriedOf(int number) => $"ledger.carried WHERE period = {number}";

    /// <summary>
    /// SQL of the SHA-256 over all hashes of a table, in their order. An entry's hash covers all of it, person and sequence too. By the
    /// first byte in 256 parts, since no value may exceed 1 GB.
    /// </summary>
    private static string DigestOf(string from) => $"""
        SELECT sha256(coalesce(string_agg(part, '' ORDER BY bucket), '')) FROM (
            SELECT get_byte(hash, 0) AS bucket, sha256(string_agg(hash, '' ORDER BY hash)) AS part FROM {from} GROUP BY 1) parts
        """;

    private static async Task<LedgerHash> DigestAsync(NpgsqlConnection connection, string from, CancellationToken cancellation) =>
        LedgerHash.FromBytes((byte[])(await ScalarAsync(connection, DigestOf(from), cancellation).ConfigureAwait(false))!);

    private static async Task<int> CountBrokenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new($"SELECT position + place, {EntryColumns.Content} FROM ledger.carried", connection)
        {
            CommandTimeout = 0,
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        int broken = 0;
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
            if (!PostgresRow.Read(row).HashIsValid()) broken++;
        return broken;
    }

    private static async Task CheckTableAsync(
        NpgsqlConnection connection, string table, string label, DetachedRecord record, CancellationToken cancellation)
    {
        long entries = (long)(await ScalarAsync(connection, $"SELECT count(*) FROM {table}", cancellation).ConfigureAwait(false))!;
        if (entries != record.Entries)
            throw new LedgerException($"The table {table} holds {entries} entries; {record.Entries} were detached with period '{label}'.");
        if (await DigestAsync(connection, table, cancellation).ConfigureAwait(false) != record.Digest)
            throw new LedgerException(
                $"The table {table} does not hold the entries that were detached with period '{label}': their hashes differ.");
        // Its own keys are what readers find entries by.
        long keys = (long)(await ScalarAsync(connection, $"""
            SELECT count(*) FROM pg_index WHERE indrelid = '{table}'::regclass AND indisunique AND indisvalid
            """, cancellation).ConfigureAwait(false))!;
        long needed = (long)(
            await ScalarAsync(
                connection, "SELECT count(*) FROM pg_index WHERE indrelid = 'ledger.entry'::regclass AND indisunique", cancellation)
            .ConfigureAwait(false))!;
        if (keys < needed) throw new LedgerException($"The table {table} has {keys} unique keys of {needed}: restore it with its indexes.");
    }

    // A trigger's lock lets readers go on and waits for writers.
    private static Task CloseTableAsync(NpgsqlConnection connection, string table, CancellationToken cancellation) => ExecuteAsync(connection, $"""
        DROP TRIGGER IF EXISTS entry_takes_nothing ON {table};
        CREATE TRIGGER entry_takes_nothing BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_insert();
        """, cancellation);

    private static LedgerPeriod Find(IReadOnlyList<LedgerPeriod> periods, string label) =>
        periods.FirstOrDefault(period => period.Label == label)
        ?? throw new LedgerException(
            $"There is no closed period '{label}'. Closed are: {string.Join(", ", periods.SkipLast(1).Select(static period => period.Label))}.");

    private static void CheckLabel(string label)
    {
        if (!LabelPattern().IsMatch(label))
        {
            throw new LedgerException(
                $"A period's label is 1 to 30 letters, digits, dots, hyphens or underscores and begins with a letter or digit; '{label}' is not.");
        }
    }

    [GeneratedRegex(@"^[0-9A-Za-z][0-9A-Za-z._-]{0,29}\z")]
    private static partial Regex LabelPattern();

    private async Task<LedgerPeriod> ChangeAsync(
        string label, string change, Func<NpgsqlConnection, IReadOnlyList<LedgerPeriod>, Task> apply, CancellationToken cancellation)
    {
        LedgerPeriod changed;
        try
        {
            await using NpgsqlConnection connection = await connections.OpenReaderAsync(cancellation).ConfigureAwait(false);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({PostgresSchema.StartUpLock}); {LockTimeout}", cancellation)
                .ConfigureAwait(false);
            await apply(connection, await ReadAsync(connection, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            changed = Find(await ReadAsync(connection, cancellation).ConfigureAwait(false), label);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
        catch (PostgresException problem)
            when (problem.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            throw new LedgerException(
                $"{connections.Place}: another transaction, such as a dump, held the ledger for longer than 10 s. Nothing was changed; "
                + "try again when it has ended.",
                problem);
        }
        catch (Exception problem) when (problem is DbException or TimeoutException)
        {
            throw connections.Translate(problem);
        }
        LedgerLog.PeriodChanged(logger, connections.Place, label, change);
        return changed;
    }

    private static async Task<IReadOnlyList<LedgerPeriod>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(ListSql + " ORDER BY number", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<LedgerPeriod> periods = [];
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            int number = row.GetInt32(0);
            DetachedRecord? detached = !row.GetBoolean(5) ? null : new DetachedRecord(
                row.GetInt64(6),
                row.GetInt64(7),
                row.IsDBNull(8) ? null : row.GetInt64(8),
                LedgerHash.FromBytes(row.GetFieldValue<byte[]>(9)),
                LedgerHash.FromBytes(row.GetFieldValue<byte[]>(10)));
            periods.Add(new LedgerPeriod(
                number,
                row.IsDBNull(1) ? null : row.GetString(1),
                PeriodLayout.TableOf(number),
                Time(row, 2)!.Value,
                Time(row, 3),
                row.GetInt64(4),
                detached));
        }
        return periods;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetFieldValue<DateTime>(column), TimeSpan.Zero);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // A year's entries are copied, sorted and counted: no time limit, the operator may cancel.
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }
}
