using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// What a writer must know of the periods: which table is open, and where else keys may be taken. It may go out of date, and then does no
/// harm. When another period has been opened, the table named here takes no more entries and says so. When a closed one was detached, its
/// table still holds all its keys, or is gone and says so. When one was attached again, its keys are still in ledger.archived_key.
/// </summary>
/// <param name="Open">Number of the open period.</param>
/// <param name="Closed">Numbers of the closed, attached periods, newest first.</param>
/// <param name="HasDetached">Whether some period is detached.</param>
internal sealed record PeriodLayout(int Open, IReadOnlyList<int> Closed, bool HasDetached)
{
    /// <summary>SQLSTATE of an insert into a table that is not the open period's.</summary>
    public const string NotOpen = "LP001";

    /// <summary>SQLSTATE of a read that would leave out a detached period.</summary>
    public const string Detached = "LP002";

    /// <summary>True when the open period's own keys are all there are.</summary>
    public bool IsOnlyOne => Closed.Count == 0 && !HasDetached;

    /// <summary>The table of a period.</summary>
    public static string TableOf(int number) => $"ledger.entry_{number}";

    public static async Task<PeriodLayout> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "SELECT number, closed_at IS NULL, detached FROM ledger.period ORDER BY number DESC", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        int open = 0;
        List<int> closed = [];
        bool hasDetached = false;
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (reader.GetBoolean(1)) open = reader.GetInt32(0);
            else if (reader.GetBoolean(2)) hasDetached = true;
            else closed.Add(reader.GetInt32(0));
        }
        return new PeriodLayout(open, closed, hasDetached);
    }
}
