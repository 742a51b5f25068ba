using Microsoft.Extensions.Logging;
using Settlement.Ledger.Postgres;
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
        return options.Provider == LedgerProvider.Postgres
            ? new PostgresLedgerStore(options, loggers.CreateLogger<PostgresLedgerStore>())
            : new SqliteLedgerStore(options, loggers.CreateLogger<SqliteLedgerStore>());
    }
}
