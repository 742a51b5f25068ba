using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Settlement.Tests.Support;

/// <summary>Where the next cut falls.</summary>
public enum Cut
{
    /// <summary>Nothing is cut.</summary>
    None,

    /// <summary>The next request is dropped with its connection: the server never sees it.</summary>
    BeforeRequest,

    /// <summary>The next answer is dropped with its connection: the server has done the work and the client never learns.</summary>
    BeforeAnswer,
}

/// <summary>A TCP proxy on loopback that cuts connections at chosen moments.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint target;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, bool> relays = new();
    private readonly Task accepting;
    private int armed;
    private TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts to relay to a port on loopback.</summary>
    public CuttingProxy(int targetPort)
    {
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Arms one cut, taken by whichever connection is first. The task ends when the cut has happened.</summary>
    public Task Arm(Cut where)
    {
        cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref armed, (int)where);
        return cut.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        listener.Stop();
        await accepting.ConfigureAwait(false);
        await Task.WhenAll(relays.Keys).ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Socket client = await listener.AcceptSocketAsync(stopping.Token).ConfigureAwait(false);
                relays.TryAdd(RelayAsync(client), true);
            }
            catch (Exception ending) when (ending is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using Socket server = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await server.ConnectAsync(target, stopping.Token).ConfigureAwait(false);
                Task requests = PumpAsync(client, server, Cut.BeforeRequest);
                Task answers = PumpAsync(server, client, Cut.BeforeAnswer);
                await (await Task.WhenAny(requests, answers).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (Exception ending) when (ending is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Either side is gone: both are closed on the way out.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Cut here)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, stopping.Token).ConfigureAwait(false);
                if (count == 0) return;
                if (Interlocked.CompareExchange(ref armed, (int)Cut.None, (int)here) == (int)here)
                {
                    cut.TrySetResult();
                    return;
                }
                await to.SendAsync(buffer.AsMemory(0, count), stopping.Token).ConfigureAwait(false);
            }
        }
        catch (Exception ending) when (ending is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other pump closed the connection.
        }
    }
}
