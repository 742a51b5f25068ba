using System.Net.Sockets;

namespace Orleans.Hosting;

/// <summary>Where a silo is reached by others: not here.</summary>
public static class EndpointOptionsExtensions
{
    /// <summary>Refused at once: a silo of the stand-in has no others.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder,
        string? hostname,
        int siloPort,
        int gatewayPort,
        AddressFamily addressFamily = AddressFamily.InterNetwork,
        bool listenOnAnyHostAddress = false) => throw new NotSupportedException(AdoNetHostingExtensions.OneSiloOnly);
}
