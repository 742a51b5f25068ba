using Npgsql;
using Settlement.Ledger.Postgres;

namespace Settlement.Ledger.Facilities;

/// <summary>The journal in the ledger's PostgreSQL database, schema <c>ledger</c>.</summary>
internal sealed class PostgresFacilityJournal(LedgerOptions options) : IFacilityJournal
{
    private readonly PostgresConnections connections = new(options);

    public Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default) =>
        connections.RunAsync(async command =>
    {
        command.CommandText =
            "SELECT sequence, message_id, body, recorded_at FROM ledger.facility_record WHERE facility = $1 AND subject = $2 ORDER BY sequence";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = facility });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<FacilityRecord> records = [];
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            records.Add(new FacilityRecord(
                facility, subject, reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2),
                    reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return (IReadOnlyList<FacilityRecord>)records;
    }, cancellation);

    // Safe to try twice: a report that a lost connection had brought home is found by its keys, and answered as taken.
    public Task<bool> AppendAsync(FacilityRecord record, CancellationToken cancellation = default) => connections.RunAsync(async command =>
    {
        command.CommandText = "INSERT INTO ledger.facility_record (facility, subject, sequence, message_id, body, recorded_at) "
            + "SELECT $1, $2, $3, $4, $5, $6 WHERE $3 = 1 OR EXISTS (SELECT 1 FROM ("
            // Locked, so that whoever drops the subject waits for this record, and sees it.
            + "SELECT 1 FROM ledger.facility_record WHERE facility = $1 AND subject = $2 AND sequence = 1 FOR KEY SHARE) AS first) "
            + "ON CONFLICT DO NOTHING";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Facility });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Subject });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = record.Sequence });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.MessageId });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = record.Body.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = record.RecordedAt.ToUniversalTime() });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }, cancellation);

    public async Task<JournalSweep> DropAsync(
        DateTimeOffset before, FacilitySubject? after, int limit, CancellationToken cancellation = default)
    {
        List<(FacilitySubject Subject, bool IsOld)> page = await connections.RunAsync(
            command => LookAsync(command, before, after, limit, cancellation), cancellation)
            .ConfigureAwait(false);
        int dropped = 0;
        foreach ((FacilitySubject subject, bool isOld) in page)
        {
            if (isOld) dropped += await connections.RunAsync(command => DropAsync(command, subject, before, cancellation), cancellation)
                .ConfigureAwait(false);
        }

        return new JournalSweep(dropped, page.Count == limit ? page[^1].Subject : null);
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static async Task<List<(FacilitySubject Subject, bool IsOld)>> LookAsync(
        NpgsqlCommand command, DateTimeOffset before, FacilitySubject? after, int limit, CancellationToken cancellation)
    {
        command.CommandText = "SELECT facility, subject, max(recorded_at) < $1 FROM ledger.facility_record "
            + "WHERE (facility, subject) > ($2, $3) GROUP BY facility, subject ORDER BY facility, subject LIMIT $4";
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = before.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after?.Facility ?? "" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after?.Subject ?? "" });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        List<(FacilitySubject Subject, bool IsOld)> page = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            page.Add((new FacilitySubject(reader.GetString(0), reader.GetString(1)), reader.GetBoolean(2)));
        return page;
    }

    /// <summary>
    /// Drops a subject, unless a record came since it was looked at: the first record is locked against further ones, then the rest is read
    /// by a statement of its own, which sees what came before the lock.
    /// </summary>
    private static async Task<int> DropAsync(
        NpgsqlCommand command, FacilitySubject subject, DateTimeOffset before, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await command.Connection!.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        command.CommandText = "SELECT 1 FROM ledger.facility_record WHERE facility = $1 AND subject = $2 AND sequence = 1 FOR UPDATE";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject.Facility });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject.Subject });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        command.CommandText = "DELETE FROM ledger.facility_record WHERE facility = $1 AND subject = $2 AND NOT EXISTS "
            + "(SELECT 1 FROM ledger.facility_record WHERE facility = $1 AND subject = $2 AND recorded_at >= $3)";
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = before.ToUniversalTime() });
        int dropped = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return dropped;
    }
}
