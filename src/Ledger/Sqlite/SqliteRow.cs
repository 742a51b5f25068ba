using Microsoft.Data.Sqlite;

namespace Settlement.Ledger.Sqlite;

/// <summary>How an entry's values look in SQLite.</summary>
internal static class SqliteRow
{
    public static LedgerEntry Read(SqliteDataReader row) => EntryColumns.Read(
        row,
        DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(EntryColumns.RecordedAt) * TimeSpan.TicksPerMicrosecond),
        DateOf(row.GetInt32(EntryColumns.EffectiveDate)),
        LedgerKey.FromBytes(row.GetFieldValue<byte[]>(EntryColumns.RequestKey)),
        row.IsDBNull(EntryColumns.ChargeKey) ? null : LedgerKey.FromBytes(row.GetFieldValue<byte[]>(EntryColumns.ChargeKey)));

    public static long MicrosecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static int NumberOf(DateOnly date) => (date.Year * 100 + date.Month) * 100 + date.Day;

    private static DateOnly DateOf(int number) => new(number / 10_000, number / 100 % 100, number % 100);
}
