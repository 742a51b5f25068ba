namespace Settlement.GatewayHost;

/// <summary>Which cluster the gateway is a client of, section <c>Cluster</c>; the same names as the silos'.</summary>
public sealed class ClusterClientSettings
{
    /// <summary>Name of the service, as the silos have it.</summary>
    public string ServiceId { get; set; } = "settlement";

    /// <summary>Name of the cluster, as the silos have it.</summary>
    public string ClusterId { get; set; } = "settlement";

    /// <summary>PostgreSQL connection of the silos' membership table.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long a caller waits for a grain before the outcome counts as unknown.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    public void Validate()
    {
        if (ConnectionString.Length == 0)
            throw new InvalidOperationException(
                "Cluster:ConnectionString is missing: a gateway of its own finds the silos in their membership table.");
        if (ResponseTimeout < TimeSpan.FromSeconds(1))
            throw new InvalidOperationException($"Cluster:ResponseTimeout is {ResponseTimeout}: it must be at least one second.");
    }
}
