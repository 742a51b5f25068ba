using System.Data.Common;
using Npgsql;
using Settlement.Ledger.Postgres;

namespace Settlement.Ledger.Facilities;

/// <summary>The journal in the ledger's PostgreSQL database, schema <c>ledger</c>.</summary>
internal sealed class PostgresFacilityJournal(LedgerOptions options) : IFacilityJournal
{
    private readonly PostgresConnections connections = new(options);

    public Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default) => Run(async command =>
    {
        command.CommandText = "SELECT sequence, message_id, body, recorded_at FROM ledger.facility_record WHERE facility = $1 AND subject = $2 ORDER BY sequence";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = facility });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<FacilityRecord> records = [];
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            records.Add(new FacilityRecord(
                facility, subject, reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return (IReadOnlyList<FacilityRecord>)records;
    }, cancellation);

    // Safe to try twice: a report that a lost connection had brought home is found by its keys, and answered as taken.
    public Task<bool> AppendAsync(FacilityRecord record, CancellationToken cancellation = default) => Run(async command =>
    {
        command.CommandText = "INSERT INTO ledger.facility_record (facility, subject, sequence, message_id, body, recorded_at) "
            + "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Facility });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Subject });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = record.Sequence });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.MessageId });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = record.Body.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = record.RecordedAt.ToUniversalTime() });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }, cancellation);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task<T> Run<T>(Func<NpgsqlCommand, Task<T>> work, CancellationToken cancellation)
    {
        for (bool again = false; ; again = true)
        {
            try
            {
                await using NpgsqlConnection connection = await connections.OpenReaderAsync(cancellation).ConfigureAwait(false);
                await using NpgsqlCommand command = connection.CreateCommand();
                return await work(command).ConfigureAwait(false);
            }
            catch (Exception problem) when (!again && PostgresConnections.IsBroken(problem))
            {
                // After a restart of the server every pooled connection is dead.
                connections.ForgetReaders();
            }
            catch (Exception problem) when (problem is DbException or TimeoutException)
            {
                throw connections.Translate(problem);
            }
        }
    }
}
