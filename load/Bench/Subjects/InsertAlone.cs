using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Settlement.Http2;
using Settlement.Ledger;
using Settlement.Measurement;

namespace Settlement.Bench.Subjects;

/// <summary>
/// The least a durable settlement can take on this server: one connection inserts one entry after the other into the ledger's own table,
/// with one prepared statement in autocommit. No service, no wire but PostgreSQL's. The row is a real settlement's; only its keys change.
/// </summary>
internal sealed class InsertAlone : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand insert;
    private readonly Dictionary<string, NpgsqlParameter> parameters;
    private long inserted;

    private InsertAlone(NpgsqlConnection connection, NpgsqlCommand insert)
    {
        this.connection = connection;
        this.insert = insert;
        parameters = insert.Parameters.ToDictionary(parameter => parameter.SourceColumn);
    }

    /// <summary>Takes a settlement of another ledger as the row, and prepares the statement in an empty database.</summary>
    /// <exception cref="InvalidOperationException">The other ledger has no settlement.</exception>
    public static async Task<InsertAlone> PrepareAsync(string empty, string withSettlements)
    {
        await using (ILedgerStore store = LedgerStore.Create(
            new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = empty }, NullLoggerFactory.Instance))
        {
            await store.InitialiseAsync();
        }

        NpgsqlConnection connection = new(
            new NpgsqlConnectionStringBuilder(empty) { Pooling = false, Options = "-c synchronous_commit=on" }.ToString());
        await connection.OpenAsync();
        NpgsqlCommand insert = new() { Connection = connection };
        await using (NpgsqlConnection other = new(new NpgsqlConnectionStringBuilder(withSettlements) { Pooling = false }.ToString()))
        {
            await other.OpenAsync();
            await using NpgsqlCommand select = new("SELECT * FROM ledger.entry WHERE kind = $1 LIMIT 1", other);
            select.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)LedgerEntryKind.Settlement });
            await using NpgsqlDataReader row = await select.ExecuteReaderAsync();
            if (!await row.ReadAsync()) throw new InvalidOperationException("There is no settlement to take as the row.");
            for (int i = 0; i < row.FieldCount; i++)
                insert.Parameters.Add(new NpgsqlParameter
                {
                    Value = row.GetValue(i),
                    DataTypeName = row.GetDataTypeName(i),
                    SourceColumn = row.GetName(i),
                });
        }

        IEnumerable<NpgsqlParameter> all = insert.Parameters;
        insert.CommandText = $"INSERT INTO ledger.entry_1 ({string.Join(", ", all.Select(parameter => parameter.SourceColumn))}) "
            + $"VALUES ({string.Join(", ", all.Select((_, index) => $"${index + 1}"))})";
        await insert.PrepareAsync();
        return new InsertAlone(connection, insert);
    }

    /// <summary>Inserts until the time is over.</summary>
    public LoadResult Run(TimeSpan span)
    {
        LoadResult result = new();
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < span)
        {
            inserted++;
            parameters["position"].Value = inserted;
            parameters["person_id"].Value = $"I{inserted:D7}";
            parameters["request_key"].Value = Key(inserted, "request");
            parameters["charge_key"].Value = Key(inserted, "charge");
            long before = Stopwatch.GetTimestamp();
            insert.ExecuteNonQuery();
            result.Latency.Record((long)Stopwatch.GetElapsedTime(before).TotalNanoseconds);
        }

        result.Duration = Stopwatch.GetElapsedTime(begin);
        return result;
    }

    /// <summary>Every insert is there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public async Task<string> CheckAsync()
    {
        await using NpgsqlCommand count = new("SELECT count(*) FROM ledger.entry", connection);
        long rows = (long)(await count.ExecuteScalarAsync())!;
        return rows == inserted ? $"{rows:N0} rows"
            : throw new InvalidOperationException($"insert-alone: {inserted:N0} rows were inserted, {rows:N0} are there.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await insert.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static Guid Key(long number, string of) => LedgerKey.ForRequest(of, $"{number}").ToGuid();
}
