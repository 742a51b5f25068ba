using Microsoft.Extensions.Logging;
using Settlement.Ledger.Sqlite;

namespace Settlement.Ledger;

/// <summary>Makes the store that the options ask for.</summary>
public static class LedgerStore
{
    /// <summary>Builds a store. Nothing is opened before <see cref="ILedgerStore.InitialiseAsync"/>.</summary>
    /// <exception cref="LedgerConfigurationException">An option does not do.</exception>
    public static ILedgerStore Create(LedgerOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        return options.Provider == LedgerProvider.Sqlite
            ? new SqliteLedgerStore(options, loggers.CreateLogger<SqliteLedgerStore>())
            : throw new LedgerConfigurationException($"Ledger:Provider is '{options.Provider}': it must be Sqlite in this version.");
    }
}
