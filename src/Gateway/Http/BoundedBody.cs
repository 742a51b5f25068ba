using System.Buffers;
using Microsoft.AspNetCore.Http;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Http;

/// <summary>Bodies of HTTP requests, never more of them than allowed.</summary>
internal static class BoundedBody
{
    private const int Piece = 16 * 1024;

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="RefusalException">REQUEST_TOO_LARGE: it is larger than allowed.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes) throw TooLarge(maxBytes);
        using MemoryStream body = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
            {
                if (body.Length + read > maxBytes) throw TooLarge(maxBytes);
                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static RefusalException TooLarge(int maxBytes) => new(new RefusalInfo(
        RefusalCodes.RequestTooLarge,
        $"The request is larger than {maxBytes} bytes.",
        $"请求超过{maxBytes}字节。",
        new Dictionary<string, string> { ["field"] = "body", ["rule"] = $"at most {maxBytes} bytes" }));
}
