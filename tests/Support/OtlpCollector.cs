using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Settlement.Tests.Support;

/// <summary>Takes what is sent by OTLP over HTTP, as the OpenTelemetry collector would, and keeps it.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly ConcurrentQueue<(string Path, string Body)> received = new();
    private readonly Task receiving;

    /// <summary>Listens on a free port of loopback.</summary>
    public OtlpCollector()
    {
        using (TcpListener probe = new(IPAddress.Loopback, 0))
        {
            probe.Start();
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        listener = new HttpListener { Prefixes = { Endpoint + "/" } };
        listener.Start();
        receiving = ReceiveAsync();
    }

    /// <summary>Its address, for <c>Telemetry:OtlpEndpoint</c>.</summary>
    public string Endpoint { get; }

    /// <summary>What has come: the path, such as <c>/v1/traces</c>, and the message, a character for each byte.</summary>
    public IReadOnlyCollection<(string Path, string Body)> Received => received;

    /// <summary>Takes no more; what had come by then is in <see cref="Received"/>.</summary>
    public async Task StopAsync()
    {
        listener.Stop();
        await receiving.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        ((IDisposable)listener).Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return; // stopped
            }

            using StreamReader body = new(context.Request.InputStream, Encoding.Latin1);
            received.Enqueue((context.Request.Url!.AbsolutePath, await body.ReadToEndAsync().ConfigureAwait(false)));
            context.Response.Close();
        }
    }
}
