using System.Net;
using System.Net.Sockets;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Silos that are one cluster, with membership, registry and ledger in one PostgreSQL database.</summary>
internal static class SiloCluster
{
    public static async Task<List<TestSilo>> StartAsync(string database, int count)
    {
        List<TestSilo> silos = [];
        for (int i = 0; i < count; i++)
        {
            silos.Add(await TestSilo.StartAsync(
                "Ledger:Provider=postgres", $"Ledger:ConnectionString={database}", "Gateway:Insecure=true",
                "Cluster:Membership=adonet", "Cluster:AdvertisedAddress=127.0.0.1", $"Cluster:SiloPort={FreePort()}",
                    $"Cluster:GatewayPort={FreePort()}"));
        }

        return silos;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
