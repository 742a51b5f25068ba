using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Persons;

/// <summary>Where a person stands: the newest entry's sequence and hash, and the account after it.</summary>
internal sealed record PersonHead(int Sequence, LedgerHash Hash, Account Account)
{
    /// <summary>A person of whom the ledger knows nothing.</summary>
    public static PersonHead Unknown { get; } = new(0, LedgerHash.Zero, Account.Empty);

    /// <summary>Whether the person is registered: before the registration there are voids at most.</summary>
    public bool IsRegistered => Account.Facts.BirthDate is not null;

    /// <summary>The head that an entry of the ledger leaves.</summary>
    public static PersonHead After(LedgerEntry entry) =>
        new(entry.Sequence, entry.Hash, AccountCodec.Decode(entry.AccountAfter.Span));
}
