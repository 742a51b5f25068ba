namespace Settlement.Ledger.Facilities;

/// <summary>Makes the journal that belongs to a ledger.</summary>
public static class FacilityJournal
{
    /// <summary>
    /// Builds the journal in the ledger's database. Its table is part of the ledger's schema, which <see
    /// cref="ILedgerStore.InitialiseAsync"/> makes.
    /// </summary>
    /// <exception cref="LedgerConfigurationException">An option does not do.</exception>
    public static IFacilityJournal Create(LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options.Provider == LedgerProvider.Postgres ? new PostgresFacilityJournal(options) : new SqliteFacilityJournal(options);
    }
}
