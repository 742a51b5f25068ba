using Settlement.Cli;

return await CommandLine.RunAsync(args, CliHost.OfThisProcess());
