namespace Settlement.Ledger;

/// <summary>Something is wrong with the ledger; the message says what, in terms an operator can act on.</summary>
public class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The database cannot be reached, does not answer, or takes no writes: read-only, full, or refusing a statement. What was under way has
/// an unknown outcome.
/// </summary>
public sealed class LedgerUnavailableException(string message, Exception? inner = null) : LedgerException(message, inner);

/// <summary>What was asked for is, or may be, in a detached period.</summary>
public sealed class LedgerDetachedException(string period, string message) : LedgerException(message)
{
    /// <summary>Label of the period.</summary>
    public string Period { get; } = period;

    /// <summary>Of a reader by position: the last position of the period, behind which the attached entries begin; else null.</summary>
    public long? LastPosition { get; init; }

    /// <summary>Of a reader by position: the table that holds, or held, the period's entries; else null.</summary>
    public string? Table { get; init; }
}

/// <summary>The schema in the database is not one this program can use.</summary>
public sealed class LedgerSchemaException(string message, Exception? inner = null) : LedgerException(message, inner)
{
    /// <summary>The schema was changed while this program ran.</summary>
    internal static LedgerSchemaException Changed(string place, int found, int expected) => new(
        $"The ledger at {place} has schema version {found} now; this program knows version {expected}. Start the program that belongs to version {found}.");
}

/// <summary>An option, or a setting of the database, does not do.</summary>
public sealed class LedgerConfigurationException(string message, Exception? inner = null) : LedgerException(message, inner);
