using Google.Protobuf.Reflection;
using Settlement.Contract;

namespace Settlement.Fuzz.Targets;

/// <summary>Reads what the server answers.</summary>
internal static class Answers
{
    private static readonly MethodDescriptor Follow = FeedReflection.Descriptor.Services[0].FindMethodByName("Follow");

    /// <summary>Whether the answer has no end of its own: a change feed waits for more. It did what it is for when it has begun.</summary>
    public static bool GoesOn(MethodDescriptor method) => method == Follow;

    /// <summary>
    /// The whole body; of an answer that goes on, as much as there is when <paramref name="begun"/> says that it has begun.
    /// </summary>
    public static async Task<byte[]> ReadAsync(
        MethodDescriptor method, HttpResponseMessage response, Func<ReadOnlyMemory<byte>, bool> begun, CancellationToken patience)
    {
        if (!GoesOn(method)) return await response.Content.ReadAsByteArrayAsync(patience);
        await using Stream stream = await response.Content.ReadAsStreamAsync(patience);
        using MemoryStream body = new();
        byte[] part = new byte[4096];
        while (!begun(body.GetBuffer().AsMemory(0, (int)body.Length)))
        {
            int read = await stream.ReadAsync(part, patience);
            if (read == 0) break;
            body.Write(part, 0, read);
        }

        return body.ToArray();
    }
}
