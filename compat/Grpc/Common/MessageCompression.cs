using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Settlement.Compat.Grpc.Common;

/// <summary>Compresses and decompresses whole messages.</summary>
internal sealed class MessageCompression
{
    private readonly Dictionary<string, ICompressionProvider> providers;

    /// <param name="providers">The encodings; the first of a name counts.</param>
    internal MessageCompression(IEnumerable<ICompressionProvider> providers)
    {
        this.providers = providers.DistinctBy(provider => provider.EncodingName)
            .ToDictionary(provider => provider.EncodingName, StringComparer.Ordinal);
        AcceptEncoding = string.Join(',', this.providers.Keys.Prepend(GrpcProtocol.Identity));
    }

    /// <summary>The encodings that are there unless the application says otherwise.</summary>
    internal static ICompressionProvider[] Defaults =>
        [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)];

    /// <summary>What <c>grpc-accept-encoding</c> says.</summary>
    internal string AcceptEncoding { get; }

    internal bool Knows(string encoding) => providers.ContainsKey(encoding);

    /// <summary>Compresses a message into a new buffer.</summary>
    internal ReadOnlyMemory<byte> Compress(string encoding, ReadOnlySpan<byte> message, CompressionLevel? level = null)
    {
        var output = new MemoryStream();
        using (Stream compressing = providers[encoding].CreateCompressionStream(output, level))
            compressing.Write(message);
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>Decompresses a message into a new buffer, however long: as in grpc-dotnet, only a provider can bound it.</summary>
    /// <exception cref="RpcException">INTERNAL: the bytes are not of this encoding. Or what the provider throws.</exception>
    internal ReadOnlySequence<byte> Decompress(string encoding, in ReadOnlySequence<byte> payload)
    {
        var output = new MemoryStream();
        try
        {
            using Stream decompressing = providers[encoding]
                .CreateDecompressionStream(new MemoryStream(payload.ToArray(), writable: false));
            decompressing.CopyTo(output);
        }
        catch (InvalidDataException error)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Message is not valid {encoding} data.", error));
        }

        return new ReadOnlySequence<byte>(output.GetBuffer(), 0, (int)output.Length);
    }
}
