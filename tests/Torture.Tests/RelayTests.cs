using System.Net;
using System.Net.Sockets;
using Settlement.Torture.Relaying;

namespace Settlement.Torture.Tests;

/// <summary>The fault proxy does what is said to it, as a process of its own.</summary>
public sealed class RelayTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private Relay relay = null!;

    public async Task InitializeAsync()
    {
        server.Start();
        relay = await Relay.StartAsync(((IPEndPoint)server.LocalEndpoint).Port);
    }

    public async Task DisposeAsync() => await relay.DisposeAsync();

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task What_is_held_arrives_when_the_link_is_open_again()
    {
        (Socket client, Socket behind) = await ConnectAsync();
        await relay.SayAsync(0, "hold");
        await client.SendAsync(new byte[] { 1 });
        Assert.Equal(0, behind.Available);
        await relay.SayAsync(0, "open");
        Assert.Equal(1, await ReadAsync(behind));
    }

    [Fact]
    public async Task Mute_lets_requests_through_and_no_answers_and_reset_loses_them()
    {
        (Socket client, Socket behind) = await ConnectAsync();
        await relay.SayAsync(0, "mute");
        await client.SendAsync(new byte[] { 2 });
        Assert.Equal(2, await ReadAsync(behind));
        await behind.SendAsync(new byte[] { 3 });
        await relay.SayAsync(0, "reset");
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(client));
        (client, behind) = await ConnectAsync();
        await behind.SendAsync(new byte[] { 4 });
        Assert.Equal(4, await ReadAsync(client));
    }

    [Fact]
    public async Task A_link_that_refuses_breaks_old_and_new_connections()
    {
        (Socket client, _) = await ConnectAsync();
        await relay.SayAsync(0, "refuse");
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(client));
        using Socket another = new(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await another.ConnectAsync(IPAddress.Loopback, relay.Ports[0]);
            await ReadAsync(another);
        });
    }

    [Fact]
    public async Task A_killed_proxy_breaks_every_connection_and_comes_back_on_its_port()
    {
        (Socket client, _) = await ConnectAsync();
        bool ended = false;
        await relay.KillAsync(TimeSpan.Zero, () => ended = true);
        Assert.True(ended);
        Assert.Equal(-1, await EndAsync(client));
        (client, Socket behind) = await ConnectAsync();
        await client.SendAsync(new byte[] { 5 });
        Assert.Equal(5, await ReadAsync(behind));
    }

    private async Task<(Socket Client, Socket Behind)> ConnectAsync()
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        Task<Socket> accepting = server.AcceptSocketAsync();
        await client.ConnectAsync(IPAddress.Loopback, relay.Ports[0]);
        return (client, await accepting.WaitAsync(Patience));
    }

    private static async Task<int> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[1];
        int count = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
        return count == 0 ? -1 : buffer[0];
    }

    /// <summary>Reads until the end, which a killed process may make in two ways.</summary>
    private static async Task<int> EndAsync(Socket socket)
    {
        try
        {
            return await ReadAsync(socket);
        }
        catch (SocketException)
        {
            return -1;
        }
    }
}
