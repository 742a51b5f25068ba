using Microsoft.Extensions.Logging;

namespace Settlement.Ledger;

/// <summary>Every message the ledger logs, with its number. Persons appear masked or not at all.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(2001, LogLevel.Warning,
        "Ledger writer {Writer} did not learn the outcome of {Entries} entries; writing them again in {Pause} ms")]
    public static partial void WriterRetries(ILogger logger, int writer, int entries, double pause, Exception problem);

    [LoggerMessage(2002, LogLevel.Information, "Ledger writer {Writer} reaches the database again")]
    public static partial void WriterRecovered(ILogger logger, int writer);

    [LoggerMessage(2003, LogLevel.Error, "Ledger writer {Writer} gave up on {Entries} entries: whether they are durable is unknown")]
    public static partial void WriterGaveUp(ILogger logger, int writer, int entries);

    [LoggerMessage(2004, LogLevel.Critical, "Ledger writer {Writer} met a defect while writing {Entries} entries")]
    public static partial void WriterDefect(ILogger logger, int writer, int entries, Exception defect);

    [LoggerMessage(2005, LogLevel.Error, "The database refused entry {Sequence} of person {Person}: {Reason}")]
    public static partial void EntryRefused(ILogger logger, int sequence, string person, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "A batch of {Entries} entries met {SqlState} and is written again at once")]
    public static partial void BatchRepeated(ILogger logger, int entries, string sqlState);

    [LoggerMessage(2007, LogLevel.Error, "The database refused the group of entries {First} to {Last} of person {Person}: {Reason}")]
    public static partial void GroupRefused(ILogger logger, int first, int last, string person, string reason);

    [LoggerMessage(2008, LogLevel.Error, "Ledger writer {Writer} writes nothing: {Reason}")]
    public static partial void WriterRefusesSchema(ILogger logger, int writer, string reason);

    [LoggerMessage(2009, LogLevel.Information, "Ledger writer {Writer} finds the schema that it knows again")]
    public static partial void SchemaFitsAgain(ILogger logger, int writer);

    [LoggerMessage(2010, LogLevel.Information, "Ledger at {Place}: schema version {Version}")]
    public static partial void Initialised(ILogger logger, string place, int version);

    [LoggerMessage(2011, LogLevel.Information, "Ledger at {Place}: schema migrated from version {From} to {To}")]
    public static partial void Migrated(ILogger logger, string place, int from, int to);

    [LoggerMessage(2012, LogLevel.Warning,
        "Ledger at {Place}: the server runs with {Setting}; a durable answer can be lost unless something else makes up for it")]
    public static partial void UnsafeDurability(ILogger logger, string place, string setting);

    [LoggerMessage(2013, LogLevel.Warning,
        "Ledger at {Place}: transaction numbers stand below the newest position, as after a restore; positions continue above it")]
    public static partial void PositionsRaised(ILogger logger, string place);

    [LoggerMessage(2014, LogLevel.Information, "The periods of the ledger have changed; a writer learns them anew: {Reason}")]
    public static partial void PeriodsChanged(ILogger logger, string reason);

    [LoggerMessage(2015, LogLevel.Information, "Ledger at {Place}: period {Period} {Change}")]
    public static partial void PeriodChanged(ILogger logger, string place, string period, string change);
}
