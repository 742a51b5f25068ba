using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>The packs that a ledger keeps, each read once.</summary>
internal sealed class LedgerPacks(ILedgerStore store)
{
    private readonly Dictionary<long, Pack> packs = [];

    /// <summary>The pack that entries name by a key.</summary>
    /// <exception cref="LedgerPackException">The ledger does not keep it, or not in order.</exception>
    public async ValueTask<Pack> FindAsync(long key, CancellationToken cancellation)
    {
        if (packs.TryGetValue(key, out Pack? known)) return known;
        LedgerPack kept = await store.ReadPackAsync(key, cancellation)
            ?? throw new LedgerPackException($"the ledger has no pack {key:x16}");
        try
        {
            Pack pack = Pack.FromArchive(kept.Archive.Span);
            return pack.PackKey == key
                ? packs[key] = pack
                : throw new LedgerPackException($"pack {key:x16} holds the content of {pack.PackKey:x16}");
        }
        catch (InvalidPackException error)
        {
            throw new LedgerPackException($"pack {key:x16} cannot be read: {error.Message}");
        }
    }
}

/// <summary>A pack of the ledger that is missing or damaged.</summary>
internal sealed class LedgerPackException(string message) : Exception(message);
