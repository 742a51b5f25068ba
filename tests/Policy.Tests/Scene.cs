namespace Settlement.Policy.Tests;

/// <summary>People and visits in a few words. Amounts are in yuan where a name says so, as in the documents.</summary>
internal static class Scene
{
    public const int Shenyang = 210100;
    public const int Beijing = 110100;
    public const int Shanghai = 310100;

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    /// <summary>A person covered from 2024 to 2027, of one insured category and any groups.</summary>
    public static Account Person(InsuredCategory category = InsuredCategory.Adult, params SocialGroup[] groups)
        => With(
            Account.Empty,
            [
                new BirthFact(Day("1980-05-20")),
                new InsuredFact(Day("2020-01-01"), category),
                .. Enumerable.Range(2023, 5).Select(year => new ContributionFact(year, new DateOnly(year - 1, 10, 15))),
                .. groups.Select(group => new GroupFact(group, Day("2021-01-01"))),
            ]);

    /// <summary>The account with more facts; they must be accepted.</summary>
    public static Account With(this Account account, params Fact[] facts)
    {
        var outcome = Repository.Adjudicator.Record(account, facts, Shenyang, account.LastSequence + 1);
        Assert.True(outcome.Refusal is null, $"{outcome.Refusal?.Code} {outcome.Refusal?.Field} {outcome.Refusal?.Expected}");
        return outcome.After!;
    }

    /// <summary>A designated facility.</summary>
    public static Facility At(FacilityLevel level, int division = Shenyang) => new()
    {
        Code = $"H{division}{(int)level}",
        Level = level,
        Division = division,
        Designated = true,
        AssistanceDesignated = true,
    };

    /// <summary>An admission of a week, all of its costs in scope.</summary>
    public static Claim Stay(FacilityLevel level, long inScopeYuan, string discharged = "2025-03-10", int division = Shenyang) => new()
    {
        Region = Shenyang,
        VisitType = VisitType.Inpatient,
        Facility = At(level, division),
        AdmissionDate = Day(discharged).AddDays(-6),
        DischargeDate = Day(discharged),
        Totals = new ClaimTotals(inScopeYuan * 100, 0, 0, 0, 0),
    };

    /// <summary>An outpatient visit, all of its costs in scope.</summary>
    public static Claim Visit(VisitType type, Facility facility, long inScopeYuan, string day = "2025-03-10") => new()
    {
        Region = Shenyang,
        VisitType = type,
        Facility = facility,
        DischargeDate = Day(day),
        Totals = new ClaimTotals(inScopeYuan * 100, 0, 0, 0, 0),
    };

    /// <summary>Totals by their parts, in yuan.</summary>
    public static ClaimTotals Totals(long inScope, long selfFunded = 0, long overLimit = 0, long preSelfPay = 0, long notCounted = 0)
        => new((inScope + selfFunded + overLimit + preSelfPay) * 100, selfFunded * 100, overLimit * 100, preSelfPay * 100, notCounted * 100,
            inScope * 100);

    public static Decision Decide(this Account account, Claim claim) =>
        Repository.Adjudicator.Settle(account, claim, account.LastSequence + 1);

    /// <summary>The settlement; the claim must not be refused.</summary>
    public static Adjudication Settle(this Account account, Claim claim)
    {
        var decision = account.Decide(claim);
        Assert.True(
            decision is Adjudication,
            $"refused: {(decision as Refusal)?.Code} {(decision as Refusal)?.Field} {(decision as Refusal)?.Parameter}");
        return (Adjudication)decision;
    }

    /// <summary>The account after settling claims one after the other.</summary>
    public static Account After(this Account account, params ReadOnlySpan<Claim> claims)
    {
        foreach (var claim in claims)
            account = account.Settle(claim).After;

        return account;
    }

    public static Refusal Refused(this Account account, Claim claim) => Assert.IsType<Refusal>(account.Decide(claim));

    /// <summary>Fen of an amount written in yuan.</summary>
    public static long Yuan(long yuan, int fen = 0) => (yuan * 100) + fen;

    public static byte[] Bytes(this Account account) => AccountCodec.Encode(account);
}
