using Settlement.Fill;
using Settlement.Fill.Running;
using Settlement.Ledger;
using Settlement.Policy;

FillOptions options;
try
{
    options = FillOptions.Parse(args);
}
catch (ArgumentException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

if (options.Help)
{
    Console.WriteLine(FillOptions.Usage);
    return 0;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    PolicyCatalogue policies = PolicyCatalogue.Load(Environment.GetEnvironmentVariable("SETTLEMENT_POLICIES") ?? "policies");
    Console.WriteLine(
        await FillRun.RunAsync(options, policies, Console.Error, !Console.IsErrorRedirected, TimeProvider.System, stop.Token));
    return 0;
}
catch (Exception error) when (error is InvalidOperationException or LedgerException or InvalidPackException or IOException)
{
    await Console.Error.WriteLineAsync($"settlement fill: {error.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("settlement fill: interrupted; what was written stays, and --resume goes on with it");
    return 1;
}
