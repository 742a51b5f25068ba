using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>Who pays. The person is the last: what no fund pays.</summary>
internal enum Payer
{
    Pooled,
    SeriousIllness,
    AssistanceBasic,
    AssistanceTilt,
    AssistanceOutpatient,
    AssistanceOther,
    Person,
}

/// <summary>
/// What each payer pays, in fen. Assistance claimed later and grants give the person money back: there the person's part is negative, and
/// the sum of all parts is nothing.
/// </summary>
internal readonly record struct Payments(
    long Pooled, long SeriousIllness, long AssistanceBasic, long AssistanceTilt, long AssistanceOutpatient, long AssistanceOther,
    long Person)
{
    /// <summary>Of a settlement.</summary>
    public static Payments OfSettlement(in Amounts amounts) => new(
        amounts.Pooled, amounts.SeriousIllness, amounts.AssistanceBasic, amounts.AssistanceTilt, amounts.AssistanceOutpatient,
        amounts.AssistanceOther,
        amounts.PersonPays);

    /// <summary>Of a claim that is refused: the person is left with all of it.</summary>
    public static Payments OfRefused(in Amounts amounts) => new() { Person = amounts.Total };

    /// <summary>Of assistance claimed later, or a grant.</summary>
    public static Payments OfAssistance(in Amounts amounts) => new(
        0, 0, amounts.AssistanceBasic, amounts.AssistanceTilt, amounts.AssistanceOutpatient, amounts.AssistanceOther, -amounts.Assistance);

    /// <summary>What all funds pay.</summary>
    public long Funds => Pooled + SeriousIllness + AssistanceBasic + AssistanceTilt + AssistanceOutpatient + AssistanceOther;

    /// <summary>What one payer pays.</summary>
    public long this[Payer payer] => payer switch
    {
        Payer.Pooled => Pooled,
        Payer.SeriousIllness => SeriousIllness,
        Payer.AssistanceBasic => AssistanceBasic,
        Payer.AssistanceTilt => AssistanceTilt,
        Payer.AssistanceOutpatient => AssistanceOutpatient,
        Payer.AssistanceOther => AssistanceOther,
        _ => Person,
    };

    public static Payments operator +(in Payments a, in Payments b) => new(
        a.Pooled + b.Pooled,
        a.SeriousIllness + b.SeriousIllness,
        a.AssistanceBasic + b.AssistanceBasic,
        a.AssistanceTilt + b.AssistanceTilt,
        a.AssistanceOutpatient + b.AssistanceOutpatient,
        a.AssistanceOther + b.AssistanceOther,
        a.Person + b.Person);
}

/// <summary>The same payments twice: as the ledger has them, and as the changed pack would have them.</summary>
internal readonly record struct Comparison(Payments Recorded, Payments WhatIf)
{
    /// <summary>By how much more (or less) a payer would pay.</summary>
    public long Difference(Payer payer) => WhatIf[payer] - Recorded[payer];

    /// <summary>By how much more (or less) all funds would pay: what the person gains or loses.</summary>
    public long FundsDifference => WhatIf.Funds - Recorded.Funds;

    public static Comparison operator +(in Comparison a, in Comparison b) => new(a.Recorded + b.Recorded, a.WhatIf + b.WhatIf);
}
