using System.Collections.Concurrent;
using Google.Protobuf;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Fault.Tests;

/// <summary>
/// Three silos that are one Orleans cluster and a gateway of its own, as processes: restarted, killed and paused under load, and what they
/// tell of it.
/// </summary>
public sealed class OrleansClusterTests(ITestOutputHelper output)
{
    private const int Persons = 30;
    private const int Clients = 6;
    private const string Mark = "7QX7"; // in no id, port or key by chance
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Every category that appsettings.json quietens.</summary>
    private static readonly string[] EveryLevel =
    [
        .. new[] { "Default", "Microsoft", "Microsoft.Hosting.Lifetime", "Microsoft.AspNetCore.Hosting.Diagnostics", "Grpc", "Orleans" }
            .Select(category => $"Logging:LogLevel:{category}=Trace"),
    ];

    private readonly ConcurrentDictionary<string, ByteString> acknowledged = [];

    [MultiSiloFact]
    public async Task Silos_are_restarted_in_turn_and_one_is_killed_and_no_settlement_fails()
    {
        Random random = KilledSilo.Seeded(output, out _);
        int[] seeds = [.. Enumerable.Range(0, Clients).Select(_ => random.Next())];
        await using OrleansCluster cluster = await OrleansCluster.StartAsync(3, ["Cluster:ResponseTimeout=00:00:05"], [], []);
        using PatientClient client = new(cluster.Gateway.Address);
        for (int person = 0; person < Persons; person++)
            await client.RegisterAsync(Requests.Register(Person(person)));
        using CancellationTokenSource stop = new();
        Task[] load =
        [
            .. seeds.Select((seed, number) => Task.Run(() => SettleUntilAsync(client, $"c{number}", new Random(seed), stop.Token))),
        ];

        await MoreAsync(50, load);
        foreach (SiloProcess silo in cluster.Silos)
        {
            int before = acknowledged.Count;
            await silo.StopAsync();
            await MoreAsync(50, load);
            await silo.StartAsync();
            await MoreAsync(50, load);
            output.WriteLine($"a silo restarted: {acknowledged.Count - before} settlements meanwhile");
        }

        int alive = acknowledged.Count;
        await cluster.Silos[0].KillAsync();
        // Every person again: those who lived on the killed silo, too.
        await SettleForAllAsync(client, "after");
        output.WriteLine($"a silo killed: {acknowledged.Count - alive} settlements until every person had one");
        await cluster.Silos[0].StartAsync();
        await MoreAsync(50, load);
        await stop.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Patience);
        await cluster.StopAsync();

        output.WriteLine($"{acknowledged.Count} settlements, {client.Repeats} repeats by request id; none failed");
        IReadOnlyDictionary<string, LedgerEntry> settled = await cluster.SettledAsync();
        Assert.Equal(acknowledged.Keys.Order(), settled.Keys.Order());
        foreach ((string id, ByteString answer) in acknowledged) Assert.Equal(answer, ByteString.CopyFrom(settled[id].Answer.Span));
    }

    [MultiSiloTheory]
    [InlineData("1", "0", true)]
    [InlineData("0", "1", false)]
    public async Task A_trace_is_whole_or_not_there_whatever_ratio_the_silos_have(string ofGateway, string ofSilos, bool isWhole)
    {
        await using OtlpCollector collector = new();
        await using (
            OrleansCluster cluster = await OrleansCluster.StartAsync(
                1,
                [$"Telemetry:OtlpEndpoint={collector.Endpoint}"],
                [$"Telemetry:TraceRatio={ofSilos}"],
                [$"Telemetry:TraceRatio={ofGateway}"]))
        {
            using PatientClient client = new(cluster.Gateway.Address);
            await client.RegisterAsync(Requests.Register(Person(0)));
            await SettleAsync(client, "r1", Person(0), 1_000_000);
            await cluster.StopAsync();
        }

        await collector.StopAsync();
        string[] traces = [.. collector.Received.Where(sent => sent.Path == "/v1/traces").Select(sent => sent.Body)];
        foreach (string span in (string[])["IInsuredPersonGrain/Settle", "person commit", "ledger batch"])
            Assert.Equal(isWhole, traces.Any(body => body.Contains("settlement-silo") && body.Contains(span)));
        Assert.Equal(isWhole, traces.Any(body => body.Contains("settlement-gateway")));
        Assert.DoesNotContain(collector.Received, sent => sent.Body.Contains(Mark));
    }

    [MultiSiloFact]
    public async Task Nothing_that_a_cluster_in_trouble_logs_or_sends_names_a_person()
    {
        await using OtlpCollector collector = new();
        await using OrleansCluster cluster = await OrleansCluster.StartAsync(
            2,
            [.. EveryLevel, "Cluster:ResponseTimeout=00:00:02",
                $"Telemetry:OtlpEndpoint={collector.Endpoint}", "Telemetry:TraceRatio=1", "Telemetry:LogFormat=json"],
            [], []);
        using PatientClient client = new(cluster.Gateway.Address);
        for (int person = 0; person < Persons; person++)
            await client.RegisterAsync(Requests.Register(Person(person)));

        // Slow, then gone: calls time out, are rejected, forwarded, and persons wake elsewhere.
        await cluster.Silos[1].PauseAsync();
        Task waiting = SettleForAllAsync(client, "paused");
        await SaysAsync(cluster, cluster.Gateway, "Timeout");
        await cluster.Silos[1].ResumeAsync();
        await waiting;
        await cluster.Silos[1].KillAsync();
        await SettleForAllAsync(client, "killed");
        await cluster.Gateway.StopAsync();
        await cluster.Silos[0].StopAsync();
        await collector.StopAsync();

        string[] logged = [.. cluster.Silos.Append(cluster.Gateway).SelectMany(cluster.LogOf)];
        output.WriteLine($"{logged.Length} lines");
        Assert.Contains(logged, line => line.Contains("insuredperson/****"));
        Assert.Empty(logged.Where(line => line.Contains(Mark)));
        Assert.Contains(collector.Received, sent => sent.Path == "/v1/logs");
        Assert.Contains(collector.Received, sent => sent.Path == "/v1/traces");
        Assert.DoesNotContain(collector.Received, sent => sent.Body.Contains(Mark));
    }

    private static string Person(int number) => $"{Mark}-{number}-of-the-insured";

    private static async Task SaysAsync(OrleansCluster cluster, SiloProcess process, string what)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (!cluster.LogOf(process).Any(line => line.Contains(what))) await pause.WaitForNextTickAsync(patience.Token);
    }

    private async Task SettleUntilAsync(PatientClient client, string name, Random random, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
            await SettleAsync(client, $"{name}-{i}", Person(random.Next(Persons)), random.Next(1, 3_000_000));
    }

    private Task SettleForAllAsync(PatientClient client, string name) => Task.WhenAll(
        Enumerable.Range(0, Persons).Select(person => SettleAsync(client, $"{name}-{person}", Person(person), 1_000_000)))
        .WaitAsync(Patience);

    private async Task SettleAsync(PatientClient client, string id, string person, long fen)
    {
        SettleResponse answer = await client.SettleAsync(Requests.Settle(person, id, Requests.Inpatient(fen)));
        Assert.Null(answer.AlreadySettled);
        acknowledged[id] = answer.ToByteString();
    }

    private async Task MoreAsync(int settlements, Task[] load)
    {
        int enough = acknowledged.Count + settlements;
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (acknowledged.Count < enough)
        {
            if (Array.Find(load, static task => task.IsCompleted) is { } ended) await ended;
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }
}
