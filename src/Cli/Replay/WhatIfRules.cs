using Settlement.Cli.Auditing;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>Which rules decide an entry: the changed pack in its region from a day on, else the pack that the entry names.</summary>
internal sealed class WhatIfRules(Pack changed, DateOnly from, LedgerPacks packs)
{
    private readonly Adjudicator whatIf = new(PolicyCatalogue.Of(changed));
    private readonly Dictionary<long, Adjudicator> recorded = [];

    /// <summary>Whether an entry is the changed pack's to decide.</summary>
    public bool Change(LedgerEntry entry) => entry.Region == changed.Region && entry.EffectiveDate >= from;

    /// <summary>The rules for an entry.</summary>
    /// <exception cref="LedgerPackException">The ledger does not keep the pack that the entry names.</exception>
    public async ValueTask<Adjudicator> ForAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        if (Change(entry)) return whatIf;
        if (!recorded.TryGetValue(entry.PackKey, out Adjudicator? rules))
            recorded.Add(entry.PackKey, rules = new Adjudicator(PolicyCatalogue.Of(await packs.FindAsync(entry.PackKey, cancellation))));
        return rules;
    }
}
