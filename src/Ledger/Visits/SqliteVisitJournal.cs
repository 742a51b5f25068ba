using Microsoft.Data.Sqlite;
using Settlement.Ledger.Sqlite;

namespace Settlement.Ledger.Visits;

/// <summary>The journal in the ledger's SQLite file.</summary>
internal sealed class SqliteVisitJournal(LedgerOptions options) : IVisitJournal
{
    private readonly SqliteConnections connections = new(options);

    public Task<IReadOnlyList<VisitJournalRecord>> ReadAsync(string facility, string visitId, CancellationToken cancellation = default) => Run(() =>
    {
        using SqliteConnection connection = connections.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, message_id, body, recorded_at FROM visit_report WHERE facility = $facility AND visit_id = $visit ORDER BY sequence";
        command.Parameters.AddWithValue("$facility", facility);
        command.Parameters.AddWithValue("$visit", visitId);
        using SqliteDataReader reader = command.ExecuteReader();
        List<VisitJournalRecord> records = [];
        while (reader.Read())
        {
            records.Add(new VisitJournalRecord(
                facility, visitId, reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2),
                DateTimeOffset.UnixEpoch.AddTicks(reader.GetInt64(3) * TimeSpan.TicksPerMicrosecond)));
        }

        return (IReadOnlyList<VisitJournalRecord>)records;
    });

    public Task<bool> AppendAsync(VisitJournalRecord record, CancellationToken cancellation = default) => Run(() =>
    {
        using SqliteConnection connection = connections.OpenWriter();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO visit_report (facility, visit_id, sequence, message_id, body, recorded_at) "
            + "VALUES ($facility, $visit, $sequence, $message, $body, $at) ON CONFLICT DO NOTHING";
        command.Parameters.AddWithValue("$facility", record.Facility);
        command.Parameters.AddWithValue("$visit", record.VisitId);
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
