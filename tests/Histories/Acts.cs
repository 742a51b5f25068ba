using Settlement.Policy;

namespace Settlement.Tests.Histories;

/// <summary>Something that is done with a person; it may be refused. Written out, it reads like a note.</summary>
public abstract record Act;

/// <summary>A claim is settled.</summary>
public sealed record SettleAct(Claim Claim) : Act
{
    /// <inheritdoc/>
    public override string ToString() => $"settle {Words.Of(Claim)}";
}

/// <summary>A claim is quoted, which must move nothing.</summary>
public sealed record QuoteAct(Claim Claim) : Act
{
    /// <inheritdoc/>
    public override string ToString() => $"quote {Words.Of(Claim)}";
}

/// <summary>A fact is registered in between.</summary>
public sealed record RecordAct(Fact Fact) : Act
{
    /// <inheritdoc/>
    public override string ToString() => $"record {Words.Of(Fact)}";
}

/// <summary>Who asks for a reversal.</summary>
public enum ReversedBy
{
    /// <summary>The agency.</summary>
    Agency,

    /// <summary>The facility that settled (of assistance claimed later: the agency).</summary>
    Owner,

    /// <summary>A facility that has nothing to do with it.</summary>
    Stranger,
}

/// <summary>
/// An entry is reversed: of the settlements and assistance claimed later, the newest but <c>Back</c>, whether it stands or not.
/// </summary>
public sealed record ReverseAct(int Back, ReversedBy By) : Act
{
    /// <inheritdoc/>
    public override string ToString() => $"reverse {Words.NewestBut(Back)} by {By}";
}

/// <summary>Assistance is claimed by hand for a settlement: the newest but <c>Back</c>, whether it was withheld or not.</summary>
public sealed record AssistLaterAct(int Back) : Act
{
    /// <inheritdoc/>
    public override string ToString() => $"claim assistance later for {Words.NewestBut(Back)}";
}

/// <summary>The grant of people impoverished by illness is applied for.</summary>
public sealed record GrantAct(DateOnly AppliedOn) : Act
{
    /// <inheritdoc/>
    public override string ToString() => $"apply for the grant on {AppliedOn:yyyy-MM-dd}";
}
