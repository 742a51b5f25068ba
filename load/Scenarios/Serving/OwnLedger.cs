using Settlement.Tests.Support;

namespace Settlement.Scenarios.Serving;

/// <summary>The empty ledger of an own server: a file in a folder that goes with the run, or a database.</summary>
internal sealed class OwnLedger : IAsyncDisposable
{
    private readonly string? folder;
    private readonly string? connection;

    private OwnLedger(string? folder, string? connection) => (this.folder, this.connection) = (folder, connection);

    /// <summary>How a server is told of it.</summary>
    public string[] Settings => connection is null
        ? ["Ledger:Provider=Sqlite", $"Ledger:Path={Path.Combine(folder!, "ledger.db")}"]
        : ["Ledger:Provider=Postgres", $"Ledger:ConnectionString={connection}"];

    /// <summary>How the command line is told of it.</summary>
    public string[] Arguments => connection is null ? ["--data", folder!] : ["--ledger", "postgres", "--connection", connection];

    /// <summary>Makes one.</summary>
    public static async Task<OwnLedger> CreateAsync(LoadOptions options) => options.Postgres
        ? new OwnLedger(null, options.Connection
            ?? await (await PostgresServer.SharedAsync().ConfigureAwait(false)).CreateDatabaseAsync().ConfigureAwait(false))
        : new OwnLedger(Directory.CreateTempSubdirectory("settlement-load-").FullName, null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (folder is not null) Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
