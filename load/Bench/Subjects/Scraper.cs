namespace Settlement.Bench.Subjects;

/// <summary>Reads the metrics of a server as Prometheus does: every fifteen seconds, with exemplars.</summary>
internal sealed class Scraper : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource stopping = new();
    private readonly Subject server;
    private readonly Task scraping;
    private int scrapes;
    private long bytes;

    public Scraper(Subject server)
    {
        this.server = server;
        scraping = ScrapeAsync();
    }

    /// <summary>Stops, and says what was read.</summary>
    /// <exception cref="HttpRequestException">A page was not given.</exception>
    /// <exception cref="InvalidOperationException">No page was read: the run did not measure what it says.</exception>
    public async Task<string> StopAsync()
    {
        await stopping.CancelAsync();
        await scraping;
        return scrapes > 0
            ? $"{server.Name}: {scrapes:N0} pages of metrics with {bytes:N0} bytes were read"
            : throw new InvalidOperationException($"No metrics of {server.Name} were read: the run was too short.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await scraping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task ScrapeAsync()
    {
        using HttpClient http = new();
        http.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text");
        using PeriodicTimer pause = new(Interval);
        try
        {
            do
            {
                bytes += (await http.GetByteArrayAsync(server.Metrics, stopping.Token)).Length;
                scrapes++;
            }
            while (await pause.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run is over.
        }
    }
}
