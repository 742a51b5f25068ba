using System.Text;
using Settlement.Http2;
using Settlement.Http2.Hpack;
using Settlement.Load.Tests.Support;

namespace Settlement.Load.Tests.Hpack;

/// <summary>Header blocks as in RFC 7541, appendix C.</summary>
public sealed class HpackDecoderTests
{
    private static readonly string[] First =
        [":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"];

    private static readonly string[] Second =
        [":status: 307", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"];

    private static readonly string[] Third =
    [
        ":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT", "location: https://www.example.com",
            "content-encoding: gzip",
        "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ];

    /// <summary>C.5: three responses, a table of 256 bytes, which drops its oldest fields.</summary>
    [Fact]
    public void Responses_in_plain_text_fill_and_empty_the_table() => Responses(
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541"
        + "585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31");

    /// <summary>C.6: the same in Huffman code.</summary>
    [Fact]
    public void Responses_in_huffman_code_give_the_same() => Responses(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007");

    [Fact]
    public void Every_byte_has_a_code_and_the_code_is_complete()
    {
        // Kraft: a prefix code that leaves no bit sequence without meaning, the end mark included.
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        foreach (byte value in all)
        {
            byte[] plain = new byte[1];
            Assert.Equal(1, HuffmanCode.Decode(HuffmanText.Encode([value]), plain));
            Assert.Equal(value, plain[0]);
        }

        byte[] decoded = new byte[256];
        Assert.Equal(256, HuffmanCode.Decode(HuffmanText.Encode(all), decoded));
        Assert.Equal(all, decoded);
    }

    [Fact]
    public void A_field_larger_than_the_table_empties_it()
    {
        HpackDecoder decoder = new(tableSize: 64);
        Assert.Equal(["a: b"], RecordedFields.Of(decoder, Convert.FromHexString("40016101" + "62")));
        Assert.Equal(["a: b"], RecordedFields.Of(decoder, [0x80 | 62]));
        string longValue = new('x', 40);
        byte[] large = [0x40, 1, (byte)'c', 40, .. Encoding.ASCII.GetBytes(longValue)];
        Assert.Equal([$"c: {longValue}"], RecordedFields.Of(decoder, large));
        Assert.Throws<Http2Exception>(() => RecordedFields.Of(decoder, [0x80 | 62]));
    }

    [Fact]
    public void Many_small_fields_are_found_by_their_age()
    {
        HpackDecoder decoder = new();
        for (int i = 0; i < 100; i++) RecordedFields.Of(decoder, [0x40, 1, (byte)'n', 2, .. Encoding.ASCII.GetBytes($"{i:D2}")]);
        Assert.Equal(["n: 99"], RecordedFields.Of(decoder, [0x80 | 62]));
        Assert.Equal(["n: 40"], RecordedFields.Of(decoder, [0x80 | 121]));
    }

    [Theory]
    [InlineData("80", "field 0")]
    [InlineData("be", "field 62")]
    [InlineData("7f", "middle of a number")]
    [InlineData("7fffffffffffff", "too large")]
    [InlineData("0001", "middle of a text")]
    [InlineData("00", "middle of a field")]
    [InlineData("3fe21f", "4096 were offered")]
    [InlineData("00816001" + "61", "middle of a code")]
    [InlineData("0084ffffffff0161", "end mark")]
    public void A_broken_block_is_refused(string block, string why)
    {
        Http2Exception error = Assert.Throws<Http2Exception>(() => RecordedFields.Of(new HpackDecoder(), Convert.FromHexString(block)));
        Assert.Contains(why, error.Message);
    }

    private static void Responses(params string[] blocks)
    {
        HpackDecoder decoder = new(tableSize: 256);
        Assert.Equal(First, RecordedFields.Of(decoder, Convert.FromHexString(blocks[0])));
        Assert.Equal(Second, RecordedFields.Of(decoder, Convert.FromHexString(blocks[1])));
        Assert.Equal(Third, RecordedFields.Of(decoder, Convert.FromHexString(blocks[2])));
    }
}
