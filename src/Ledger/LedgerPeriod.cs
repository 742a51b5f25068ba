namespace Settlement.Ledger;

/// <summary>A part of the ledger by time of writing, in a table of its own.</summary>
/// <param name="Number">1, 2, 3 … in the order of writing.</param>
/// <param name="Label">What the operator called it when closing it; null while it is open.</param>
/// <param name="Table">The table that holds its entries.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="ClosedAt">When it was closed for good; null while it is open.</param>
/// <param name="Bytes">Bytes of the table with its indexes; 0 when the table is not in this database.</param>
/// <param name="Detached">What was recorded when it was detached; null while it is attached.</param>
public sealed record LedgerPeriod(
    int Number, string? Label, string Table, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, long Bytes, DetachedRecord? Detached);

/// <summary>What the ledger keeps on record of a detached period.</summary>
/// <param name="Entries">Entries in it.</param>
/// <param name="Persons">Persons with an entry in it; the newest entry of each was carried forward.</param>
/// <param name="LastPosition">Position of its last entry; null when it has none.</param>
/// <param name="Digest">SHA-256 over the hashes of all its entries.</param>
/// <param name="CarriedDigest">SHA-256 over the hashes of the entries that were carried forward.</param>
public sealed record DetachedRecord(long Entries, long Persons, long? LastPosition, LedgerHash Digest, LedgerHash CarriedDigest);

/// <summary>A request or charge that was accepted in a period which is detached now.</summary>
/// <param name="Period">Label of the period.</param>
/// <param name="ChargeGeneration">Generation of the charge; 0 where there is none.</param>
/// <param name="IsReversed">Whether the entry had been reversed.</param>
public sealed record ArchivedKey(string Period, int ChargeGeneration, bool IsReversed);

/// <summary>Where a person's attached entries begin: the newest entry of the detached periods, carried forward.</summary>
/// <param name="Newest">That entry.</param>
/// <param name="Period">Label of its period.</param>
/// <param name="ClosedAt">When that period was closed.</param>
public sealed record DetachedPart(LedgerEntry Newest, string Period, DateTimeOffset ClosedAt);

/// <summary>
/// The periods of a ledger that has them: PostgreSQL. Each change is one transaction, done as a whole or not at all, and waits its turn
/// behind others of its kind.
/// </summary>
/// <exception cref="LedgerException">What was asked does not do, or a lock was not to be had; the message says why. Nothing was
/// changed.</exception>
/// <exception cref="LedgerUnavailableException">The database did not answer; look at <see cref="ListAsync"/> before asking
/// again.</exception>
public interface ILedgerPeriods
{
    /// <summary>All periods, oldest first.</summary>
    Task<IReadOnlyList<LedgerPeriod>> ListAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Closes the open period for good and opens the next. Waits for the batches that are being written; those behind them go to the new
    /// period. Asking again with the same label is refused, so a repeat does no harm.
    /// </summary>
    /// <param name="label">What the closed period is called from now on: 1 to 30 letters, digits, dots, hyphens or underscores.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<LedgerPeriod> TurnAsync(string label, CancellationToken cancellation = default);

    /// <summary>
    /// Takes the oldest attached period, a closed one, off the ledger. Its table stays as it is, to be dumped and dropped by whoever may.
    /// Its keys and each person's newest entry of it are kept.
    /// </summary>
    Task<LedgerPeriod> DetachAsync(string label, CancellationToken cancellation = default);

    /// <summary>Puts the newest detached period back, after checking that its table is what was detached.</summary>
    Task<LedgerPeriod> AttachAsync(string label, CancellationToken cancellation = default);

    /// <summary>Checks what is kept of the detached periods against their records. Gives what is wrong, in words.</summary>
    Task<IReadOnlyList<string>> CheckDetachedAsync(CancellationToken cancellation = default);
}
