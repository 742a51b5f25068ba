using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Band of costs: a row of the matrix.</summary>
public enum CostBand : byte
{
    SelfFunded = 1,
    OverLimit = 2,
    PreSelfPay = 3,
    BelowDeductible = 4,
    GeneralFee = 5,

    /// <summary>Shared by the pooled fund at one ratio; the row gives it.</summary>
    Shared = 6,

    /// <summary>In scope, but above a cap of the benefit or of the year.</summary>
    AboveCap = 7,
}

/// <summary>A row: what of the total lies in the band, and who pays how much of it. Fen; the payers sum to <c>Total</c>.</summary>
public readonly record struct CostRow(
    CostBand Band,
    int RateBp,
    long From,
    long To,
    long Total,
    long Pooled,
    long SeriousIllness,
    long AssistanceBasic,
    long AssistanceTilt,
    long AssistanceOutpatient,
    long AssistanceOther,
    long Person);

/// <summary>The settlement slip: cost bands by payer. Rows sum to the total, columns to each payer's amount.</summary>
public sealed record CostMatrix(ImmutableArray<CostRow> Rows)
{
    internal static CostMatrix Of(Adjudication adjudication) => new([]);
}
