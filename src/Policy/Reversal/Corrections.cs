namespace Settlement.Policy;

/// <summary>What became of a settlement in a correction.</summary>
public enum CorrectionOutcome : byte
{
    /// <summary>Settled again, with the corrected claim or its own.</summary>
    SettledAgain = 1,

    /// <summary>Taken back without replacement.</summary>
    TakenBack = 2,

    /// <summary>Assistance claimed later was claimed again.</summary>
    AssistedAgain = 3,

    /// <summary>Assistance claimed later fell away.</summary>
    AssistanceTakenBack = 4,

    /// <summary>All of them together.</summary>
    Total = 5,
}

/// <summary>
/// Corrections of an older settlement. They are ordinary reversals and settlements in a fixed order; what is a correction's own is that one
/// entry closes them.
/// </summary>
public static class Corrections
{
    /// <summary>The account after the closing entry: counters, facts and tips stay as the re-settlements left them.</summary>
    public static Account Close(Account account, long sequence) => account.With(account.Facts, sequence);

    /// <summary>
    /// Notices to the agency on a settlement that a correction replaced or took back: a grant that paid something had counted it, and would
    /// count it otherwise now.
    /// </summary>
    /// <param name="adjudicator">The rules.</param>
    /// <param name="account">Account with the grants.</param>
    /// <param name="before">The settlement as it stood: claim and amounts.</param>
    /// <param name="after">What stands in its place, or null.</param>
    public static ReversalNotice Notice(
        Adjudicator adjudicator, Account account, (Claim Claim, Amounts Amounts) before, (Claim Claim, Amounts Amounts)? after)
    {
        if (after is { } now && GrantSettlement.Of(before.Claim, before.Amounts) == GrantSettlement.Of(now.Claim, now.Amounts))
            return ReversalNotice.None;

        var notice = adjudicator.NoticeOnReversal(account, before.Claim);
        return notice == ReversalNotice.None && after is { } replaced ? adjudicator.NoticeOnReversal(account, replaced.Claim) : notice;
    }
}
