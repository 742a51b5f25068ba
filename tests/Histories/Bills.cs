using FsCheck;
using FsCheck.Fluent;
using Settlement.Policy;

namespace Settlement.Tests.Histories;

/// <summary>Days, facilities and bills. Amounts in fen.</summary>
internal static class Bills
{
    public const int Beijing = 110100;
    public const int Taiwan = 710000;

    /// <summary>Small, odd, and large enough to reach every cap within a few claims.</summary>
    public static readonly Gen<long> Large = Gen.OneOf(
        Gen.Choose(0, 200).Select(v => (long)v),
        Gen.Choose(0, 10_000_000).Select(v => (long)v),
        Gen.Choose(0, 50_000_000).Select(v => 2L * v));

    /// <summary>Near the limits of outpatient benefits; now and then near those of the funds.</summary>
    public static readonly Gen<long> Small = Gen.Frequency(
        (8, Gen.Choose(0, 30_000).Select(v => (long)v)),
        (2, Gen.Choose(0, 200_000).Select(v => (long)v)),
        (1, Large));

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    /// <summary>A day of a number of days from the first.</summary>
    public static Gen<DateOnly> DayFrom(string first, int days) => Gen.Choose(0, days - 1).Select(Day(first).AddDays);

    public static Gen<T> Maybe<T>(Gen<T> some, T none, int of = 2) => Gen.Frequency((1, some), (of - 1, Gen.Constant(none)));

    /// <summary>Totals with every part, most often nothing beside what is in scope.</summary>
    public static Gen<ClaimTotals> Totals(Gen<long> inScopeOf) =>
        from inScope in inScopeOf
        from selfFunded in Maybe(Gen.Choose(0, 100_000), 0)
        from overLimit in Maybe(Gen.Choose(0, 100_000), 0)
        from preSelfPay in Maybe(inScopeOf, 0L)
        from notCounted in Gen.Choose(0, 100)
        select new ClaimTotals(inScope + selfFunded + overLimit
            + preSelfPay, selfFunded, overLimit, preSelfPay, preSelfPay * notCounted / 100, inScope);

    /// <summary>The claim with one to four fee lines for its bill.</summary>
    public static Gen<Claim> InLines(Claim claim) =>
        from lines in Line.ArrayOf(4)
        from count in Gen.Choose(1, 4)
        select claim with { Totals = null, GeneralFee = 0,
            Lines = [.. lines.Take(count).Select((line, i) => line with { Code = $"L{i + 1}" })] };

    private static readonly Gen<FeeLine> Line =
        from catalogue in Gen.Elements(Enum.GetValues<CatalogueClass>())
        from price in Gen.Choose(1, 900_000)
        from quantity in Gen.Choose(1, 9)
        from share in Gen.Elements(500, 1000, 1500, 3333)
        from limit in Maybe(Gen.Choose(1, 900_000).Select(l => (long?)l), null, of: 3)
        from notCounted in Gen.Elements(true, false)
        from treatment in Gen.Elements(true, false)
        select catalogue == CatalogueClass.B
            ? new FeeLine("L", catalogue, price, quantity, share, limit, notCounted, treatment)
            : new FeeLine("L", catalogue, price, quantity, Limit: limit, Treatment: treatment);

    public static Facility At(FacilityLevel level, int division) => new()
    {
        Code = $"H{division}{(int)level}",
        Level = level,
        Division = division,
        Designated = true,
        AssistanceDesignated = true,
    };

    /// <summary>What happens beside claims, in any city.</summary>
    public static (int Weight, Gen<Act> Act)[] Between(Gen<Claim> claims, Gen<Fact> facts, Gen<DateOnly> days) =>
    [
        (14, claims.Select(Act (c) => new SettleAct(c))),
        (2, claims.Select(Act (c) => new QuoteAct(c))),
        (2, facts.Select(Act (f) => new RecordAct(f))),
        (3, from back in Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Choose(0, 5)))
            from asker in Gen.Frequency(
                (3, Gen.Constant(ReversedBy.Agency)), (3, Gen.Constant(ReversedBy.Owner)), (1, Gen.Constant(ReversedBy.Stranger)))
            select (Act)new ReverseAct(back, asker)),
        (2, Gen.Choose(0, 3).Select(Act (back) => new AssistLaterAct(back))),
        (2, days.Select(Act (day) => new GrantAct(day))),
    ];
}
