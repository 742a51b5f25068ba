using Google.Rpc;
using Grpc.Core;
using NBomber.Contracts.Stats;
using Settlement.Contract;
using Settlement.Scenarios.Checking;
using Settlement.Scenarios.Playing;
using Settlement.Scenarios.Serving;
using Settlement.Scenarios.World;

namespace Settlement.Scenarios;

/// <summary>One run: a server, persons, the load, what must hold afterwards.</summary>
internal static class LoadRun
{
    private const int RegisterAtOnce = 32;
    private const int WarmUps = 500;

    /// <summary>Runs a scenario.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(LoadOptions options)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        // On a server that others use, or that was loaded before, names must be new; on an own one they are those of the seed.
        string run = options.Target is null ? $"L{options.Seed}" : $"L{options.Seed}-{now.ToUnixTimeSeconds()}";
        string folder = Path.Combine(options.Reports, $"{options.Scenario.Name}-{now:yyyyMMdd-HHmmss}-{options.Seed}");
        Console.WriteLine($"{options.Scenario.Name}: {options.Scenario.Shows}");
        string rate = options.Rate == 0 ? "" : $"{options.Rate} arrivals a second, ";
        Console.WriteLine($"seed {options.Seed}, {options.Persons} persons, {rate}{options.Seconds} s (repeat with --seed {options.Seed})");

        await using Server server = await Server.OpenAsync(options);
        Population population = new(run, options.Seed, options.Persons);
        Stage stage = new(options, server, population, new Discharges(run, options.Seed, population), new Acknowledged(options.Seed), folder);
        await RegisterAsync(stage);
        await WarmUpAsync(stage);
        IReadOnlyList<NodeStats> played = options.Scenario.Play(stage);

        List<string> broken = [.. played.SelectMany(Failures), .. await Invariants.AskAsync(server, stage.Acknowledged)];
        await server.StopAsync();
        if (server.Ledger is { } ledger) broken.AddRange(await Invariants.AuditAsync(ledger, stage.Acknowledged));
        Summary.Write(stage, broken);
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task RegisterAsync(Stage stage)
    {
        int registered = 0;
        int tenth = Math.Max(1, stage.Population.Count / 10);
        await Parallel.ForAsync(0, stage.Population.Count, new ParallelOptions { MaxDegreeOfParallelism = RegisterAtOnce }, async (person, cancellation) =>
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
            catch (RpcException busy) when (busy.StatusCode == StatusCode.ResourceExhausted && busy.GetRpcStatus()?.GetDetail<RetryInfo>() is { } retry)
            {
                await Task.Delay(retry.RetryDelay.ToTimeSpan(), TimeProvider.System, cancellation);
            }
        }
    }

    // Until the compilers of both sides have settled, latencies say little. These settlements are in the ledger, not in the figures.
    private static async Task WarmUpAsync(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: true);
        await Parallel.ForAsync(0, Math.Min(WarmUps, stage.Population.Count), new ParallelOptions { MaxDegreeOfParallelism = RegisterAtOnce }, async (_, _) =>
        {
            if (await calls.SettleAsync(stage.Discharges.Next(), () => 0) is { IsError: true } failed)
                throw new InvalidOperationException($"The first settlements already fail: {failed.StatusCode} {failed.Message}");
        });
    }

    private static IEnumerable<string> Failures(NodeStats stats) =>
        stats.ScenarioStats.SelectMany(scenario => scenario.Fail.StatusCodes.Concat(scenario.StepStats.SelectMany(step => step.Fail.StatusCodes))
                .Select(code => $"{scenario.ScenarioName}: {code.Count} times {code.StatusCode} {code.Message}")
                .DefaultIfEmpty(scenario.Fail.Request.Count > 0 ? $"{scenario.ScenarioName}: {scenario.Fail.Request.Count} failed" : "")
                .Where(text => text.Length > 0))
            .Concat(stats.Thresholds.Where(threshold => threshold.IsFailed)
                .Select(threshold => $"threshold {threshold.CheckExpression} was broken {threshold.ErrorCount} times {threshold.ExceptionMsg}".TrimEnd()));
}
