using System.Globalization;
using Settlement.Bench;
using Settlement.Ledger;
using Settlement.Tests.Support;

// What is measured. Two closed loops with the same number of calls in flight, turn about on the same server: the empty call
// (Settlement/Ping: identify the caller, nothing else) and the durable settlement of an inpatient discharge. Their ratio says what
// adjudication, grain and ledger cost beside the way there and back; it holds on a noisy machine where the single rates do not.
// Server, database and this generator share the machine. Every error ends the run; afterwards the ledger is read and checked.
BenchOptions options = BenchOptions.Parse(args);
if (options.Help)
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

if (options.Adjudication)
{
    AdjudicationBench.Run(options.Rounds);
    return 0;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{Environment.ProcessorCount} processors, {options.InFlight} in flight, {options.Persons} persons, {options.Rounds} rounds of {options.Seconds} s a phase, seed {options.Seed}"));
List<Measurement> all = [];
foreach (string store in options.Stores)
{
    LedgerOptions ledger = store == "sqlite"
        ? new LedgerOptions { Path = Path.Combine(Directory.CreateTempSubdirectory("settlement-bench-").FullName, "ledger.db") }
        : new LedgerOptions
        {
            Provider = LedgerProvider.Postgres,
            ConnectionString = options.Connection ?? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
        };
    all.AddRange(await BenchRun.RunAsync(store, ledger, options));
}

Report.Print(all);
return 0;
