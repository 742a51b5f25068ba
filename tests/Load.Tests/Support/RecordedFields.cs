using System.Text;
using Settlement.Http2.Hpack;

namespace Settlement.Load.Tests.Support;

/// <summary>Keeps the fields of a header block as text.</summary>
internal readonly struct RecordedFields() : IHeaderSink
{
    public List<string> Fields { get; } = [];

    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Fields.Add($"{Encoding.ASCII.GetString(name)}: {Encoding.ASCII.GetString(value)}");

    /// <summary>The fields of a block.</summary>
    public static string[] Of(HpackDecoder decoder, ReadOnlySpan<byte> block)
    {
        RecordedFields sink = new();
        decoder.Decode(block, ref sink);
        return [.. sink.Fields];
    }
}
