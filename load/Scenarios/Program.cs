using Grpc.Core;
using Settlement.Scenarios;

const int BrokenOff = 1;
const int Wrong = 2;

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(LoadOptions.Usage);
    return Wrong;
}

if (options.Help)
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

try
{
    return await LoadRun.RunAsync(options);
}
catch (Exception error) when (error is RpcException or InvalidOperationException)
{
    Console.Error.WriteLine($"the run broke off: {error}");
    return BrokenOff;
}
