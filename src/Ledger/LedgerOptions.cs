namespace Settlement.Ledger;

/// <summary>Which database keeps the ledger.</summary>
public enum LedgerProvider
{
    /// <summary>An embedded SQLite file.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server, version 13 or newer.</summary>
    Postgres,
}

/// <summary>Where the ledger is and how it is written; section <c>Ledger</c> of the configuration.</summary>
public sealed class LedgerOptions
{
    /// <summary>Which database keeps the ledger.</summary>
    public LedgerProvider Provider { get; set; } = LedgerProvider.Sqlite;

    /// <summary>SQLite: the file. Its folder is created when it is not there.</summary>
    public string Path { get; set; } = "data/ledger.db";

    /// <summary>PostgreSQL: connection string in Npgsql's form.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>PostgreSQL: most connections for reading.</summary>
    public int MaxReadConnections { get; set; } = 16;

    /// <summary>Longest time one statement may take before its outcome counts as unknown.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For tests only: accept a PostgreSQL server that runs with <c>fsync=off</c>, where a durable answer can be lost.</summary>
    public bool AllowUnsafeDurability { get; set; }

    /// <summary>How entries are gathered and written.</summary>
    public LedgerWriterOptions Writer { get; set; } = new();

    /// <summary>SQLite, for tests: most pages the file may have, as on a small disk. 0: SQLite's own limit.</summary>
    internal int MaxFilePages { get; set; }

    /// <summary>For tests only: PostgreSQL takes even one entry by COPY.</summary>
    internal bool CopyAlways { get; set; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="LedgerConfigurationException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Provider), nameof(Provider), Provider, "must be Sqlite or Postgres");
        Require(Provider != LedgerProvider.Sqlite || !string.IsNullOrWhiteSpace(Path), nameof(Path), Path, "must name a file");
        Require(Provider != LedgerProvider.Postgres
            || !string.IsNullOrWhiteSpace(ConnectionString), nameof(ConnectionString), ConnectionString,
            "must be set for Postgres");
        Require(MaxReadConnections is >= 1 and <= 1000, nameof(MaxReadConnections), MaxReadConnections, "must be between 1 and 1000");
        Require(CommandTimeout >= TimeSpan.FromSeconds(1)
            && CommandTimeout <= TimeSpan.FromMinutes(10), nameof(CommandTimeout), CommandTimeout,
            "must be between 1 second and 10 minutes");
        Writer.Validate();
    }

    internal static void Require<T>(bool holds, string option, T value, string rule)
    {
        if (!holds) throw new LedgerConfigurationException($"Ledger:{option} is '{value}': it {rule}.");
    }
}

/// <summary>How entries are gathered into batches and written; section <c>Ledger:Writer</c>.</summary>
public sealed class LedgerWriterOptions
{
    /// <summary>Writers, each with a connection; a person always uses the same one. 0 takes what suits the store.</summary>
    public int Count { get; set; }

    /// <summary>Most entries waiting at one writer; beyond that an append is answered Busy at once.</summary>
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>Most entries in one transaction.</summary>
    public int MaxBatchEntries { get; set; } = 512;

    /// <summary>About how many bytes one transaction may carry; a single entry may exceed it.</summary>
    public int MaxBatchBytes { get; set; } = 4 << 20;

    /// <summary>First pause after a failure to reach the database; doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the database may be out of reach before further entries are answered NotAccepted at once. Until then they wait, so that a
    /// short outage refuses nobody.
    /// </summary>
    public TimeSpan OutagePatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long stopping waits for what is queued before the rest is answered Unavailable.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks every option.</summary>
    /// <exception cref="LedgerConfigurationException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        Require(Count is >= 0 and <= 64, nameof(Count), Count, "must be between 0 and 64");
        Require(QueueCapacity is >= 1 and <= 1_000_000, nameof(QueueCapacity), QueueCapacity, "must be between 1 and 1,000,000");
        Require(MaxBatchEntries is >= 1 and <= LedgerBatch.MaxEntries, nameof(MaxBatchEntries), MaxBatchEntries,
            $"must be between 1 and {LedgerBatch.MaxEntries}");
        Require(MaxBatchBytes is >= 4096 and <= 256 << 20, nameof(MaxBatchBytes), MaxBatchBytes, "must be between 4 KiB and 256 MiB");
        Require(RetryDelay > TimeSpan.Zero && RetryDelay <= MaxRetryDelay, nameof(RetryDelay), RetryDelay,
            $"must be more than 0 and not above MaxRetryDelay, which is {MaxRetryDelay}");
        Require(MaxRetryDelay <= TimeSpan.FromMinutes(1), nameof(MaxRetryDelay), MaxRetryDelay, "must not be above 1 minute");
        Require(OutagePatience >= TimeSpan.Zero && OutagePatience <= TimeSpan.FromMinutes(10), nameof(OutagePatience), OutagePatience,
            "must be between 0 and 10 minutes");
        Require(StopTimeout >= TimeSpan.Zero && StopTimeout <= TimeSpan.FromMinutes(10), nameof(StopTimeout), StopTimeout,
            "must be between 0 and 10 minutes");
    }

    private static void Require<T>(bool holds, string option, T value, string rule) =>
        LedgerOptions.Require(holds, $"Writer:{option}", value, rule);
}
