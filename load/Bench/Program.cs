using Settlement.Bench;
using Settlement.Bench.Output;
using Settlement.Http2;

// The load generator is this process; every server, and PostgreSQL, is another one on the same machine. Scenarios run turn about, so that
// what disturbs the machine disturbs all: ratios hold where single rates do not. Any error ends the run without a table.
try
{
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

    if (options.CheckGenerator)
    {
        await GeneratorCheck.RunAsync(options);
        return 0;
    }

    if (options.Overload)
    {
        await using OverloadBench overload = new(options);
        await overload.RunAsync();
        return 0;
    }

    await using BenchRun run = new(options);
    IReadOnlyList<Figures> figures = await run.RunAsync();
    Console.WriteLine(
        $"{Environment.ProcessorCount} processors for load, server and database; {options.InFlight} in flight over {options.Connections} connections; {options.Persons} persons; "
        + FormattableString.Invariant(
            $"{options.Rounds} rounds of {options.Seconds} s; SQL peers with {options.Pool} connections; pgbench scale {options.Scale}; seed {options.Seed}"));
    Console.WriteLine(run.Description);
    Console.WriteLine();
    foreach (string line in Report.Lines(figures)) Console.WriteLine(line);
    if (options.Json is { } path) JsonReport.Write(path, options, run.Description, TimeProvider.System.GetUtcNow(), figures);
    return 0;
}
catch (Exception error) when (error is LoadFailedException or Http2Exception or InvalidOperationException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"settlement bench: {error.Message}");
    return error is ArgumentException ? 2 : 1;
}
