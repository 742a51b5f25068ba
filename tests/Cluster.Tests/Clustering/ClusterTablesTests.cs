using Npgsql;
using Settlement.Ledger;
using Settlement.Silo;
using Settlement.Silo.Clustering;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Clustering;

/// <summary>The tables and statements that Orleans' providers use in PostgreSQL, spoken to as the providers speak to them.</summary>
public sealed class ClusterTablesTests : IAsyncLifetime
{
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly DateTime Noon = new(2026, 3, 9, 4, 0, 0, DateTimeKind.Utc);
    private string database = "";

    public async Task InitializeAsync()
    {
        database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await new ClusterStore(true, database).InitialiseAsync();
        Assert.True(await BooleanAsync("InsertMembershipVersionKey"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Silos_that_start_at_once_make_the_tables_once()
    {
        ClusterStore store = new(true, await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.InitialiseAsync()));

        Assert.Equal(
            (long)(ClusterQueries.Membership.Count + ClusterQueries.States.Count),
            await PostgresServer.ScalarAsync(store.ConnectionString, "SELECT count(*) FROM OrleansQuery"));
    }

    [Fact]
    public async Task Tables_of_a_newer_program_are_refused()
    {
        await PostgresServer.ExecuteAsync(database, "UPDATE orleans_schema SET version = 99");

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => new ClusterStore(true, database)
            .InitialiseAsync());

        Assert.Contains("schema version 99", error.Message);
    }

    [Fact]
    public async Task A_table_of_another_program_is_left_alone()
    {
        string other = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await PostgresServer.ExecuteAsync(other, "CREATE TABLE OrleansQuery (QueryKey text)");

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => new ClusterStore(true, other)
            .InitialiseAsync());

        Assert.Contains("not of this product", error.Message);
    }

    [Fact]
    public async Task A_silo_joins_on_the_version_it_has_seen_and_on_no_other()
    {
        Assert.False(await BooleanAsync("InsertMembershipVersionKey"));
        Assert.True(await JoinAsync(port: 1, version: 0));

        Assert.False(await JoinAsync(port: 2, version: 0));
        Assert.True(await JoinAsync(port: 2, version: 1));
        Assert.False(await JoinAsync(port: 2, version: 2)); // it is there already

        Assert.Equal("1, 2", await PortsAsync("MembershipReadAllKey"));
        Assert.Equal("2", await PortsAsync("MembershipReadRowKey", Silo(2)));
    }

    [Fact]
    public async Task Of_silos_that_change_the_membership_at_once_one_gets_on()
    {
        bool[] joined = await Task.WhenAll(Enumerable.Range(1, 8).Select(port => Task.Run(() => JoinAsync(port, version: 0))));

        Assert.Single(joined, true);
        Assert.DoesNotContain(",", await PortsAsync("MembershipReadAllKey"));
    }

    [Fact]
    public async Task A_silo_is_changed_on_the_newest_version_only_and_its_signs_of_life_at_any()
    {
        await JoinAsync(port: 1, version: 0);
        (string, object?)[] dead = [.. Silo(1), ("Status", Dead), ("SuspectTimes", "S,1"), ("IAmAliveTime", Noon)];

        Assert.False(await BooleanAsync("UpdateMembershipKey", [.. dead, ("Version", 0)]));
        await ExecuteAsync("UpdateIAmAlivetimeKey", [.. Silo(1), ("IAmAliveTime", Noon.AddMinutes(1))]);
        Assert.True(await BooleanAsync("UpdateMembershipKey", [.. dead, ("Version", 1)]));
        Assert.False(await BooleanAsync("UpdateMembershipKey", [.. Silo(7), .. dead[3..], ("Version", 2)]));

        Assert.Equal(2, Convert.ToInt32(await PostgresServer.ScalarAsync(database, "SELECT version FROM orleans_cluster"), null));
    }

