using Microsoft.Data.Sqlite;
using Settlement.Ledger.Sqlite;

namespace Settlement.Ledger.Facilities;

/// <summary>The journal in the ledger's SQLite file.</summary>
internal sealed class SqliteFacilityJournal(LedgerOptions options) : IFacilityJournal
{
    private readonly SqliteConnections connections = new(options);

    public Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default) => Run(() =>
    {
        using SqliteConnection connection = connections.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, message_id, body, recorded_at FROM facility_record WHERE facility = $facility AND subject = $subject ORDER BY sequence";
        command.Parameters.AddWithValue("$facility", facility);
        command.Parameters.AddWithValue("$subject", subject);
        using SqliteDataReader reader = command.ExecuteReader();
        List<FacilityRecord> records = [];
        while (reader.Read())
        {
            records.Add(new FacilityRecord(
                facility, subject, reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2),
                DateTimeOffset.UnixEpoch.AddTicks(reader.GetInt64(3) * TimeSpan.TicksPerMicrosecond)));
        }

        return (IReadOnlyList<FacilityRecord>)records;
    });

    public Task<bool> AppendAsync(FacilityRecord record, CancellationToken cancellation = default) => Run(() =>
    {
        using SqliteConnection connection = connections.OpenWriter();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO facility_record (facility, subject, sequence, message_id, body, recorded_at) "
            + "VALUES ($facility, $subject, $sequence, $message, $body, $at) ON CONFLICT DO NOTHING";
        command.Parameters.AddWithValue("$facility", record.Facility);
        command.Parameters.AddWithValue("$subject", record.Subject);
        command.Parameters.AddWithValue("$sequence", record.Sequence);
        command.Parameters.AddWithValue("$message", record.MessageId);
        command.Parameters.AddWithValue("$body", record.Body.ToArray());
        command.Parameters.AddWithValue("$at", (record.RecordedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return command.ExecuteNonQuery() == 1;
    });

    public ValueTask DisposeAsync()
    {
        connections.ClosePool();
        return ValueTask.CompletedTask;
    }

    // As the ledger's store does: never on the caller's thread, which may be a grain's.
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
