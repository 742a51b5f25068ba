namespace Settlement.Ledger.Nodes;

/// <summary>What a node says of itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it listens. A process that is started again under the same name and address takes the place of the one
/// before.</param>
/// <param name="Instance">The process: new at each start.</param>
/// <param name="Watches">Whether somebody looks at the nodes through this one.</param>
/// <param name="Report">The rest, a JSON object. The ledger keeps it and does not read it.</param>
public sealed record NodeEntry(string Name, string Address, Guid Instance, bool Watches, string Report);

/// <summary>A node as the register knows it.</summary>
/// <param name="Entry">What it said last.</param>
/// <param name="Silence">How long ago, by the register's clock.</param>
public sealed record HeardNode(NodeEntry Entry, TimeSpan Silence);

/// <summary>
/// The nodes that share a ledger, as each tells of itself, for people to look at. Nothing is decided by it: what keeps two nodes from
/// writing the same is the key of the entries. All members are safe to call from any thread.
/// </summary>
/// <exception cref="LedgerException">Every member may fail so when the database cannot be reached, or refuses.</exception>
public interface INodeRegister : IAsyncDisposable
{
    /// <summary>Writes what a node says of itself, and drops the others that have been silent for longer than
    /// <see cref="NodeRegister.Remembered"/>.</summary>
    /// <returns>Whether somebody looks through another node.</returns>
    Task<bool> ReportAsync(NodeEntry entry, CancellationToken cancellation = default);

    /// <summary>All nodes, by name and address.</summary>
    Task<IReadOnlyList<HeardNode>> ReadAsync(CancellationToken cancellation = default);

    /// <summary>Takes a node away that ends, unless another process has its place already.</summary>
    Task RemoveAsync(NodeEntry entry, CancellationToken cancellation = default);
}
