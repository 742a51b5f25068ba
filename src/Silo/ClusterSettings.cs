using System.Net;

namespace Settlement.Silo;

/// <summary>How silos find each other, section <c>Cluster</c>.</summary>
public sealed class ClusterSettings
{
    /// <summary>Name of the service: grains of one service share an identity across deployments.</summary>
    public string ServiceId { get; set; } = "settlement";

    /// <summary>Name of this deployment's cluster.</summary>
    public string ClusterId { get; set; } = "settlement";

    /// <summary>Name under which people see this silo among those that share the ledger; the machine's when empty.</summary>
    public string NodeName { get; set; } = "";

    /// <summary><c>localhost</c>: one silo. <c>adonet</c>: Orleans' membership in PostgreSQL, for the packages stack.</summary>
    public string Membership { get; set; } = "localhost";

    /// <summary>PostgreSQL connection of the membership table and the facility registry; the ledger's when empty.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Address or host name under which other silos and clients reach this one, for <c>adonet</c>; this machine's own when empty.
    /// </summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>Port on which silos reach each other; 0, with <c>localhost</c>, for any free one.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port on which Orleans clients reach the silo; 0, with <c>localhost</c>, for any free one.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// Port under which other silos reach this one, for <c>adonet</c>, where a NAT or a container's mapping changes it; 0:
    /// <see cref="SiloPort"/>.
    /// </summary>
    public int AdvertisedSiloPort { get; set; }

    /// <summary>The same for Orleans clients; 0: <see cref="GatewayPort"/>.</summary>
    public int AdvertisedGatewayPort { get; set; }

    /// <summary>
    /// How long a silo may take to answer another that asks whether it lives, for <c>adonet</c>. Who misses several is voted out.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a person may be idle before the activation is dropped.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Managed memory, in MiB, above which persons are dropped before their time, those idle longest first. 0: four fifths of what the
    /// process may use of its machine or container.
    /// </summary>
    public int MemoryLimitMiB { get; set; }

    /// <summary>How often the use of memory is looked at.</summary>
    public TimeSpan MemoryPollingPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a caller waits for a grain before the outcome counts as unknown.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    public void Validate()
    {
        if (Membership is not ("localhost" or "adonet"))
            throw new InvalidOperationException($"Cluster:Membership is '{Membership}': expected localhost or adonet.");
        int least = Membership == "localhost" ? 0 : 1;
        CheckPort(nameof(SiloPort), SiloPort, least);
        CheckPort(nameof(GatewayPort), GatewayPort, least);
        CheckPort(nameof(AdvertisedSiloPort), AdvertisedSiloPort, 0);
        CheckPort(nameof(AdvertisedGatewayPort), AdvertisedGatewayPort, 0);
        if (ProbeTimeout < TimeSpan.FromMilliseconds(100))
            throw new InvalidOperationException($"Cluster:ProbeTimeout is {ProbeTimeout}: it must be at least 100 milliseconds.");
        if (CollectionAge < TimeSpan.FromMinutes(2))
            throw new InvalidOperationException($"Cluster:CollectionAge is {CollectionAge}: it must be at least two minutes.");
        if (MemoryLimitMiB < 0)
            throw new InvalidOperationException($"Cluster:MemoryLimitMiB is {MemoryLimitMiB}: it must be 0 or more.");
        if (MemoryPollingPeriod < TimeSpan.FromMilliseconds(10))
            throw new InvalidOperationException(
                $"Cluster:MemoryPollingPeriod is {MemoryPollingPeriod}: it must be at least 10 milliseconds.");
        if (ResponseTimeout < TimeSpan.FromSeconds(1))
            throw new InvalidOperationException($"Cluster:ResponseTimeout is {ResponseTimeout}: it must be at least one second.");
    }

    private void CheckPort(string name, int port, int least)
    {
        if (port < least || port > IPEndPoint.MaxPort)
            throw new InvalidOperationException(
                $"Cluster:{name} is {port}: with Cluster:Membership {Membership} it must be between {least} and {IPEndPoint.MaxPort}.");
    }
}
