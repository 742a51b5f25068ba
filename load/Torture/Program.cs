using Grpc.Core;
using Npgsql;
using Settlement.Ledger;
using Settlement.Torture;
using Settlement.Torture.Relaying;

// Silos, PostgreSQL and proxies as real processes under load, struck by faults from a seed. docs/torture.md says how.
const int Violated = 1;
const int Wrong = 2;
const int BrokenOff = 3;

if (args is [RelayProgram.Name, .. var links]) return RelayProgram.Run(links);
TortureOptions options;
try
{
    options = TortureOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n{TortureOptions.Usage}");
    return Wrong;
}

if (options.Help)
{
    Console.WriteLine(TortureOptions.Usage);
    return 0;
}

try
{
    TortureOutcome outcome = await TortureRun.RunAsync(options, Console.Out);
    Console.WriteLine(Report.Of(options, outcome));
    return outcome.Result.Violations.Count == 0 ? 0 : Violated;
}
catch (Exception error)
    when (error is InvalidOperationException or RpcException or NpgsqlException or LedgerException or IOException or TimeoutException
    or OperationCanceledException)
{
    Console.Error.WriteLine($"the run broke off: {error}");
    return BrokenOff;
}
