using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Settlement.Torture.Relaying;

/// <summary>
/// One link of the fault proxy: a port on loopback and the port behind it. Bytes can be held back in one direction or both, delayed, and
/// the connections broken, all of them or those that one process made; bytes held back arrive when the link is open again, as TCP would
/// send them again, unless it is broken before.
/// </summary>
internal sealed class RelayLink(int listenPort, int targetPort)
{
    private const string From = " from ";
    private readonly Lock gate = new();
    private readonly HashSet<Connection> connections = [];
    private readonly Dictionary<int, LinkState> ofProcesses = [];
    private readonly IPEndPoint target = new(IPAddress.Loopback, targetPort);
    private LinkState ofAll = LinkState.Open;
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
            Connection connection = new(client, ((IPEndPoint)client.RemoteEndPoint!).Port);
            if (Takes(connection)) _ = RelayAsync(connection);
            else connection.Break();
        }
    }

    /// <summary>
    /// Obeys a word; see <see cref="LinkState.Of"/>. Behind <c>from NUMBER</c> it concerns only what the process of that number connected,
    /// in addition to what concerns all.
    /// </summary>
    /// <exception cref="ArgumentException">It is no word.</exception>
    public void Obey(string order)
    {
        string[] parts = order.Split(From, 2);
        int? process = parts.Length == 1
            ? null
            : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new ArgumentException($"'{parts[1]}' is no number of a process.");
        LinkState next = LinkState.Of(parts[0]);
        lock (gate)
        {
            if (process is { } told) Own(told, ProcessPorts.To(listenPort, told));
            // Broken first: what was held back must not get through behind the open gate.
            if (LinkState.Breaks(parts[0]))
            {
                foreach (Connection connection in connections.Where(connection => process is null || connection.Owner == process))
                    connection.Break();
                connections.RemoveWhere(static connection => connection.IsBroken);
            }

            if (process is not { } one) ofAll = next;
            else if (next == LinkState.Open) ofProcesses.Remove(one);
            else ofProcesses[one] = next;
        }

        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Whether a new connection is taken; then it is kept among the others.</summary>
    private bool Takes(Connection connection)
    {
        lock (gate)
        {
            connections.Add(connection);
            foreach (int process in ofProcesses.Keys) Own(process, ProcessPorts.To(listenPort, process));
            if (!StateOf(connection).Refuses) return true;
            connections.Remove(connection);
            return false;
        }
    }

    private void Own(int process, HashSet<int> ports)
    {
        foreach (Connection connection in connections.Where(connection => ports.Contains(connection.Port))) connection.Owner = process;
    }

    private LinkState StateOf(Connection connection)
    {
        lock (gate)
        {
            return connection.Owner is { } owner && ofProcesses.TryGetValue(owner, out LinkState? state) ? ofAll.And(state) : ofAll;
        }
    }

    private async Task RelayAsync(Connection connection)
    {
        using (connection)
        {
            try
            {
                connection.Client.NoDelay = true;
                await connection.Server.ConnectAsync(target);
                await Task.WhenAny(
                    PumpAsync(connection, connection.Client, connection.Server, static state => state.Requests),
                    PumpAsync(connection, connection.Server, connection.Client, static state => state.Answers))
                    .Unwrap();
            }
            catch (Exception ending) when (ending is SocketException or ObjectDisposedException)
            {
                // Either side is gone, or the link was broken: both are closed on the way out.
            }
            finally
            {
                lock (gate) connections.Remove(connection);
            }
        }
    }

    private async Task PumpAsync(Connection connection, Socket from, Socket to, Func<LinkState, bool> passes)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer);
                if (count == 0) return;
                TimeSpan delay = await GateAsync(connection, passes);
                if (delay > TimeSpan.Zero) await Task.Delay(delay);
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception ending) when (ending is SocketException or ObjectDisposedException)
        {
            // The other pump closed the connection, or the link was broken.
        }
    }

    /// <summary>Waits until bytes pass, and tells how much later they do.</summary>
    private async Task<TimeSpan> GateAsync(Connection connection, Func<LinkState, bool> passes)
    {
        while (true)
        {
            Task change = Volatile.Read(ref changed).Task;
            LinkState state = StateOf(connection);
            if (passes(state)) return state.Delay;
            await change;
        }
    }

    /// <summary>A connection that came, and the one behind the link that it leads to.</summary>
    private sealed class Connection(Socket client, int port) : IDisposable
    {
        public Socket Client { get; } = client;

        public Socket Server { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>The other end's own port.</summary>
        public int Port { get; } = port;

        /// <summary>Number of the process at the other end, of those that were told of.</summary>
        public int? Owner { get; set; }

        public bool IsBroken { get; private set; }

        // Without lingering, closing sends a reset.
        public void Break()
        {
            IsBroken = true;
            foreach (Socket socket in (Socket[])[Client, Server])
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
