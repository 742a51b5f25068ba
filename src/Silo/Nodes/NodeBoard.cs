using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Settlement.Gateway.Draining;
using Settlement.Ledger;
using Settlement.Ledger.Nodes;
using Settlement.WebConsole.Metrics;
using Settlement.WebConsole.Nodes;

namespace Settlement.Silo.Nodes;

/// <summary>
/// This silo among those that share the ledger: what it tells of itself, and what the others told. A node measures only while somebody
/// looks, through whichever node: who looks is told with the next report.
/// </summary>
internal sealed class NodeBoard(
    INodeRegister register, LedgerWriter writer, LiveMetrics metrics, IServer server, Drain drain,
    ClusterSettings cluster, TimeProvider time, ILogger<NodeBoard> log) : INodeBoard
{
    // Longer than a page that renews itself leaves between two looks.
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(20);

    private readonly Guid instance = Guid.NewGuid();
    private readonly DateTimeOffset startedAt = Begun();
    private long lookedAt;
    private volatile bool othersWatch;
    private volatile bool isSilent;

    private bool Watches => Interlocked.Read(ref lookedAt) is not 0 and long at && time.GetElapsedTime(at) < Watch;

    /// <inheritdoc/>
    public async Task<NodeList> ReadAsync(CancellationToken cancellation = default)
    {
        Interlocked.Exchange(ref lookedAt, time.GetTimestamp());
        (NodeEntry own, NodeReport report) = Describe();
        Node here = new(own.Name, own.Address, report, TimeSpan.Zero, IsLost: false, IsThis: true);
        try
        {
            IReadOnlyList<HeardNode> heard = await register.ReadAsync(cancellation);
            IEnumerable<Node> others = heard.Where(node => (node.Entry.Name, node.Entry.Address) != (own.Name, own.Address)).Select(Read);
            return new NodeList([.. others.Append(here).OrderBy(node => node.Name).ThenBy(node => node.Address)], AreAll: true);
        }
        catch (LedgerException problem)
        {
            log.NodesUnknown(problem.Message);
            return new NodeList([here], AreAll: false);
        }
    }

    /// <summary>Tells the others of this node. That it cannot harms nothing else: it is logged, once until it can again.</summary>
    public async Task ReportAsync(CancellationToken cancellation)
    {
        try
        {
            othersWatch = await register.ReportAsync(Describe().Entry, cancellation);
            if (isSilent) log.NodeReportsAgain();
            isSilent = false;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // What is told is for people to look at: whatever goes wrong with it must not end the silo.
            if (!isSilent) log.NodeNotReported(problem);
            isSilent = true;
        }
    }

    /// <summary>Takes this node away from the others' sight.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        try
        {
            await register.RemoveAsync(Describe().Entry, cancellation);
        }
        catch (Exception problem) when (problem is LedgerException or OperationCanceledException)
        {
            log.NodeNotRemoved(problem.Message);
        }
    }

    private static DateTimeOffset Begun()
    {
        using Process process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUniversalTime();
    }

    private static Node Read(HeardNode heard) => new(
        heard.Entry.Name,
        heard.Entry.Address,
        JsonSerializer.Deserialize<NodeReport>(heard.Entry.Report) ?? new NodeReport(),
        heard.Silence,
        heard.Silence > NodeRegister.Patience,
        IsThis: false);

    private (NodeEntry Entry, NodeReport Report) Describe()
    {
        bool watches = Watches;
        NodeReport report = new()
        {
            ProcessId = Environment.ProcessId,
            Version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "",
            StartedAt = startedAt,
            IsDraining = drain.IsDraining,
            IsFailing = writer.IsFailing,
            Queue = writer.QueueLength,
            WorkingSet = Environment.WorkingSet,
            Figures = watches || othersWatch ? NodeFigures.Of(metrics.Read()) : null,
        };
        string name = cluster.NodeName.Length > 0 ? cluster.NodeName : Environment.MachineName;
        return (new NodeEntry(name, Address(), instance, watches, JsonSerializer.Serialize(report)), report);
    }

    /// <summary>Where HTTP is listened to: host and port. The address of gRPC stands before it.</summary>
    private string Address() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.LastOrDefault() is not { } address ? ""
        : Uri.TryCreate(address, UriKind.Absolute, out Uri? listening) ? listening.Authority
        : address;
}
