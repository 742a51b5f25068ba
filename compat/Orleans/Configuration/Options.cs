using System.Net;

namespace Orleans.Configuration;

/// <summary>The names of the cluster.</summary>
public class ClusterOptions
{
    /// <summary>Name when none is given.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>Name when none is given.</summary>
    public const string DefaultServiceId = "default";

    /// <summary>Silos with the same id form a cluster.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The service, over all its clusters and deployments.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

/// <summary>Options of calls.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Options of calls made in a silo.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How often a call is sent on to a newer activation before it is refused.</summary>
    public int MaxForwardCount { get; set; } = 2;
}

/// <summary>Options of calls made by a client outside the silos.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>When activations start and end.</summary>
public class GrainCollectionOptions
{
    /// <summary>How often idle activations are looked for. Must be more than zero.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an activation may be idle. Must be more than <see cref="CollectionQuantum"/>.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long <see cref="IGrainBase.OnActivateAsync"/> may take.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="IGrainBase.OnDeactivateAsync"/> may take.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether activations are ended before their age when the process uses too much memory.</summary>
    public bool EnableActivationSheddingOnMemoryPressure { get; set; }

    /// <summary>How often the use of memory is looked at. Must be more than zero.</summary>
    public TimeSpan MemoryUsagePollingPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Use of memory above which activations are ended, in per cent of what the process may have: 0 to 100.</summary>
    public double MemoryUsageLimitPercentage { get; set; } = 80;

    /// <summary>Use of memory that ending them aims at, in per cent: 0 to 100, below <see cref="MemoryUsageLimitPercentage"/>.</summary>
    public double MemoryUsageTargetPercentage { get; set; } = 75;
}

/// <summary>Where a silo is reached, and where it listens. Used with the real packages only.</summary>
public class EndpointOptions
{
    /// <summary>Address under which others reach the silo.</summary>
    public IPAddress AdvertisedIPAddress { get; set; } = null!;

    /// <summary>Where other silos are listened for; the advertised address and port when null.</summary>
    public IPEndPoint? SiloListeningEndpoint { get; set; }

    /// <summary>Where clients are listened for; the advertised address and port when null.</summary>
    public IPEndPoint? GatewayListeningEndpoint { get; set; }
}

/// <summary>How silos look whether others live. Used with the real packages only.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How long a silo may take to answer a probe.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Options of cluster membership in a database. Used with the real packages only.</summary>
public class AdoNetClusteringSiloOptions
{
    /// <summary>Connection string of the database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Name of the ADO.NET provider.</summary>
    public string Invariant { get; set; } = null!;
}

/// <summary>Options of cluster membership in a database, for a client. Used with the real packages only.</summary>
public class AdoNetClusteringClientOptions
{
    /// <summary>Connection string of the database.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Name of the ADO.NET provider.</summary>
    public string Invariant { get; set; } = null!;
}
