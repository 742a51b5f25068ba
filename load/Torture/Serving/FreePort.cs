using System.Net;
using System.Net.Sockets;

namespace Settlement.Torture.Serving;

/// <summary>Ports of loopback that nobody listens on.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
