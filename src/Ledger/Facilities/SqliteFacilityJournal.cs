using Microsoft.Data.Sqlite;
using Settlement.Ledger.Sqlite;

namespace Settlement.Ledger.Facilities;

/// <summary>The journal in the ledger's SQLite file.</summary>
internal sealed class SqliteFacilityJournal(LedgerOptions options) : IFacilityJournal
{
    private readonly SqliteConnections connections = new(options);

    public Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default) =>
        Run(() =>
    {
        using SqliteConnection connection = connections.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "SELECT sequence, message_id, body, recorded_at FROM facility_record WHERE facility = $facility AND subject = $subject ORDER BY sequence";
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
            + "SELECT $facility, $subject, $sequence, $message, $body, $at "
            + "WHERE $sequence = 1 OR EXISTS (SELECT 1 FROM facility_record WHERE facility = $facility AND subject = $subject AND sequence = 1) "
            + "ON CONFLICT DO NOTHING";
        command.Parameters.AddWithValue("$facility", record.Facility);
        command.Parameters.AddWithValue("$subject", record.Subject);
        command.Parameters.AddWithValue("$sequence", record.Sequence);
        command.Parameters.AddWithValue("$message", record.MessageId);
        command.Parameters.AddWithValue("$body", record.Body.ToArray());
        command.Parameters.AddWithValue("$at", Microseconds(record.RecordedAt));
        return command.ExecuteNonQuery() == 1;
    });

    public Task<JournalSweep> DropAsync(
        DateTimeOffset before, FacilitySubject? after, int limit, CancellationToken cancellation = default) => Run(() =>
    {
        List<(FacilitySubject Subject, bool IsOld)> page = [];
        using (SqliteConnection reading = connections.OpenReader())
        {
            using SqliteCommand look = reading.CreateCommand();
            look.CommandText = "SELECT facility, subject, max(recorded_at) < $before FROM facility_record "
                + "WHERE (facility, subject) > ($facility, $subject) GROUP BY facility, subject ORDER BY facility, subject LIMIT $limit";
            look.Parameters.AddWithValue("$before", Microseconds(before));
            look.Parameters.AddWithValue("$facility", after?.Facility ?? "");
            look.Parameters.AddWithValue("$subject", after?.Subject ?? "");
            look.Parameters.AddWithValue("$limit", limit);
            using SqliteDataReader reader = look.ExecuteReader();
            while (reader.Read()) page.Add((new FacilitySubject(reader.GetString(0), reader.GetString(1)), reader.GetBoolean(2)));
        }

        int dropped = 0;
        foreach ((FacilitySubject subject, bool isOld) in page)
        {
            if (isOld) dropped += Drop(subject, before);
        }

        return new JournalSweep(dropped, page.Count == limit ? page[^1].Subject : null);
    });

    // One statement, and SQLite has one writer: a record added since the subject was looked at keeps it.
    private int Drop(FacilitySubject subject, DateTimeOffset before)
    {
        using SqliteConnection connection = connections.OpenWriter();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM facility_record WHERE facility = $facility AND subject = $subject AND NOT EXISTS "
            + "(SELECT 1 FROM facility_record WHERE facility = $facility AND subject = $subject AND recorded_at >= $before)";
        command.Parameters.AddWithValue("$facility", subject.Facility);
        command.Parameters.AddWithValue("$subject", subject.Subject);
        command.Parameters.AddWithValue("$before", Microseconds(before));
        return command.ExecuteNonQuery();
    }

    private static long Microseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

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
