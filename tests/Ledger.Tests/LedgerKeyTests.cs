using FsCheck;
using FsCheck.Fluent;

namespace Settlement.Ledger.Tests;

public class LedgerKeyTests
{
    [Fact]
    public void The_same_request_always_has_the_same_key()
    {
        // Computed by an independent program and fixed for ever: stored entries and settlement ids depend on it.
        Assert.Equal("5HGQC896C9CANVQCQXS0KT53ZP", LedgerKey.ForRequest("H21010500001", "H21010500001202606151200000001").ToString());
        Assert.Equal("1HYQJ24TXAHDG699A5X5GFA3GB", LedgerKey.ForCharge("H21010500001", "visit-1", "batch-1").ToString());
    }

    [Fact]
    public void Parts_do_not_run_into_one_another()
    {
        Assert.NotEqual(LedgerKey.ForRequest("ab", "c"), LedgerKey.ForRequest("a", "bc"));
        Assert.NotEqual(LedgerKey.ForCharge("a", "b", ""), LedgerKey.ForRequest("a", "b"));
        Assert.NotEqual(LedgerKey.ForCharge("a", "bc", ""), LedgerKey.ForCharge("a", "b", "c"));
    }

    [Fact]
    public void Long_and_foreign_parts_are_taken_whole()
    {
        string longId = new('汉', 2000);
        Assert.NotEqual(LedgerKey.ForRequest("a", longId), LedgerKey.ForRequest("a", longId + "字"));
    }

    [Fact]
    public void Every_key_survives_its_text_its_bytes_and_its_uuid() => Prop.ForAll<Guid>(static uuid =>
    {
        LedgerKey key = LedgerKey.FromGuid(uuid);
        string text = key.ToString();
        Assert.Equal(LedgerKey.TextLength, text.Length);
        Assert.Equal(key, LedgerKey.Parse(text));
        Assert.Equal(key, LedgerKey.Parse(text.ToLowerInvariant()));
        Assert.Equal(key, LedgerKey.FromBytes(key.ToArray()));
        Assert.Equal(uuid, key.ToGuid());
        Assert.Equal(uuid.ToString("N"), Convert.ToHexStringLower(key.ToArray()));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_order_is_key_order() => Prop.ForAll<Guid, Guid>(static (left, right) =>
    {
        LedgerKey a = LedgerKey.FromGuid(left);
        LedgerKey b = LedgerKey.FromGuid(right);
        int byText = Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString()));
        int byBytes = Math.Sign(a.ToArray().AsSpan().SequenceCompareTo(b.ToArray()));
        Assert.Equal(byBytes, byText);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Look_alikes_are_understood()
    {
        Assert.Equal(LedgerKey.Parse("01101101101101101101101101"), LedgerKey.Parse("oiLOiLOiLOiLOiLOiLOiLOiLOi"));
    }

    [Theory]
    [InlineData("", "must have 26 characters, has 0")]
    [InlineData("0123456789ABCDEFGHJKMNPQR", "must have 26 characters, has 25")]
    [InlineData("0123456789ABCDEFGHJKMNPQRU", "character 26 is not one of")]
    [InlineData("01234-6789ABCDEFGHJKMNPQRS", "character 6 is not one of")]
    [InlineData("0123456789ABCDEFGHJKMNPQR汉", "character 26 is not one of")]
    [InlineData("80000000000000000000000000", "the first character must be 0 to 7")]
    public void A_text_that_is_no_key_is_refused_with_its_reason(string text, string reason)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => LedgerKey.Parse(text));
        Assert.Contains(reason, refusal.Message);
        Assert.False(LedgerKey.TryParse(text, out LedgerKey nothing));
        Assert.True(nothing.IsZero);
    }

    [Fact]
    public void The_largest_key_has_a_text()
    {
        LedgerKey largest = LedgerKey.FromBytes([.. Enumerable.Repeat((byte)0xFF, LedgerKey.ByteLength)]);
        Assert.Equal("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", largest.ToString());
        Assert.Equal(largest, LedgerKey.Parse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    }
}
