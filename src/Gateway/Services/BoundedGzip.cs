using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Settlement.Gateway.Services;

/// <summary>
/// <c>gzip</c> that trusts nobody. gRPC for .NET bounds a message as it comes over the wire, so a few kilobytes could inflate to gigabytes:
/// here inflating stops at the bound. And an empty message becomes a complete gzip member, where .NET's own stream writes nothing at all,
/// which other decoders (zlib in Node.js) refuse.
/// </summary>
/// <param name="maxBytes">Longest message after decompression, in bytes.</param>
public sealed class BoundedGzip(int maxBytes) : ICompressionProvider
{
    /// <inheritdoc/>
    public string EncodingName => "gzip";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new Deflating(stream, compressionLevel ?? CompressionLevel.Fastest);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) =>
        new Inflating(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), maxBytes);

    private sealed class Inflating(GZipStream inner, int maxBytes) : OneWayStream
    {
        private long total;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            int count = Inflate(buffer);
            total += count;
            return total <= maxBytes
                ? count
                : throw new RpcException(new Status(
                    StatusCode.ResourceExhausted,
                    $"The request is longer than {maxBytes} bytes when decompressed (Gateway:MaxRequestBytes)."));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Inflate(Span<byte> buffer)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (InvalidDataException error)
            {
                throw new RpcException(
                    new Status(StatusCode.InvalidArgument, "The request says that it is compressed with gzip, but is not.", error));
            }
        }
    }

    private sealed class Deflating(Stream output, CompressionLevel level) : OneWayStream
    {
        private GZipStream? inner;

        public override bool CanWrite => true;

        // RFC 1952: header (deflate, unknown system), one final empty block with fixed codes, CRC-32 and length, both zero.
        private static ReadOnlySpan<byte> EmptyMember => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.IsEmpty) return;
            inner ??= new GZipStream(output, level, leaveOpen: true);
            inner.Write(buffer);
        }

        public override void Flush() => inner?.Flush();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                if (inner is null) output.Write(EmptyMember);
                else inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
