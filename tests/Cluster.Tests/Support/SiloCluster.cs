using System.Net;
using System.Net.Sockets;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Silos that are one cluster, with membership, registry and ledger in one PostgreSQL database.</summary>
internal static class SiloCluster
{
    /// <summary>Starts them, one after the other.</summary>
    /// <param name="database">PostgreSQL.</param>
    /// <param name="count">How many.</param>
    /// <param name="mapped">From a port on which a silo listens to the one under which others reach it; null: the same.</param>
    public static async Task<List<TestSilo>> StartAsync(string database, int count, Func<int, int>? mapped = null)
    {
        List<TestSilo> silos = [];
        for (int i = 0; i < count; i++)
        {
            (int silo, int gateway) = (FreePort(), FreePort());
            silos.Add(await TestSilo.StartAsync(
                "Ledger:Provider=postgres", $"Ledger:ConnectionString={database}", "Gateway:Insecure=true",
                "Cluster:Membership=adonet", "Cluster:AdvertisedAddress=127.0.0.1", $"Cluster:SiloPort={silo}",
                    $"Cluster:GatewayPort={gateway}", $"Cluster:AdvertisedSiloPort={mapped?.Invoke(silo) ?? 0}",
                    $"Cluster:AdvertisedGatewayPort={mapped?.Invoke(gateway) ?? 0}"));
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
