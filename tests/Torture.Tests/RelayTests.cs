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
    public async Task Deafen_lets_answers_through_and_no_requests()
    {
        (Socket client, Socket behind) = await ConnectAsync();
        await relay.SayAsync(0, "deafen");
        await client.SendAsync(new byte[] { 6 });
        await behind.SendAsync(new byte[] { 7 });
        Assert.Equal(7, await ReadAsync(client));
        Assert.Equal(0, behind.Available);
        await relay.SayAsync(0, "open");
        Assert.Equal(6, await ReadAsync(behind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_said_of_one_process_holds_for_what_it_connected_before_and_later(bool before)
    {
        (Socket Client, Socket Behind)? old = before ? await ConnectAsync() : null;
        await relay.SayAsync(0, $"mute from {Environment.ProcessId}");
        (Socket client, Socket behind) = old ?? await ConnectAsync();
        await client.SendAsync(new byte[] { 8 });
        Assert.Equal(8, await ReadAsync(behind));
        await behind.SendAsync(new byte[] { 9 });
        await relay.SayAsync(0, $"reset from {Environment.ProcessId}");
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(client));
    }

    [Fact]
    public async Task What_is_said_of_another_process_does_not_hold()
    {
        (Socket client, Socket behind) = await ConnectAsync();
        await relay.SayAsync(0, $"refuse from {Environment.ProcessId + 1}");
        await client.SendAsync(new byte[] { 10 });
        Assert.Equal(10, await ReadAsync(behind));
        (client, behind) = await ConnectAsync();
        await client.SendAsync(new byte[] { 11 });
        Assert.Equal(11, await ReadAsync(behind));
    }

    [Fact]
    public async Task What_holds_for_all_and_for_one_process_holds_together()
    {
        (Socket client, Socket behind) = await ConnectAsync();
        await relay.SayAsync(0, $"deafen from {Environment.ProcessId}");
        await relay.SayAsync(0, "mute");
        await relay.SayAsync(0, $"open from {Environment.ProcessId}");
        await client.SendAsync(new byte[] { 12 });
        Assert.Equal(12, await ReadAsync(behind));
        await behind.SendAsync(new byte[] { 13 });
        await relay.SayAsync(0, "reset");
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(client));
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
