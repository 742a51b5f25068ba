namespace Settlement.Ledger;

/// <summary>Checks of arguments that both stores share.</summary>
internal static class StoreArguments
{
    public const int MaxLimit = 10_000;

    public static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, $"The limit must be between 1 and {MaxLimit}.");
    }

    public static void CheckPack(long packKey, byte[] sha256, string name, byte[] archive)
    {
        ArgumentOutOfRangeException.ThrowIfZero(packKey);
        ArgumentNullException.ThrowIfNull(sha256);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(archive);
        if (!LedgerHash.Of(archive).ToArray().AsSpan().SequenceEqual(sha256))
            throw new LedgerException($"Pack {packKey} ({name}): the archive does not have the SHA-256 that was given with it.");
    }

    public static LedgerException PackTaken(long packKey, string name, string kept) =>
        new($"Pack key {packKey} of {name} is taken by another pack: {kept}. The key must be derived from the pack's content.");
}
