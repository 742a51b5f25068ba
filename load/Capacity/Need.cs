namespace Settlement.Capacity;

/// <summary>What so many insured persons need. Whole numbers only; machines are rounded up.</summary>
internal sealed class Need
{
    private const long SecondsPerDay = 86_400;
    private const long DaysPerYear = 365;
    private const long MicrosecondsPerSecond = 1_000_000;
    private readonly Figures figures;

    public Need(Figures figures, long insured)
    {
        this.figures = figures;
        Insured = insured;
    }

    /// <summary>Insured persons.</summary>
    public long Insured { get; }

    /// <summary>Settlements a day, in the country's proportion.</summary>
    public long SettlementsPerDay => Share(figures["countrySettlementsPerDay"]);

    /// <summary>Settlements in an average second, rounded up.</summary>
    public long AveragePerSecond => Up(SettlementsPerDay, SecondsPerDay);

    /// <summary>Settlements in the busiest second.</summary>
    public long PeakPerSecond => Up(SettlementsPerDay * figures["peakFactor"], SecondsPerDay);

    /// <summary>Silos, the spare ones included.</summary>
    public long Silos => Machines("siloMicroseconds", "siloProcessors") + figures["silosLost"];

    /// <summary>Memory of the persons active at the peak, on one silo while the spare ones are lost, in bytes.</summary>
    public long MemoryPerSilo => Up(ActivePersons * figures["personBytes"], Silos - figures["silosLost"]);

    /// <summary>Persons in memory at the peak: each call another person, until idle collection takes them.</summary>
    public long ActivePersons => Math.Min(Insured, PeakPerSecond * figures["idleSeconds"]);

    /// <summary>Ledger shards by work.</summary>
    public long ShardsByWork => Machines("databaseMicroseconds", "shardProcessors");

    /// <summary>Ledger shards by size.</summary>
    public long ShardsBySize => Up(BytesOnline, figures["shardBytes"]);

    /// <summary>Ledger shards: whichever asks for more.</summary>
    public long Shards => Math.Max(ShardsByWork, ShardsBySize);

    /// <summary>Database servers: every shard with its copies.</summary>
    public long DatabaseServers => Shards * figures["replicas"];

    /// <summary>Entries of a year: settlements, reversals and facts.</summary>
    public long EntriesPerYear =>
        SettlementsPerDay * DaysPerYear * (1000 + figures["reversalsPerThousand"]) / 1000 + Insured * figures["factsPerThousand"] / 1000;

    /// <summary>Ledger of a year, in bytes, one copy.</summary>
    public long BytesPerYear => EntriesPerYear * figures["entryBytes"];

    /// <summary>Ledger in the database, in bytes, one copy.</summary>
    public long BytesOnline => BytesPerYear * figures["yearsOnline"];

    /// <summary>Ledger and archive, in bytes, one copy.</summary>
    public long BytesKept => BytesPerYear * figures["yearsKept"];

    /// <summary>Write-ahead log of one shard in the busiest second, in bytes: what a standby must take.</summary>
    public long LogPerSecond => Up(PeakPerSecond * figures["entryLogBytes"], Shards);

    private long Machines(string cost, string processors) =>
        Math.Max(1, Up(PeakPerSecond * figures[cost] * 100, figures[processors] * MicrosecondsPerSecond * figures["utilisationPercent"]));

    private long Share(long ofCountry) => (long)((Int128)ofCountry * Insured / figures["countryInsured"]);

    private static long Up(long amount, long each) =>
        each > 0 ? (amount + each - 1) / each : throw new InvalidDataException("A figure that divides is 0.");
}
