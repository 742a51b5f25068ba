namespace Settlement.Ledger.Writing;

/// <summary>FNV-1a over UTF-16: the same person meets the same writer in every process, which string.GetHashCode does not give.</summary>
internal static class StableHash
{
    public static uint Of(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        // The low bits of FNV over digits alone are uneven: fold the high ones in.
        return hash ^ (hash >> 16);
    }
}
