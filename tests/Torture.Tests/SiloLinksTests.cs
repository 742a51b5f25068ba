using System.Net;
using System.Net.Sockets;
using Settlement.Torture.Relaying;

namespace Settlement.Torture.Tests;

/// <summary>A silo is cut off on its own link and in what it connected to others'. Here this process is a silo or a stranger.</summary>
public sealed class SiloLinksTests : IAsyncLifetime, IDisposable
{
    private const int Cut = 0;
    private const int Other = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly int Stranger = Environment.ProcessId + 1;
    private readonly TcpListener[] silos = [new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0)];
    private SiloLinks links = null!;

    public async Task InitializeAsync()
    {
        foreach (TcpListener silo in silos) silo.Start();
        links = await SiloLinks.StartAsync([.. silos.Select(static silo => ((IPEndPoint)silo.LocalEndpoint).Port)]);
    }

    public async Task DisposeAsync() => await links.DisposeAsync();

    public void Dispose()
    {
        foreach (TcpListener silo in silos) silo.Dispose();
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_hears_nobody_and_others_hear_each_other()
    {
        await links.StartedAsync(Cut, Stranger);
        (Socket toCut, Socket atCut) = await ConnectAsync(Cut);
        (Socket toOther, Socket atOther) = await ConnectAsync(Other);
        await links.CutAsync(Cut, "hold", "hold");
        await toCut.SendAsync(new byte[] { 1 });
        await toOther.SendAsync(new byte[] { 2 });
        Assert.Equal(2, await ReadAsync(atOther));
        Assert.Equal(0, atCut.Available);
        await links.HealAsync(Cut, "open");
        Assert.Equal(1, await ReadAsync(atCut));
    }

    [Fact]
    public async Task Nobody_hears_what_it_says_on_connections_that_it_made()
    {
        await links.StartedAsync(Cut, Environment.ProcessId);
        (Socket toOther, Socket atOther) = await ConnectAsync(Other);
        await links.CutAsync(Cut, "mute", "deafen");
        await toOther.SendAsync(new byte[] { 3 });
        await atOther.SendAsync(new byte[] { 4 });
        Assert.Equal(4, await ReadAsync(toOther));
        Assert.Equal(0, atOther.Available);
        await links.HealAsync(Cut, "reset");
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(toOther));
    }

    [Fact]
    public async Task The_process_that_comes_after_it_is_cut_off_too_until_the_end()
    {
        await links.StartedAsync(Cut, Stranger);
        await links.CutAsync(Cut, "hold", "hold");
        await links.StartedAsync(Cut, Environment.ProcessId);
        (Socket toOther, Socket atOther) = await ConnectAsync(Other);
        await toOther.SendAsync(new byte[] { 5 });
        Assert.Equal(0, atOther.Available);
        await links.HealAsync(Cut, "open");
        Assert.Equal(5, await ReadAsync(atOther));
        (toOther, atOther) = await ConnectAsync(Other);
        await toOther.SendAsync(new byte[] { 6 });
        Assert.Equal(6, await ReadAsync(atOther));
    }

    private async Task<(Socket Client, Socket Behind)> ConnectAsync(int silo)
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        Task<Socket> accepting = silos[silo].AcceptSocketAsync();
        await client.ConnectAsync(IPAddress.Loopback, links.Ports[silo]);
        return (client, await accepting.WaitAsync(Patience));
    }

    private static async Task<int> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[1];
        int count = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
        return count == 0 ? -1 : buffer[0];
    }
}
