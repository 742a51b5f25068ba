using System.Net;
using System.Net.Sockets;

namespace Settlement.Bench.Subjects;

/// <summary>Takes what a silo sends by OTLP over HTTP and throws it away, counting.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task receiving;
    private int posts;
    private long bytes;

    public Collector()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        Endpoint = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        listener.Prefixes.Add(Endpoint + "/");
        listener.Start();
        receiving = ReceiveAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Endpoint { get; }

    /// <summary>What came.</summary>
    /// <exception cref="InvalidOperationException">Nothing: the run did not measure what it says.</exception>
    public string Received() => posts > 0
        ? $"{posts:N0} messages with {bytes:N0} bytes came"
        : throw new InvalidOperationException("The collector received nothing: the silo under test did not tell.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await receiving;
        listener.Close();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        while (listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await listener.GetContextAsync();
                int read;
                while ((read = await context.Request.InputStream.ReadAsync(buffer)) > 0) bytes += read;
                posts++;
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return; // stopped
            }
        }
    }
}
