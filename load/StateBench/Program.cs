using System.Globalization;
using Settlement.Ledger;
using Settlement.StateBench;
using Settlement.StateBench.Parts;

StateOptions options;
try
{
    options = StateOptions.Parse(args);
}
catch (ArgumentException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

if (options.Help)
{
    Console.WriteLine(StateOptions.Usage);
    return 0;
}

string policies = Environment.GetEnvironmentVariable("SETTLEMENT_POLICIES") ?? "policies";
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{Environment.ProcessorCount} processors; ledger of {options.Plan.Entries:N0} entries and {options.Plan.Persons:N0} persons, seed {options.Plan.Seed}"));
await using StateLedgers ledgers = new(options, policies);
LedgerOptions large = await ledgers.LargeAsync();
// Waking first: what comes after it fills the database's cache.
if (options.Parts.Contains("wake")) await WakePart.RunAsync(options, large, policies);
if (options.Parts.Contains("memory")) await MemoryPart.RunAsync(options, large, policies);
if (options.Parts.Contains("throughput")) await ThroughputPart.RunAsync(options, ledgers, large, policies);
return 0;
