using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Fault.Tests;

/// <summary>
/// <c>settlement cluster</c> with its own PostgreSQL, silos and nginx: restarted silo by silo under load without one settlement that fails
/// or is done twice, for clients that repeat by request id; and ended as a whole.
/// </summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Persons = 30;
    private const int GrpcClients = 6;
    private const int JsonClients = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BeforeRepeating = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, ByteString> acknowledged = [];
    private int repeats;

    [Fact]
    public async Task Silos_are_restarted_one_after_the_other_and_no_settlement_fails()
    {
        int seed = Environment.GetEnvironmentVariable("SETTLEMENT_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed} (repeat with SETTLEMENT_SEED={seed})");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(silos: 3);
        using GrpcChannel channel = GrpcChannel.ForAddress(cluster.Grpc);
        Enrolment.EnrolmentClient enrolment = new(channel.Intercept(new PersonBucketInterceptor()));
        for (int person = 0; person < Persons; person++) await enrolment.RegisterAsync(Requests.Register($"P{person}"));

        using CancellationTokenSource stop = new();
        Task[] load =
        [
            .. Enumerable.Range(0, GrpcClients)
                .Select(number =>
                Task.Run(() => Load($"g{number}", HashCode.Combine(seed, number), Grpc(channel, named: number % 3 > 0), stop.Token))),
            .. Enumerable.Range(0, JsonClients)
                .Select(number =>
                Task.Run(() => Load($"j{number}", HashCode.Combine(seed, -1, number), Json(cluster.Http, named: number == 0), stop.Token))),
        ];
        await UntilAsync(() => acknowledged.Count > 50, load);
        int before = acknowledged.Count;
        string steps = await cluster.RestartAsync();
        int after = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count > after + 50, load);
        await stop.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Patience);

        output.WriteLine(steps);
        output.WriteLine(
            $"{acknowledged.Count} settlements, {after - before} of them during the restart; {repeats} repeats by request id; none failed");
        Assert.Equal(3, steps.Split('\n').Count(line => line.Contains("drained after", StringComparison.Ordinal)));
        Assert.True(after > before, "nothing was settled during the restart");
        await CheckLedgerAsync(cluster.PostgresPort);
        Assert.Equal("silo-1 silo-2 silo-3", await NodesAsync(LedgerOf(cluster.PostgresPort)));

        Assert.Equal(0, await cluster.StopAsync());
        Assert.False(cluster.AnyPortTaken(), "a part of the cluster was left running");
        Assert.False(Directory.Exists(cluster.Folder));
    }

    [Fact]
    public async Task When_a_silo_dies_the_cluster_says_so_and_ends()
    {
        string connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(silos: 1, "--connection", connection);

        using Process silo = Process.GetProcessById(cluster.Silo(1));
        silo.Kill();

        Assert.Equal(3, await cluster.ExitAsync());
        Assert.Contains("silo-1 ended although nobody asked it to", cluster.Words);
        Assert.False(cluster.AnyPortTaken(), "a part of the cluster was left running");
        Assert.Equal("silo-1", await NodesAsync(connection)); // without a word: shown as lost
    }

    /// <summary>The ledger in the cluster's own PostgreSQL.</summary>
    private static string LedgerOf(int port) => $"Host=127.0.0.1;Port={port};Username=settlement;Database=postgres";

    /// <summary>The nodes that the ledger knows of.</summary>
    private static async Task<string?> NodesAsync(string connection) =>
        (string?)await PostgresServer.ScalarAsync(connection, "SELECT string_agg(name, ' ' ORDER BY name) FROM ledger.node");

    /// <summary>Settles until stopped; each request is repeated until it is answered, as docs/cluster.md asks of a client.</summary>
    private async Task Load(string name, int seed, Func<SettleRequest, Task<SettleResponse?>> settle, CancellationToken stop)
    {
        Random random = new(seed);
        using PeriodicTimer pause = new(BeforeRepeating);
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            SettleRequest request = Requests.Settle(
                $"P{random.Next(Persons)}", $"{name}-{i}", Requests.Inpatient(random.Next(1, 3_000_000)));
            long begin = Stopwatch.GetTimestamp();
            SettleResponse? answer;
            while ((answer = await settle(request)) is null)
            {
                Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, $"{request.RequestId} was never answered");
                Interlocked.Increment(ref repeats);
                await pause.WaitForNextTickAsync(CancellationToken.None);
            }

            Assert.Null(answer.AlreadySettled);
            acknowledged[request.RequestId] = answer.ToByteString();
        }
    }

    /// <summary>Over gRPC; null where a client has to repeat.</summary>
    private static Func<SettleRequest, Task<SettleResponse?>> Grpc(GrpcChannel channel, bool named)
    {
        Contract.Settlement.SettlementClient client = new(named
            ? channel.Intercept(new PersonBucketInterceptor())
            : channel.CreateCallInvoker());
        return async request =>
        {
            try
            {
                return await client.SettleAsync(request, deadline: DateTime.UtcNow + Patience);
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted)
            {
                return null;
            }
        };
    }

    /// <summary>Over HTTP/JSON; null where a client has to repeat.</summary>
    private static Func<SettleRequest, Task<SettleResponse?>> Json(Uri address, bool named)
    {
        HttpClient client = new() { BaseAddress = address, Timeout = Patience };
        return async request =>
        {
            using HttpRequestMessage message = new(
                HttpMethod.Post, "/v1/Settlement/Settle") { Content = new StringContent(JsonFormatter.Default.Format(request)) };
            if (named) message.Headers.Add(PersonBucket.Header, PersonBucket.Of(request.Person));
            try
            {
                using HttpResponseMessage answer = await client.SendAsync(message);
                string body = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) return null;
                Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
                return JsonParser.Default.Parse<SettleResponse>(body);
            }
            catch (HttpRequestException)
            {
                return null; // the connection broke
            }
        };
    }

    private async Task CheckLedgerAsync(int port)
    {
        LedgerOptions options = new()
        {
            Provider = LedgerProvider.Postgres,
            ConnectionString = LedgerOf(port),
        };
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        Dictionary<string, LedgerEntry> settled = [];
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            if (entry.Kind == LedgerEntryKind.Settlement) settled.Add(entry.RequestId, entry);
        }

        Assert.Equal(acknowledged.Keys.Order(), settled.Keys.Order());
        foreach ((string id, ByteString answer) in acknowledged) Assert.Equal(answer, ByteString.CopyFrom(settled[id].Answer.Span));
    }

    private static async Task UntilAsync(Func<bool> holds, Task[] load)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            if (Array.Find(load, static task => task.IsCompleted) is { } ended) await ended;
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }
}