    [Fact]
    public async Task An_empty_cluster_is_read_as_its_version_without_silos()
    {
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = Command(connection, "MembershipReadAllKey");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();

        Assert.True(await reader.ReadAsync());
        Assert.Equal(0, reader.GetInt32(reader.GetOrdinal("Version")));
        Assert.True(reader.IsDBNull(reader.GetOrdinal("StartTime")));
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task Clients_find_living_silos_that_take_them()
    {
        await JoinAsync(port: 1, version: 0, proxyPort: 30000);
        await JoinAsync(port: 2, version: 1, proxyPort: 0);

        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = Command(connection, "GatewaysQueryKey", ("Status", Active));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();

        Assert.True(await reader.ReadAsync());
        Assert.Equal(30000, reader.GetInt32(reader.GetOrdinal("ProxyPort")));
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task Silos_long_gone_are_cleaned_away_and_living_ones_stay()
    {
        await JoinAsync(port: 1, version: 0);
        await JoinAsync(port: 2, version: 1);
        await BooleanAsync(
            "UpdateMembershipKey", [.. Silo(2), ("Status", Dead), ("SuspectTimes", null), ("IAmAliveTime", Noon), ("Version", 2)]);

        await ExecuteAsync("CleanupDefunctSiloEntriesKey", ("IAmAliveTime", Noon.AddDays(1)));
        Assert.Equal("1", await PortsAsync("MembershipReadAllKey"));

        await ExecuteAsync("DeleteMembershipTableEntriesKey");
        Assert.Empty(await PortsAsync("MembershipReadAllKey"));
    }

    [Fact]
    public void The_registry_stands_beside_the_ledger_unless_it_is_told_otherwise()
    {
        LedgerOptions postgres = new() { Provider = LedgerProvider.Postgres, ConnectionString = "Host=ledger" };
        LedgerOptions file = new() { Path = "/var/lib/settlement/ledger.db" };

        Assert.Equal(new ClusterStore(true, "Host=ledger"), ClusterStore.Of(new ClusterSettings(), postgres));
        Assert.Equal(new ClusterStore(true, "Host=own"), ClusterStore.Of(new ClusterSettings { ConnectionString = "Host=own" }, postgres));
        Assert.Contains("/var/lib/settlement/registry.db", ClusterStore.Of(new ClusterSettings(), file).ConnectionString);
    }

    private static (string, object?)[] Silo(int port) => [("Address", "10.0.0.1"), ("Port", port), ("Generation", 7)];

    private Task<bool> JoinAsync(int port, int version, int proxyPort = 0) => BooleanAsync("InsertMembershipKey",
    [
        .. Silo(port), ("SiloName", $"silo-{port}"), ("HostName", "host"), ("Status", Active), ("ProxyPort", proxyPort),
        ("StartTime", Noon), ("IAmAliveTime", Noon), ("Version", version),
    ]);

    private async Task<string> PortsAsync(string key, params (string, object?)[] parameters)
    {
        List<int> ports = [];
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = Command(connection, key, parameters);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(reader.GetOrdinal("Port"))) ports.Add(reader.GetInt32(reader.GetOrdinal("Port")));
        }

        return string.Join(", ", ports.Order());
    }

    private async Task<bool> BooleanAsync(string key, params (string, object?)[] parameters)
    {
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = Command(connection, key, parameters);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string key, params (string, object?)[] parameters)
    {
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = Command(connection, key, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        return connection;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string key, params (string Name, object? Value)[] parameters)
    {
        NpgsqlCommand command = new(ClusterQueries.Membership[key], connection);
        command.Parameters.AddWithValue("DeploymentId", "test");
        foreach ((string name, object? value) in parameters)
            command.Parameters.Add(
                new NpgsqlParameter(name, value is null ? NpgsqlTypes.NpgsqlDbType.Text : Type(value)) { Value = value ?? DBNull.Value });
        return command;
    }

    private static NpgsqlTypes.NpgsqlDbType Type(object value) => value switch
    {
        int => NpgsqlTypes.NpgsqlDbType.Integer,
        DateTime => NpgsqlTypes.NpgsqlDbType.TimestampTz,
        _ => NpgsqlTypes.NpgsqlDbType.Text,
    };
}
