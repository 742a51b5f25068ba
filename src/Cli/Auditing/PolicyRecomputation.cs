using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>
/// Computes every entry anew by the rules: from the account before it, what happened, and the pack that the entry names, as the ledger
/// kept it. Nothing is taken from the packs of this checkout.
/// </summary>
internal sealed class PolicyRecomputation(ILedgerStore store) : IRecomputation
{
    private readonly Dictionary<long, Adjudicator> adjudicators = new() { [0] = new Adjudicator(PolicyCatalogue.Of()) };

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(ViolationKind Kind, string Detail)>> CheckAsync(
        LedgerEntry? before, LedgerEntry entry, ReversedEntry? reversed, CancellationToken cancellation)
    {
        try
        {
            Account current = before is null ? Account.Empty : AccountCodec.Decode(before.AccountAfter.Span);
            PersonEvent happened = EventCodec.Decode(entry.Event.Span);
            Adjudicator adjudicator = await AdjudicatorAsync(entry.PackKey, cancellation);
            return [.. Compare(current, happened, entry, reversed, adjudicator)];
        }
        catch (PackMissingException missing)
        {
            return [(ViolationKind.Pack, missing.Message)];
        }
        catch (InvalidDataException error)
        {
            return [(ViolationKind.Content, $"the entry cannot be read: {error.Message}")];
        }
    }

    private static IEnumerable<(ViolationKind Kind, string Detail)> Compare(
        Account current, PersonEvent happened, LedgerEntry entry, ReversedEntry? reversed, Adjudicator adjudicator)
    {
        (Account? after, string? difference) = (happened, entry.Kind) switch
        {
            (ClaimSettled settled, LedgerEntryKind.Settlement) => Settle(current, settled.Claim, entry, adjudicator),
            (SettlementReversed taken, LedgerEntryKind.Reversal) => Reverse(current, taken, entry, reversed!),
            (FactsRecorded recorded, LedgerEntryKind.Registration or LedgerEntryKind.Facts) => Record(current, recorded, entry, adjudicator),
            _ => (null, $"a {entry.Kind} holds a {happened.GetType().Name}"),
        };
        if (difference is not null) yield return (ViolationKind.Recomputation, difference);
        if (after is null) yield break;
        if (!AccountCodec.Encode(after).AsSpan().SequenceEqual(entry.AccountAfter.Span))
            yield return (ViolationKind.Account, "the account after it is not the recomputed one");
        foreach (string excess in Caps.Exceeded(AccountCodec.Decode(entry.AccountAfter.Span), entry, adjudicator.Catalogue))
            yield return (ViolationKind.Cap, excess);
    }

    private static (Account? After, string? Difference) Settle(Account current, Claim claim, LedgerEntry entry, Adjudicator adjudicator)
    {
        Decision decision = adjudicator.Settle(current, claim, entry.Sequence);
        if (decision is Refusal refusal) return (null, $"the rules refuse it: {refusal.Code.Text()}");
        Adjudication settled = (Adjudication)decision;
        return (settled.After, Difference(settled, claim, entry));
    }

    private static string? Difference(Adjudication settled, Claim claim, LedgerEntry entry)
    {
        Amounts amounts = settled.Amounts;
        (string Name, long Entered, long Computed)[] figures =
        [
            ("total", entry.Total, amounts.Total),
            ("pooled", entry.Pooled, amounts.Pooled),
            ("seriousIllness", entry.SeriousIllness, amounts.SeriousIllness),
            ("assistanceBasic", entry.AssistanceBasic, amounts.AssistanceBasic),
            ("assistanceTilt", entry.AssistanceTilt, amounts.AssistanceTilt),
            ("assistanceOutpatient", entry.AssistanceOutpatient, amounts.AssistanceOutpatient),
            ("assistanceOther", entry.AssistanceOther, amounts.AssistanceOther),
            ("personPays", entry.PersonPays, amounts.PersonPays),
            ("benefitYear", entry.BenefitYear, settled.BenefitYear),
            ("region", entry.Region, claim.Region),
            ("visitType", entry.VisitType, (long)claim.VisitType),
            ("effectiveDate", entry.EffectiveDate.DayNumber, claim.DischargeDate.DayNumber),
        ];
        string[] differences = [.. figures.Where(figure => figure.Entered != figure.Computed)
            .Select(figure => $"{figure.Name} {figure.Entered}, recomputed {figure.Computed}")];
        return differences.Length == 0 ? null : string.Join("; ", differences);
    }

    private static (Account? After, string? Difference) Reverse(Account current, SettlementReversed taken, LedgerEntry entry, ReversedEntry reversed)
    {
        LedgerEntry target = reversed.Target;
        ReversalOutcome outcome = Reversals.Reverse(
            current,
            new SettledEntry(target.Origin, target.BenefitYear, target.Sequence, reversed.ReversedBefore),
            AccountCodec.Decode(reversed.BeforeTarget.AccountAfter.Span),
            AccountCodec.Decode(target.AccountAfter.Span),
            entry.Origin,
            entry.Sequence);
        if (outcome.Refusal is { } refusal) return (null, $"the rules refuse it: {refusal.Code.Text()}");
        return (outcome.After, taken.Sequence == target.Sequence && taken.By == entry.Origin
            ? null
            : $"the event takes back entry {taken.Sequence} by {taken.By}, the entry {target.Sequence} by {entry.Origin}");
    }

    private static (Account? After, string? Difference) Record(Account current, FactsRecorded recorded, LedgerEntry entry, Adjudicator adjudicator)
    {
        RecordOutcome outcome = adjudicator.Record(current, recorded.Facts.AsSpan(), recorded.Region, entry.Sequence);
        return outcome.Refusal is { } refusal ? (null, $"the rules refuse the facts: {refusal.Code.Text()}") : (outcome.After, null);
    }

    private async ValueTask<Adjudicator> AdjudicatorAsync(long packKey, CancellationToken cancellation)
    {
        if (adjudicators.TryGetValue(packKey, out Adjudicator? known)) return known;
        LedgerPack kept = await store.ReadPackAsync(packKey, cancellation) ?? throw new PackMissingException($"the ledger has no pack {packKey:x16}");
        try
        {
            Pack pack = Pack.FromArchive(kept.Archive.Span);
            if (pack.PackKey != packKey) throw new PackMissingException($"pack {packKey:x16} holds the content of {pack.PackKey:x16}");
            return adjudicators[packKey] = new Adjudicator(PolicyCatalogue.Of(pack));
        }
        catch (InvalidPackException error)
        {
            throw new PackMissingException($"pack {packKey:x16} cannot be read: {error.Message}");
        }
    }

    private sealed class PackMissingException(string message) : Exception(message);
}
