using Settlement.Http2.Hpack;
using Settlement.Load.Tests.Support;

namespace Settlement.Load.Tests.Hpack;

/// <summary>What requests carry.</summary>
public sealed class RequestHeadersTests
{
    private static readonly KeyValuePair<string, string>[] Key = [new("authorization", "Bearer x")];

    private static readonly string[] Wanted =
    [
        ":method: POST", ":scheme: http", ":path: /settlement.v1.Settlement/Ping", ":authority: 127.0.0.1:5080",
            "content-type: application/grpc",
        "te: trailers", "authorization: Bearer x",
    ];

    [Fact]
    public void The_first_request_says_everything_and_the_later_ones_say_the_same_in_a_byte_a_field()
    {
        RequestHeaders headers = Encode(HpackDecoder.DefaultTableSize);
        HpackDecoder server = new();
        Assert.Equal(Wanted, RecordedFields.Of(server, headers.First));
        Assert.Equal(Wanted, RecordedFields.Of(server, headers.Next));
        Assert.Equal(Wanted, RecordedFields.Of(server, headers.Next));
        Assert.Equal(Wanted.Length, headers.Next.Length);
    }

    [Fact]
    public void A_server_that_keeps_no_table_gets_every_field_every_time()
    {
        RequestHeaders headers = Encode(serverTable: 0);
        HpackDecoder server = new(tableSize: 0);
        Assert.Equal(Wanted, RecordedFields.Of(server, headers.First));
        Assert.Equal(Wanted, RecordedFields.Of(server, headers.Next));
    }

    private static RequestHeaders Encode(int serverTable) =>
        RequestHeaders.Encode("127.0.0.1:5080", "/settlement.v1.Settlement/Ping", Key, serverTable);
}
