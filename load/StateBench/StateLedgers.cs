using Settlement.Fill;
using Settlement.Fill.Running;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Tests.Support;

namespace Settlement.StateBench;

/// <summary>The ledgers under test: filled ones, on throw-away servers and in throw-away folders unless one was named.</summary>
internal sealed class StateLedgers(StateOptions options, string policies) : IAsyncDisposable
{
    private readonly List<string> folders = [];
    private PostgresServer? server;

    /// <summary>The large ledger: the one named, or one made now.</summary>
    public async Task<LedgerOptions> LargeAsync() => options.Filled is { } place
        ? At(place)
        : await FilledAsync(options.Plan);

    /// <summary>A small ledger that holds only so many persons, each with as much history as in the large one.</summary>
    public Task<LedgerOptions> SmallAsync(int persons)
    {
        FillPlan large = options.Plan;
        return FilledAsync(new FillPlan(persons, large.Entries * persons / large.Persons, large.Years, large.Seed));
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        foreach (string folder in folders) Directory.Delete(folder, recursive: true);
    }

    private async Task<LedgerOptions> FilledAsync(FillPlan plan)
    {
        LedgerOptions ledger = At(await PlaceAsync());
        FillOptions fill = new() { Plan = plan, Ledger = ledger };
        Console.WriteLine(await FillRun.RunAsync(
            fill, PolicyCatalogue.Load(policies), Console.Error, !Console.IsErrorRedirected, TimeProvider.System, CancellationToken.None));
        return ledger;
    }

    private async Task<string> PlaceAsync()
    {
        if (options.Provider == LedgerProvider.Postgres)
        {
            server ??= await PostgresServer.StartAsync("shared_buffers=512MB", "max_wal_size=4GB");
            return await server.CreateDatabaseAsync();
        }

        folders.Add(Directory.CreateTempSubdirectory("settlement-state-").FullName);
        return folders[^1];
    }

    private LedgerOptions At(string place) => options.Provider == LedgerProvider.Postgres
        ? new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = place, Writer = FillOptions.BulkWriter(0) }
        : new LedgerOptions { Path = Path.Combine(place, "ledger.db"), Writer = FillOptions.BulkWriter(0) };
}
