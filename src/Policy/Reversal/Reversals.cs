namespace Settlement.Policy;

/// <summary>What the ledger says of the settlement to be reversed. <c>Facility</c> made it; <c>Sequence</c> is its own.</summary>
public readonly record struct SettledEntry(string Facility, int BenefitYear, long Sequence, bool AlreadyReversed);

/// <summary>Account after a reversal, or the refusal.</summary>
public readonly record struct ReversalOutcome(Account? After, Refusal? Refusal);

/// <summary>Reversals (section 12).</summary>
public static class Reversals
{
    /// <summary>Who may reverse any settlement.</summary>
    public const string Agency = "AGENCY";

    /// <summary>
    /// Takes a settlement back: every counter loses exactly what the entry added, and the benefit year's tip becomes the one before it.
    /// Refused, in this order: <see cref="RefusalCode.AlreadyReversed"/>, <see cref="RefusalCode.NotAllowed"/> (neither the facility nor
    /// the agency),
    /// <see cref="RefusalCode.NotLatest"/> (a later settlement of the year stands in the way).
    /// </summary>
    public static ReversalOutcome Reverse(
        Account current, SettledEntry target, Account beforeTarget, Account afterTarget, string by, long sequence)
    {
        if (target.AlreadyReversed)
            return new(null, new Refusal(RefusalCode.AlreadyReversed));

        if (by != Agency && by != target.Facility)
            return new(null, new Refusal(RefusalCode.NotAllowed) { Field = "by" });

        var tip = current.TipOf(target.BenefitYear);
        if (tip != target.Sequence)
            return new(null, new Refusal(RefusalCode.NotLatest) { BlockedBy = tip });

        var (yearly, referenced) = CounterSet.Difference(beforeTarget.Counters, afterTarget.Counters);
        var counters = current.Counters.Add(yearly, referenced);
        return new(current.With(counters, target.BenefitYear, beforeTarget.TipOf(target.BenefitYear), sequence), null);
    }
}
