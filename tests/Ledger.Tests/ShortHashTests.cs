using System.Security.Cryptography;
using System.Text;

namespace Settlement.Ledger.Tests;

/// <summary>A short hash is SHA-256, whichever way it is made.</summary>
public class ShortHashTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_examples_of_FIPS_180_hold(string text, string expected)
    {
        Assert.Equal(expected, Convert.ToHexStringLower(Hash(Encoding.ASCII.GetBytes(text))));
    }

    [Fact]
    public void Every_length_up_to_beyond_the_limit_agrees_with_the_framework()
    {
        byte[] content = new byte[ShortHash.MostBytes + 65];
        new Random(20260101).NextBytes(content);
        for (int length = 0; length <= content.Length; length++)
            Assert.Equal(SHA256.HashData(content.AsSpan(0, length)), Hash(content.AsSpan(0, length)));
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        Parallel.For(0, 2_000, number =>
        {
            byte[] content = Encoding.ASCII.GetBytes($"request {number}");
            Assert.Equal(SHA256.HashData(content), Hash(content));
        });
    }

    [Fact]
    public void A_digest_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ShortHash.HashData([1], new byte[31]));
    }

    /// <summary>The quick way is taken on the machines that this is measured and run on; without it nothing else would notice.</summary>
    [Fact]
    public void On_Linux_the_library_has_the_functions()
    {
        Assert.Equal(OperatingSystem.IsLinux(), ShortHash.IsNative);
    }

    private static byte[] Hash(ReadOnlySpan<byte> content)
    {
        byte[] digest = new byte[SHA256.HashSizeInBytes];
        ShortHash.HashData(content, digest);
        return digest;
    }
}
