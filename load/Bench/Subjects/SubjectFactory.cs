using Settlement.Bench.Checks;
using Settlement.Ledger;
using Settlement.Tests.Support;

namespace Settlement.Bench.Subjects;

/// <summary>Makes the servers under test.</summary>
internal sealed class SubjectFactory(BenchOptions options, BenchDatabase? database, string folder)
{
    /// <summary>Connection string of the product's ledger, once <see cref="OursOnPostgresAsync"/> has made it.</summary>
    public string OursConnection { get; private set; } = "";

    /// <summary>The product on PostgreSQL.</summary>
    public async Task<Subject> OursOnPostgresAsync()
    {
        OursConnection = await database!.CreateAsync("ours");
        return Ours("settlement on PostgreSQL", new LedgerOptions
        {
            Provider = LedgerProvider.Postgres,
            ConnectionString = OursConnection,
        });
    }

    /// <summary>The product on PostgreSQL once more, with a ledger of its own.</summary>
    /// <param name="name">One of <see cref="Scenarios"/>.</param>
    /// <param name="settings">Its options, each as <c>Name=Value</c>.</param>
    public async Task<Subject> OursApartAsync(string name, params string[] settings) => Ours(
        name,
        new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = await database!.CreateAsync(name.Replace('-', '_')) },
        settings);

    /// <summary>The product on PostgreSQL as another build of it, with other settings, or both.</summary>
    /// <param name="parts">Path of a <c>Settlement.Silo.dll</c>, and settings.</param>
    public async Task<Subject> BesideAsync(string[] parts) => Ours(
        Scenarios.Beside,
        new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = await database!.CreateAsync("beside") },
        [.. parts.Where(part => !IsProgram(part))],
        Array.Find(parts, IsProgram));

    /// <summary>The product on SQLite.</summary>
    public Subject OursOnSqlite() => Ours("settlement on SQLite", new LedgerOptions { Path = Path.Combine(folder, "ledger.db") });

    /// <summary>A peer that stores nothing.</summary>
    public Subject InMemory(string kind) =>
        new(kind, Peer($"Peer:Kind={kind}"), options, _ => Task.FromResult("nothing is stored"));

    /// <summary>A peer that stores in PostgreSQL.</summary>
    public async Task<Subject> StoredAsync(string kind)
    {
        string connection = await database!.CreateAsync(kind);
        return new Subject(
            kind,
            Peer($"Peer:Kind={kind}", $"Peer:ConnectionString={connection}", $"Peer:Pool={options.Pool}"),
            options,
            answered => PeerCheck.RunAsync(kind, connection, answered));
    }

    /// <summary>Whether a part of <c>--beside</c> names a program; any other is a setting.</summary>
    public static bool IsProgram(string part) => part.EndsWith(".dll", StringComparison.Ordinal) && !part.Contains('=');

    // An open loop must show what a disk that hesitates costs its callers, so nobody is turned away meanwhile: the room holds seconds of
    // work.
    private Subject Ours(string name, LedgerOptions ledger, string[]? settings = null, string? program = null) => new(
        name,
        new SiloProcess(
            program ?? Setting("SETTLEMENT_SILO"),
            Setting("SETTLEMENT_POLICIES"),
            [$"Ledger:Provider={ledger.Provider}", $"Ledger:Path={ledger.Path}", $"Ledger:ConnectionString={ledger.ConnectionString}",
            "Cluster:SiloPort=0", "Cluster:GatewayPort=0", "Gateway:Overload:MaxInWork=65536", .. settings ?? []]),
        options,
        answered => LedgerCheck.RunAsync(ledger, answered));

    private static SiloProcess Peer(params string[] settings) => new(Setting("SETTLEMENT_PEERS"), Setting("SETTLEMENT_POLICIES"), settings);

    /// <summary><c>./settlement bench</c> sets the variables.</summary>
    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run the benchmark with './settlement bench'.");
}
