using Grpc.Core;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>Metadata travels both ways, text as it is and bytes under keys that end in "-bin".</summary>
public sealed class MetadataTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [Fact]
    public async Task Text_and_bytes_come_back_as_headers_and_as_trailers()
    {
        await using TestServer server = await TestServer.StartAsync();
        var sent = new Metadata { { "x-text", "plain ~ text" }, { "x-bytes-bin", AllBytes } };
        using AsyncUnaryCall<Text> call = server.Client().EchoAsync(new Text(), sent);

        await call;

        foreach (Metadata received in (Metadata[])[await call.ResponseHeadersAsync, call.GetTrailers()])
        {
            Assert.Equal("plain ~ text", received.GetValue("x-text"));
            Assert.Equal(AllBytes, received.GetValueBytes("x-bytes-bin") ?? []);
        }
    }

    [Fact]
    public async Task A_key_may_repeat()
    {
        await using TestServer server = await TestServer.StartAsync();
        var sent = new Metadata { { "x-many", "first" }, { "x-many", "second" } };
        using AsyncUnaryCall<Text> call = server.Client().EchoAsync(new Text(), sent);

        await call;

        string values = string.Join(',', call.GetTrailers().GetAll("x-many").Select(entry => entry.Value)).Replace(" ", "");
        Assert.Equal("first,second", values);
    }

    [Fact]
    public void Keys_are_lower_case_and_found_in_any_case()
    {
        var metadata = new Metadata { { "Some-Key", "value" } };

        Assert.Equal("some-key", metadata[0].Key);
        Assert.Equal("value", metadata.GetValue("SOME-KEY"));
        Assert.Null(metadata.Get("other"));
    }

    [Theory]
    [InlineData("white space")]
    [InlineData("schlüssel")]
    [InlineData("a:b")]
    public void A_key_with_other_characters_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata { { key, "value" } });

    [Fact]
    public void Text_and_bytes_keep_to_their_own_keys()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("x-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("x", AllBytes));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("x-bin", AllBytes).Value);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("x", "y"));
    }
}
