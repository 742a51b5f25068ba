using Microsoft.Extensions.Hosting;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Silo;

PoolThreads.LeaveOneProcessor();
try
{
    await using WebApplication app = await SiloHost.BuildAsync(args);
    await app.RunAsync();
    return 0;
}
catch (Exception error)
    when (error is InvalidPackException or LedgerException or InvalidOperationException or InvalidDataException or IOException)
{
    // What an operator can mend is said in one line each, without a stack trace.
    await Console.Error.WriteLineAsync($"The silo does not start: {error.Message}");
    return 1;
}
