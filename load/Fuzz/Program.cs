using Settlement.Fuzz;

// Changed inputs against the product. docs/security.md says what is tried and what must hold.
FuzzOptions options;
try
{
    options = FuzzOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n{FuzzOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(FuzzOptions.Usage);
    return 0;
}

string silo = Environment.GetEnvironmentVariable("SETTLEMENT_SILO")
    ?? throw new InvalidOperationException("SETTLEMENT_SILO is not set: run it as './settlement fuzz'.");
Console.WriteLine($"seed {options.Seed}, {options.Inputs:N0} inputs");
IReadOnlyList<string> findings = await Campaign.RunAsync(options, silo, AppContext.BaseDirectory, Console.Out);
foreach (string finding in findings) Console.WriteLine(finding);
Console.WriteLine(findings.Count == 0 ? "nothing found" : $"{findings.Count} findings");
return findings.Count == 0 ? 0 : 1;
