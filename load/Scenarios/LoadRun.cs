using Google.Rpc;
using Grpc.Core;
using NBomber.Contracts.Stats;
using Settlement.Contract;
using Settlement.Scenarios.Checking;
using Settlement.Scenarios.Playing;
using Settlement.Scenarios.Serving;
using Settlement.Scenarios.World;

namespace Settlement.Scenarios;

/// <summary>One run: a server, persons, one scenario after the other, what must hold afterwards.</summary>
internal static class LoadRun
{
    private const int RegisterAtOnce = 32;
    private const int WarmUps = 500;

    /// <summary>Runs the scenarios.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(LoadOptions options)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        // On a server that others use, or that was loaded before, names must be new; on an own one they are those of the seed.
        string run = options.Target is null ? $"L{options.Seed}" : $"L{options.Seed}-{now.ToUnixTimeSeconds()}";
        string names = string.Join('-', options.Scenarios.Select(scenario => scenario.Name));
        string folder = Path.Combine(options.Reports, $"{names}-{now:yyyyMMdd-HHmmss}-{options.Seed}");
        Console.WriteLine($"seed {options.Seed}, {options.Persons} persons (repeat with --seed {options.Seed})");

        await using Server server = await Server.OpenAsync(options);
        Population population = new(run, options.Seed, options.Persons);
        Stage stage = new(
            options, 0, 0, server, population, new Discharges(run, options.Seed, population), new Acknowledged(options.Seed), folder);
        await RegisterAsync(stage);
        await WarmUpAsync(stage);
        List<string> broken = [];
        foreach (Scenario scenario in options.Scenarios) broken.AddRange(Play(scenario, stage).SelectMany(Failures));

        broken.AddRange(await Invariants.AskAsync(server, stage.Acknowledged));
        await server.StopAsync();
        if (server.Ledger is { } ledger) broken.AddRange(await Invariants.AuditAsync(ledger, stage.Acknowledged));
        Summary.Write(stage, broken);
        return broken.Count == 0 ? 0 : 1;
    }

    private static IReadOnlyList<NodeStats> Play(Scenario scenario, Stage stage)
    {
        Stage own = stage with
        {
            Rate = stage.Options.Rate ?? scenario.DefaultRate,
            Seconds = stage.Options.Seconds ?? scenario.DefaultSeconds,
        };
        string rate = own.Rate == 0 ? "" : $" {own.Rate} a second,";
        Console.WriteLine($"{scenario.Name}: {scenario.Shows};{rate} {own.Seconds} s");
        return scenario.Play(own);
    }

    private static async Task RegisterAsync(Stage stage)
    {
        int registered = 0;
        int tenth = Math.Max(1, stage.Population.Count / 10);
        await Parallel.ForAsync(
            0, stage.Population.Count, new ParallelOptions { MaxDegreeOfParallelism = RegisterAtOnce }, async (person, cancellation) =>
        {
            await RegisterAsync(stage.Server, stage.Population.Register(person), cancellation);
            int done = Interlocked.Increment(ref registered);
            if (done % tenth == 0) Console.WriteLine($"registered {done} of {stage.Population.Count} persons");
        });
    }

    // A server told to queue little says that it is busy: as any client, wait and send the same again.
    private static async Task RegisterAsync(Server server, RegisterRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await server.Enrolment.RegisterAsync(request, server.Headers, cancellationToken: cancellation);
                return;
            }
            catch (RpcException busy)
                when (busy.StatusCode == StatusCode.ResourceExhausted && busy.GetRpcStatus()?.GetDetail<RetryInfo>() is { } retry)
            {
                await Task.Delay(retry.RetryDelay.ToTimeSpan(), TimeProvider.System, cancellation);
            }
        }
    }

    // Until the compilers of both sides have settled, latencies say little. These settlements are in the ledger, not in the figures.
    private static async Task WarmUpAsync(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: true);
        await Parallel.ForAsync(
            0, Math.Min(WarmUps, stage.Population.Count), new ParallelOptions { MaxDegreeOfParallelism = RegisterAtOnce }, async (_, _) =>
        {
            if (await calls.SettleAsync(stage.Discharges.Next(), () => 0) is { IsError: true } failed)
                throw new InvalidOperationException($"The first settlements already fail: {failed.StatusCode} {failed.Message}");
        });
    }

    private static IEnumerable<string> Failures(NodeStats stats) =>
        stats.ScenarioStats.SelectMany(
            scenario => scenario.Fail.StatusCodes.Concat(scenario.StepStats.SelectMany(step => step.Fail.StatusCodes))
                .Select(code => $"{scenario.ScenarioName}: {code.Count} times {code.StatusCode} {code.Message}")
                .DefaultIfEmpty(scenario.Fail.Request.Count > 0 ? $"{scenario.ScenarioName}: {scenario.Fail.Request.Count} failed" : "")
                .Where(text => text.Length > 0))
            .Concat(stats.Thresholds.Where(threshold => threshold.IsFailed)
                .Select(threshold =>
                    $"threshold {threshold.CheckExpression} was broken {threshold.ErrorCount} times {threshold.ExceptionMsg}".TrimEnd()));
}
