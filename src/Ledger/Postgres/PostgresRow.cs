using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>How an entry's values look in PostgreSQL.</summary>
internal static class PostgresRow
{
    public static LedgerEntry Read(NpgsqlDataReader row) => EntryColumns.Read(
        row,
        new DateTimeOffset(row.GetFieldValue<DateTime>(EntryColumns.RecordedAt), TimeSpan.Zero),
        row.GetFieldValue<DateOnly>(EntryColumns.EffectiveDate),
        LedgerKey.FromGuid(row.GetGuid(EntryColumns.RequestKey)),
        row.IsDBNull(EntryColumns.ChargeKey) ? null : LedgerKey.FromGuid(row.GetGuid(EntryColumns.ChargeKey)));
}
