using System.Net;
using System.Net.Sockets;

namespace Settlement.Torture.Relaying;

/// <summary>
/// One link of the fault proxy: a port on loopback and the port behind it. Bytes can be held back in one direction or both, delayed, and
/// the connections broken; bytes held back arrive when the link is open again, as TCP would send them again, unless it is broken before.
/// </summary>
internal sealed class RelayLink(int listenPort, int targetPort)
{
    private readonly Lock gate = new();
    private readonly HashSet<Socket> sockets = [];
    private readonly IPEndPoint target = new(IPAddress.Loopback, targetPort);
    private volatile LinkState state = new(Requests: true, Answers: true, Refuses: false, Delay: TimeSpan.Zero);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes connections until the process ends.</summary>
    public async Task RunAsync()
    {
        using TcpListener listener = new(IPAddress.Loopback, listenPort);
        // The proxy that was killed a moment ago held this port.
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start(backlog: 1024);
        while (true)
        {
            Socket client = await listener.AcceptSocketAsync();
            if (state.Refuses) Break(client);
            else _ = RelayAsync(client);
        }
    }

    /// <summary>
    /// Obeys a word: <c>open</c>, <c>hold</c> (both directions), <c>mute</c> (answers), <c>refuse</c>, <c>reset</c> (and open), <c>delay
    /// MS</c>.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public void Obey(string word)
    {
        LinkState open = new(Requests: true, Answers: true, Refuses: false, Delay: TimeSpan.Zero);
        LinkState next = word.Split(' ') switch
        {
            ["open" or "reset"] => open,
            ["hold"] => open with { Requests = false, Answers = false },
            ["mute"] => open with { Answers = false },
            ["refuse"] => open with { Refuses = true },
            ["delay", var text] when int.TryParse(text, out int milliseconds) =>
                open with { Delay = TimeSpan.FromMilliseconds(milliseconds) },
            _ => throw new ArgumentException($"'{word}' is no word for a link."),
        };
        // Broken first: what was held back must not get through behind the open gate.
        if (word is "refuse" or "reset") BreakAll();
        state = next;
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task RelayAsync(Socket client)
    {
        using Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        using (client)
        {
            try
            {
                Keep(client, server);
                await server.ConnectAsync(target);
                await Task.WhenAny(
                    PumpAsync(client, server, static state => state.Requests), PumpAsync(server, client, static state => state.Answers))
                    .Unwrap();
            }
            catch (Exception ending) when (ending is SocketException or ObjectDisposedException)
            {
                // Either side is gone, or the link was broken: both are closed on the way out.
            }
            finally
            {
                Forget(client, server);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<LinkState, bool> passes)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer);
                if (count == 0) return;
                await GateAsync(passes);
                if (state.Delay > TimeSpan.Zero) await Task.Delay(state.Delay);
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception ending) when (ending is SocketException or ObjectDisposedException)
        {
            // The other pump closed the connection, or the link was broken.
        }
    }

    private async Task GateAsync(Func<LinkState, bool> passes)
    {
        while (true)
        {
            Task change = Volatile.Read(ref changed).Task;
            if (passes(state)) return;
            await change;
        }
    }

    private void Keep(params ReadOnlySpan<Socket> pair)
    {
        lock (gate)
        {
            foreach (Socket socket in pair) sockets.Add(socket);
        }
    }

    private void Forget(params ReadOnlySpan<Socket> pair)
    {
        lock (gate)
        {
            foreach (Socket socket in pair) sockets.Remove(socket);
        }
    }

    private void BreakAll()
    {
        lock (gate)
        {
            foreach (Socket socket in sockets) Break(socket);
            sockets.Clear();
        }
    }

    // Without lingering, closing sends a reset.
    private static void Break(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>What a link lets through.</summary>
    private sealed record LinkState(bool Requests, bool Answers, bool Refuses, TimeSpan Delay);
}
