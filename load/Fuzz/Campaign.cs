using System.Diagnostics;
using System.Globalization;
using Settlement.Fuzz.Inputs;
using Settlement.Fuzz.Targets;

namespace Settlement.Fuzz;

/// <summary>All inputs of one run, target by target.</summary>
internal static class Campaign
{
    private const int MostFindings = 20;
    private const int MostLines = 8;
    private const double MostGrowthMiB = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs it.</summary>
    /// <returns>What was found, each with what repeats it.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(FuzzOptions options, string silo, string root, TextWriter output)
    {
        string policies = Path.Combine(root, "policies");
        Samples samples = new(Path.Combine(root, "samples"));
        List<string> findings = [];
        bool needsServer = options.Targets.Any(target => target is "grpc" or "json" or "frames");
        await using ServerUnderFuzz? server = needsServer ? await ServerUnderFuzz.StartAsync(silo, policies, samples) : null;
        ITarget[] targets = [.. options.Targets.Select(name => Create(name, samples, policies, Path.Combine(root, "samples"), server))];
        await RunAsync(options, targets, server, findings, output);
        if (server is not null) findings.AddRange(await server.EndAsync(options.Seed));
        return findings;
    }

    /// <summary>Runs targets against a server, or none.</summary>
    internal static async Task RunAsync(
        FuzzOptions options, ITarget[] targets, ServerUnderFuzz? server, List<string> findings, TextWriter output)
    {
        int shares = targets.Sum(target => target.Share);
        double before = 0;
        foreach (ITarget target in targets)
        {
            long inputs = options.Inputs * target.Share / shares;
            Stopwatch watch = Stopwatch.StartNew();
            Flight flight = new(target.Name);
            if (server is not null) server.Errors.Flight = flight;
            await ThrowAsync(target, options, Math.Max(1, inputs), flight, findings);
            if (server is not null && await server.FaultAsync() is { } fault) findings.Add($"after {target.Name}: {fault}");
            if (server is not null) findings.AddRange(server.Errors.Findings(options.Seed));
            double memory = server?.Memory() ?? 0;
            // The first target with a server warms it up: growth counts from there.
            if (before == 0) before = memory;
            if (memory > before + MostGrowthMiB) findings.Add($"after {target.Name}: the server grew from {before:N0} to {memory:N0} MiB");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name}: {inputs:N0} inputs in {watch.Elapsed.TotalSeconds:N1} s, {findings.Count} findings so far{(server is null ? "" : $", server {memory:N0} MiB")}"));
            (target as IDisposable)?.Dispose();
        }
    }

    private static async Task ThrowAsync(ITarget target, FuzzOptions options, long inputs, Flight flight, List<string> findings)
    {
        (long first, long end) = options.Only is { } only ? (only.First, only.Last + 1) : (0, inputs);
        long next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, target.AtOnce).Select(_ => Task.Run(async () =>
        {
            long number;
            while ((number = Interlocked.Increment(ref next)) < end)
            {
                lock (findings)
                {
                    if (findings.Count >= MostFindings) return;
                }

                flight.Begins(number);
                await OneAsync(target, options.Seed, number, findings);
                flight.Ends(number);
            }
        })));
    }

    private static async Task OneAsync(ITarget target, int seed, long number, List<string> findings)
    {
        string? finding;
        Stopwatch watch = Stopwatch.StartNew();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            finding = await target.TryAsync(new Chance(seed, target.Name, number), patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            finding = $"no end within {Patience.TotalSeconds} s";
        }
        catch (HttpRequestException error)
        {
            finding = $"the connection broke: {error.GetBaseException().Message}";
        }
        catch (Exception error)
        {
            finding = string.Join('\n', error.ToString().Split('\n').Take(MostLines));
        }

        if (finding is null && watch.Elapsed > Patience) finding = $"it took {watch.Elapsed.TotalSeconds:N1} s";
        if (finding is null) return;
        lock (findings) findings.Add($"{finding}\n  repeat: settlement fuzz --targets {target.Name} --seed {seed} --only {number}");
    }

    private static ITarget Create(string name, Samples samples, string policies, string sampleFolder, ServerUnderFuzz? server) =>
        name switch
    {
        "grpc" => new GrpcTarget(samples, server!.Grpc, server.Key),
        "json" => new JsonTarget(samples, server!.Http, server.Key),
        "frames" => new FrameTarget(samples, server!.Grpc, server.Http),
        "packs" => new PackTarget(policies),
        _ => new FileTarget(sampleFolder, policies),
    };
}
