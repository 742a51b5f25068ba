using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Settlement.Compat.Grpc.Common;

/// <summary>Compresses and decompresses whole messages.</summary>
internal sealed class MessageCompression
{
    private const int CopySize = 16 * 1024;

    private static readonly Status TooBig = new(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");
    private readonly Dictionary<string, ICompressionProvider> providers;

    internal MessageCompression(IEnumerable<ICompressionProvider>? providers = null)
    {
        this.providers = (providers ?? []).ToDictionary(provider => provider.EncodingName, StringComparer.Ordinal);
        this.providers.TryAdd("gzip", new GzipCompressionProvider(CompressionLevel.Fastest));
        this.providers.TryAdd("deflate", new DeflateCompressionProvider(CompressionLevel.Fastest));
        AcceptEncoding = string.Join(',', this.providers.Keys.Prepend(GrpcProtocol.Identity));
    }

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

    /// <summary>Decompresses a message into a new buffer.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: longer than allowed when decompressed. INTERNAL: the bytes are not of this encoding.</exception>
    internal ReadOnlySequence<byte> Decompress(string encoding, in ReadOnlySequence<byte> payload, int? maxSize)
    {
        // The length of a decompressed message is not known before: stop as soon as it exceeds the limit, not after.
        var output = new MemoryStream();
        byte[] chunk = ArrayPool<byte>.Shared.Rent(CopySize);
        try
        {
            using Stream decompressing = providers[encoding].CreateDecompressionStream(new MemoryStream(payload.ToArray(), writable: false));
            for (int count = decompressing.Read(chunk); count > 0; count = decompressing.Read(chunk))
            {
                output.Write(chunk, 0, count);
                if (output.Length > (maxSize ?? int.MaxValue))
                    throw new RpcException(TooBig);
            }
        }
        catch (InvalidDataException error)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Message is not valid {encoding} data.", error));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return new ReadOnlySequence<byte>(output.GetBuffer(), 0, (int)output.Length);
    }
}
