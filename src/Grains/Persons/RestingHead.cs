using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Persons;

/// <summary>
/// A person's newest durable state between calls, encoded in a buffer that is used again and again. What hundreds of thousands of idle
/// persons hold lives long; as it points to nothing young, the garbage collector has nothing to follow or to move for them.
/// </summary>
internal struct RestingHead
{
    /// <summary>An account grows a little with most settlements: room for a few of them.</summary>
    private const int Spare = 16;

    private byte[]? account;
    private int accountLength;
    private LedgerHash hash;

    /// <summary>Sequence of the newest durable entry, 0 when the ledger knows nothing of the person.</summary>
    public int Sequence { get; private set; }

    /// <summary>Whether the person is registered (<see cref="PersonHead.IsRegistered"/>).</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>Keeps a head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="encoded">Its account as <see cref="AccountCodec"/> encodes it; copied.</param>
    public void Keep(PersonHead head, ReadOnlySpan<byte> encoded)
    {
        if (account is null || account.Length < encoded.Length) account = new byte[encoded.Length + Spare];
        encoded.CopyTo(account);
        accountLength = encoded.Length;
        hash = head.Hash;
        Sequence = head.Sequence;
        IsRegistered = head.IsRegistered;
    }

    /// <summary>The head as the rules need it.</summary>
    public readonly PersonHead Wake() => account is null
        ? PersonHead.Unknown
        : new PersonHead(Sequence, hash, AccountCodec.Decode(account.AsSpan(0, accountLength)));
}
