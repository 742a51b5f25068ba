using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>The void of a request that never arrived moves nothing.</summary>
public class VoidRuleTests
{
    [Fact]
    public void A_void_moves_nothing_but_the_sequence()
    {
        var settled = Person().Settle(Stay(FacilityLevel.Level3, 40_000)).After;
        var after = Voids.After(settled, settled.LastSequence + 1);

        Assert.Equal(settled.LastSequence + 1, after.LastSequence);
        Assert.True(settled.Counters.Yearly.SequenceEqual(after.Counters.Yearly));
        Assert.Equal(settled.Tips, after.Tips);
        Assert.Equal(settled.Facts, after.Facts);
        Assert.Empty(EntryVerifier.VerifyVoid(settled, AccountCodec.Encode(after), after.LastSequence));
        Assert.Equal(
            ViolationCode.AccountDiffers, Assert.Single(EntryVerifier.VerifyVoid(settled, AccountCodec.Encode(settled), after.LastSequence))
            .Code);
    }

    [Fact]
    public void Who_is_not_registered_is_not_registered_by_a_void()
    {
        var after = Voids.After(Account.Empty, 1);

        Assert.Equal((1, null), (after.LastSequence, after.Facts.BirthDate));
        Assert.Equal(after.LastSequence, AccountCodec.Decode(AccountCodec.Encode(after)).LastSequence);
    }
}
