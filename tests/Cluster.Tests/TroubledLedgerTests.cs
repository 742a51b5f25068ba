using System.Net;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Npgsql;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Refusals;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests;

/// <summary>
/// A silo whose ledger fails it: not ready, settlements refused as UNAVAILABLE and nothing of them written; ready again, with the same
/// requests accepted once, when the cause has gone. No restart.
/// </summary>
public sealed class TroubledLedgerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_schema_in_PostgreSQL_is_replaced()
    {
        string connection = await DatabaseAsync();
        await EndureAsync(
            Postgres(connection),
            () => PostgresServer.ExecuteAsync(connection, "UPDATE ledger.meta SET version = version + 1"),
            () => PostgresServer.ExecuteAsync(connection, "UPDATE ledger.meta SET version = version - 1"));
    }

    [Fact]
    public async Task The_schema_in_SQLite_is_replaced()
    {
        string[] ledger = await TestLedgers.SqliteAsync();
        object? version = null;
        await EndureAsync(
            ledger,
            async () =>
            {
                version = await SqliteAsync(ledger, "PRAGMA user_version");
                await SqliteAsync(ledger, "PRAGMA user_version = 1000");
            },
            () => SqliteAsync(ledger, $"PRAGMA user_version = {version}"));
    }

    [Fact]
    public async Task The_database_turns_read_only()
    {
        string connection = await DatabaseAsync();
        await EndureAsync(Postgres(connection), () => ReadOnlyAsync("on"), () => ReadOnlyAsync("off"));

        async Task ReadOnlyAsync(string value)
        {
            NpgsqlConnectionStringBuilder server = new(connection) { Database = "postgres" };
            string database = new NpgsqlConnectionStringBuilder(connection).Database!;
            await PostgresServer.ExecuteAsync(server.ToString(), $"ALTER DATABASE {database} SET default_transaction_read_only = {value}");
            await PostgresServer.TerminateConnectionsAsync(connection);
        }
    }

    [Fact]
    public async Task The_databases_disk_is_full()
    {
        string connection = await DatabaseAsync();
        await EndureAsync(
            Postgres(connection),
            () => PostgresServer.ExecuteAsync(connection, """
                CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
                CREATE TRIGGER full_disk AFTER INSERT ON ledger.entry_1 FOR EACH STATEMENT EXECUTE FUNCTION full_disk();
                """),
            () => PostgresServer.ExecuteAsync(connection, "DROP TRIGGER full_disk ON ledger.entry_1"));
    }

    [Fact]
    public async Task The_database_server_stops_and_comes_back()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await EndureAsync(Postgres(await server.CreateDatabaseAsync()), () => server.StopAsync(PostgresStop.Fast), server.StartAgainAsync);
    }

    private static async Task EndureAsync(string[] ledger, Func<Task> trouble, Func<Task> mend)
    {
        await using TestSilo silo = await TestSilo.StartAsync(
            [.. ledger, "Gateway:Insecure=true", "Ledger:Writer:OutagePatience=00:00:00", "Ledger:Writer:MaxRetryDelay=00:00:00.1",
                "Cluster:ResponseTimeout=00:00:03"]);
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        for (int person = 1; person <= 2; person++) await silo.Enrolment.RegisterAsync(Requests.Register($"P{person}"));
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "s1", Requests.Inpatient(400_000)));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(http));

        await trouble();
        // PostgreSQL is asked for its version about once a second. The first to meet the trouble may hear that the outcome is unknown;
        // whoever comes later hears that nothing was written.
        List<SettleRequest> asked = [];
        await UntilAsync(async () =>
        {
            asked.Add(Requests.Settle("P2", $"s{asked.Count + 2}", Requests.Inpatient(400_000)));
            return await RefusalAsync(silo, asked[^1]) == RefusalCodes.LedgerUnavailable;
        });
        await UntilAsync(async () => await ReadyAsync(http) == HttpStatusCode.ServiceUnavailable);

        await mend();
        await UntilAsync(async () => await ReadyAsync(http) == HttpStatusCode.OK);
        foreach (SettleRequest request in (SettleRequest[])[.. asked, Requests.Settle("P1", "s1b", Requests.Inpatient(400_000))])
            Assert.Null((await silo.Settlement.SettleAsync(request)).AlreadySettled);
        foreach ((string person, int entries) in ((string, int)[])[("P1", 3), ("P2", asked.Count + 1)])
            Assert.Equal(entries, (await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, person)).LastSequence);
    }

    /// <summary>Why a settlement is refused; null when it is accepted.</summary>
    private static async Task<string?> RefusalAsync(TestSilo silo, SettleRequest request)
    {
        try
        {
            await silo.Settlement.SettleAsync(request);
            return null;
        }
        catch (RpcException error)
        {
            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
            Assert.NotNull(error.GetRpcStatus()?.GetDetail<RetryInfo>());
            return error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;
        }
    }

    private static async Task<HttpStatusCode> ReadyAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync("/health/ready");
        return answer.StatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (!await holds()) await pause.WaitForNextTickAsync(patience.Token);
    }

    private static async Task<string> DatabaseAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    private static string[] Postgres(string connection) => ["Ledger:Provider=postgres", $"Ledger:ConnectionString={connection}"];

    private static async Task<object?> SqliteAsync(string[] ledger, string sql)
    {
        await using SqliteConnection connection = new($"Data Source={ledger[1][(ledger[1].IndexOf('=') + 1)..]};Pooling=false");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
