using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Settlement.Ledger;

/// <summary>
/// SHA-256 of what is short, as keys and most entries are. The framework asks OpenSSL for the algorithm, a context and its release each
/// time, which for a key takes seven times as long as hashing it. So the same library's own three functions are called, where it has them
/// (docs/decisions/short-hashes.md); everywhere else, and for what is long, the framework hashes. Either gives the same bytes.
/// </summary>
internal static unsafe class ShortHash
{
    /// <summary>Up to here: longer content would keep a garbage collection waiting, and the way in no longer counts.</summary>
    public const int MostBytes = 2048;

    // OpenSSL's SHA256_CTX has 112 bytes, on every platform and in every version since 0.9.8.
    private const int ContextBytes = 128;

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int> Begin;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int> Add;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int> End;

    static ShortHash()
    {
        // What the framework itself looks for; one that is loaded already is not loaded a second time.
        string[] names = OperatingSystem.IsLinux() ? ["libcrypto.so.3", "libcrypto.so.1.1"] : [];
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library)) continue;
            if (!NativeLibrary.TryGetExport(library, "SHA256_Init", out nint begin)
                || !NativeLibrary.TryGetExport(library, "SHA256_Update", out nint add)
                || !NativeLibrary.TryGetExport(library, "SHA256_Final", out nint end)) continue;
            Begin = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int>)begin;
            Add = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int>)add;
            End = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int>)end;
            return;
        }
    }

    /// <summary>Whether the library's own functions are called for what is short.</summary>
    public static bool IsNative => End is not null;

    /// <summary>Hashes content.</summary>
    /// <param name="content">Of any length.</param>
    /// <param name="digest">Takes 32 bytes.</param>
    /// <exception cref="ArgumentException">The digest has another length.</exception>
    public static void HashData(ReadOnlySpan<byte> content, Span<byte> digest)
    {
        if (digest.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException($"A digest has {SHA256.HashSizeInBytes} bytes, got {digest.Length}.", nameof(digest));
        if (!IsNative || content.Length > MostBytes || !TryHash(content, digest)) SHA256.HashData(content, digest);
    }

    private static bool TryHash(ReadOnlySpan<byte> content, Span<byte> digest)
    {
        byte* context = stackalloc byte[ContextBytes];
        fixed (byte* from = content)
        fixed (byte* to = digest)
            return Begin(context) == 1 && Add(context, from, (nuint)content.Length) == 1 && End(to, context) == 1;
    }
}
