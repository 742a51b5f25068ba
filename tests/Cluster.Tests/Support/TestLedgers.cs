using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Fresh, empty ledgers as configuration of a silo.</summary>
internal static class TestLedgers
{
    /// <summary>A SQLite file of its own.</summary>
    public static Task<string[]> SqliteAsync() =>
        Task.FromResult<string[]>(
            ["Ledger:Provider=sqlite", $"Ledger:Path={Directory.CreateTempSubdirectory("settlement-").FullName}/ledger.db"]);

    /// <summary>A database of its own on the shared throw-away server.</summary>
    public static async Task<string[]> PostgresAsync() =>
        ["Ledger:Provider=postgres", $"Ledger:ConnectionString={await (await PostgresServer.SharedAsync()).CreateDatabaseAsync()}"];
}
