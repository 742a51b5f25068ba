using Npgsql;
using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>
/// What the tests of periods begin with: an empty ledger in PostgreSQL, and a person with a settlement, a charge and a reversal.
/// </summary>
public abstract class PeriodTest : LedgerTest
{
    protected static readonly LedgerKey Charge = LedgerKey.ForCharge("H", "visit", "1");
    protected static readonly LedgerKey ReversedCharge = LedgerKey.ForCharge("H", "reversed", "1");

    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    protected ILedgerPeriods Periods => Store.Periods!;

    /// <summary>Writes with a store of its own, every batch by COPY or none.</summary>
    protected LedgerWriter OpenWriter(bool copy)
    {
        LedgerOptions options = new()
        {
            Provider = LedgerProvider.Postgres,
            ConnectionString = Place.Options.ConnectionString,
            CopyAlways = copy,
        };
        return OpenWriter(
            Own(LedgerStore.Create(options, Log)), new LedgerWriterOptions { Count = 1, RetryDelay = TimeSpan.FromMilliseconds(5) });
    }

    /// <summary>A year of one person: 1 settles, 2 settles a charge, 3 settles another, 4 takes that back.</summary>
    private protected static async Task<PersonHistory> WriteYearAsync(LedgerWriter writer, string name)
    {
        PersonHistory person = new(name);
        await AppendAsync(
            writer,
            person.Settle($"{name}-1"),
            person.Settle($"{name}-2", name == "P1" ? Charge : null),
            person.Settle($"{name}-3", name == "P1" ? ReversedCharge : null),
            person.Reverse(3, $"{name}-4"));
        return person;
    }

    /// <summary>Opens a connection that holds a lock on a table until it is disposed of.</summary>
    private protected async Task<NpgsqlConnection> LockAsync(string table, string mode)
    {
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(Place.Options.ConnectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"BEGIN; LOCK TABLE {table} IN {mode} MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Waits until some connection waits for a lock of this ledger; ends it when asked to.</summary>
    protected async Task UntilWaitingForLockAsync(bool end = false)
    {
        const string waiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(5));
        while (await Place.ScalarAsync($"SELECT count(*) {waiting}") is 0L) await pause.WaitForNextTickAsync(patience.Token);
        if (end) await Place.ScalarAsync($"SELECT pg_terminate_backend(pid) {waiting}");
    }
}
