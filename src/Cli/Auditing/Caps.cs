using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>
/// The yearly caps, checked on the account which the entry keeps and read from the pack's own words: a second opinion beside the
/// recomputation, which looks at the account that the rules compute.
/// </summary>
internal static class Caps
{
    // Caps that hold for everybody. That of serious-illness insurance depends on the person's groups through the year.
    private static readonly (CounterId Counter, Parameter Cap, Func<LedgerEntry, long> Paid)[] Yearly =
    [
        (CounterId.PooledPaid, Parameter.PooledYearlyCap, entry => entry.Pooled),
        (CounterId.AssistanceBasicPaid, Parameter.AssistanceBasicCap, entry => entry.AssistanceBasic),
    ];

    /// <summary>The caps which a settlement exceeds. One that pays nothing exceeds none: a cap may be lowered within the year.</summary>
    public static IEnumerable<string> Exceeded(Account after, LedgerEntry entry, Pack pack)
    {
        if (entry.Kind != LedgerEntryKind.Settlement) yield break;
        foreach ((CounterId counter, Parameter parameter, Func<LedgerEntry, long> paidBy) in Yearly)
        {
            if (paidBy(entry) == 0) continue;
            if (pack.Find(Scheme.Resident, parameter)?.On(entry.EffectiveDate) is not { Unpublished: false, Cells: [{ } only] }
                || !TryReadYuan(only.Text, out long cap))
                continue;
            long paid = after.Counter(counter, entry.BenefitYear);
            if (paid > cap) yield return $"{CounterNames.NameOf(counter)} of {entry.BenefitYear} is {paid} fen, above the cap of {cap} fen";
        }
    }

    /// <summary>Reads whole yuan, or yuan with two decimals, as fen; other words, such as 'none', are no cap.</summary>
    internal static bool TryReadYuan(string text, out long fen)
    {
        string[] parts = text.Split('.');
        fen = 0;
        if (parts.Length > 2 || !long.TryParse(parts[0], out long yuan) || yuan < 0 || yuan > long.MaxValue / 1000) return false;
        int cents = 0;
        if (parts.Length == 2 && !(parts[1].Length == 2 && int.TryParse(parts[1], out cents) && cents >= 0)) return false;
        fen = yuan * 100 + cents;
        return true;
    }
}
