namespace Settlement.Ledger.Nodes;

/// <summary>Makes the register that belongs to a ledger.</summary>
public static class NodeRegister
{
    /// <summary>After this without a word a node counts as lost.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>How long a lost node is still shown.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    /// <summary>
    /// Builds the register: in PostgreSQL a table of the ledger's schema, which <see cref="ILedgerStore.InitialiseAsync"/> makes; beside a
    /// SQLite file, which one process has to itself, in memory.
    /// </summary>
    /// <exception cref="LedgerConfigurationException">An option does not do.</exception>
    public static INodeRegister Create(LedgerOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options.Provider == LedgerProvider.Postgres ? new PostgresNodeRegister(options) : new SingleNodeRegister(time);
    }
}
