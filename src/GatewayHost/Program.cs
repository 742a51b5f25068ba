using Settlement.GatewayHost;

try
{
    await using WebApplication app = GatewayProcess.Build(args);
    await app.RunAsync();
    return 0;
}
catch (Exception error) when (error is InvalidOperationException or NotSupportedException or InvalidDataException or IOException)
{
    // What an operator can mend is said in one line each, without a stack trace.
    await Console.Error.WriteLineAsync($"The gateway does not start: {error.Message}");
    return 1;
}
