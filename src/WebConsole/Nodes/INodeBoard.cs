using Settlement.WebConsole.Metrics;

namespace Settlement.WebConsole.Nodes;

/// <summary>What is known of the nodes that share the ledger. The host of the console brings it.</summary>
public interface INodeBoard
{
    /// <summary>All nodes: the one that answers as it is now, the others as they told last.</summary>
    Task<NodeList> ReadAsync(CancellationToken cancellation = default);
}

/// <summary>The nodes that share the ledger.</summary>
/// <param name="Nodes">Each, by name and address.</param>
/// <param name="AreAll">False when the others could not be asked for: there may be more.</param>
public sealed record NodeList(IReadOnlyList<Node> Nodes, bool AreAll)
{
    /// <summary>Those that are not lost.</summary>
    public IEnumerable<Node> Heard => Nodes.Where(node => !node.IsLost);
}

/// <summary>One node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Report">What it told last.</param>
/// <param name="Silence">How long ago.</param>
/// <param name="IsLost">Whether it has been silent for too long: it fell, or cannot reach the database.</param>
/// <param name="IsThis">Whether it is the one that answers.</param>
public sealed record Node(string Name, string Address, NodeReport Report, TimeSpan Silence, bool IsLost, bool IsThis);

/// <summary>What a node tells of itself. Another version may tell more or less: what is not told has its default.</summary>
public sealed record NodeReport
{
    /// <summary>Number of the process.</summary>
    public int ProcessId { get; init; }

    /// <summary>Version of the program.</summary>
    public string Version { get; init; } = "";

    /// <summary>When the process began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether it has been asked to stop, and finishes what it has.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Whether its writer cannot reach the database.</summary>
    public bool IsFailing { get; init; }

    /// <summary>Appends waiting for the writer.</summary>
    public long Queue { get; init; }

    /// <summary>Memory of the process, in bytes.</summary>
    public long WorkingSet { get; init; }

    /// <summary>What it measured; null while it does not, as nobody has looked for a while.</summary>
    public NodeFigures? Figures { get; init; }
}

/// <summary>What a node measured over the last minute, or since it began to when that is less.</summary>
public sealed record NodeFigures
{
    /// <summary>Settlements and other entries made durable a second.</summary>
    public double DurablePerSecond { get; init; }

    /// <summary>Calls answered a second, streams aside.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>How many calls its latency is of.</summary>
    public long Calls { get; init; }

    /// <summary>Latency within which 99 of 100 calls were answered, in seconds.</summary>
    public double P99 { get; init; }

    /// <summary>Second writers refused.</summary>
    public long Fences { get; init; }

    /// <summary>The figures of a measurement; null before its first whole second.</summary>
    public static NodeFigures? Of(LiveSnapshot live) => live.Seconds == 0 ? null : new NodeFigures
    {
        DurablePerSecond = live.DurablePerSecond,
        CallsPerSecond = live.CallsPerSecond,
        Calls = live.Latency.Count,
        P99 = live.Latency.P99,
        Fences = live.Of("Fenced"),
    };
}
