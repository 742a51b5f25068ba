namespace Settlement.Peers;

/// <summary>What to serve, section <c>Peer</c>.</summary>
internal sealed class PeerOptions
{
    /// <summary><c>grain</c>, <c>grain-rules</c>, <c>grain-state</c>, <c>row-lock</c> or <c>one-statement</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>An empty PostgreSQL database, for the peers that have one.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Connections to the database, all open from the begin.</summary>
    public int Pool { get; set; } = 32;
}
