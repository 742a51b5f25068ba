using System.Net;
using System.Reflection;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Feeding;
using Settlement.Gateway;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Feeding;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Reads;
using Settlement.Identity;
using Settlement.Refusals;
using Settlement.Tests.Support;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests.Feeding;

/// <summary>The life of a stream: how many there are, how they end, and what a slow one may hold.</summary>
public sealed class FeedStreamTests
{
    [Fact]
    public async Task There_are_only_so_many_streams_and_a_facility_has_its_share()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-feed-").FullName;
        (string agency, KeyFile keys) = new KeyFile().Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        (string facility, keys) = keys.Add(Role.Facility, new RegisteredFacility { Code = "H1" }, DateTimeOffset.UnixEpoch);
        keys.Write(Path.Combine(folder, "keys.json"));
        await using TestSilo silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={folder}/keys.json",
            "Gateway:Feed:MaxFollowers=2", "Gateway:Feed:MaxFollowersPerFacility=1", "Gateway:Feed:PollInterval=00:00:00.01"]);
        Following all = new(silo, Bearer(agency));
        Following mine = new(silo, Bearer(facility));
        FollowRequest request = new();
        AsyncServerStreamingCall<FollowResponse> one = await OpenedAsync(mine.Open(request));
        await mine.RefusedAsync(RefusalCodes.Busy, StatusCode.ResourceExhausted, request);
        using (await OpenedAsync(all.Open(request)))
        {
            await all.RefusedAsync(RefusalCodes.Busy, StatusCode.ResourceExhausted, request);
            one.Dispose();
            await UntilAsync(silo, count => count == 1);
            using AsyncServerStreamingCall<FollowResponse> again = await OpenedAsync(all.Open(request));
        }

        await UntilAsync(silo, count => count == 0);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_by_name()
    {
        await using TestSilo silo = await StartAsync();
        using AsyncServerStreamingCall<FollowResponse> stream = await OpenedAsync(new Following(silo).Open(new FollowRequest()));
        Task stopping = silo.StopAsync();
        await Following.EndsAsync(RefusalCodes.ServerStopping, StatusCode.Unavailable, stream);
        await stopping.WaitAsync(Following.Patience);
    }

    [Fact]
    public async Task A_key_that_is_withdrawn_ends_its_streams()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-feed-").FullName;
        string file = Path.Combine(folder, "keys.json");
        (string text, KeyFile keys) = new KeyFile().Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        keys.Write(file);
        ManualTimeProvider time = new();
        await using TestSilo silo = await TestSilo.StartAsync(time, [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={file}"]);
        using AsyncServerStreamingCall<FollowResponse> stream = await OpenedAsync(new Following(silo, Bearer(text))
            .Open(new FollowRequest()));
        (_, KeyFile others) = new KeyFile().Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        others.Write(file);
        Task end = Following.EndsAsync(RefusalCodes.Unauthenticated, StatusCode.Unauthenticated, stream);
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        await end;
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_consumer_that_takes_nothing_holds_one_page_and_nobody_up()
    {
        await using TestSilo silo = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i =>
            silo.Settlement.VoidAsync(new VoidRequest { RequestId = $"v{i}", Person = $"P{i % 40}", Facility = "H1" }).ResponseAsync));
        PageCounter pages = new(silo.Services.GetRequiredService<IGrainFactory>());
        FeedOperations operations = new(
            pages.Factory, silo.Services.GetRequiredService<ReadTrail>(), silo.Services.GetRequiredService<GatewayOptions>(),
            silo.Services.GetRequiredService<Followers>(), silo.Services.GetRequiredService<Drain>(), TimeProvider.System);
        TaskCompletionSource taken = new();
        int offered = 0;
        using CancellationTokenSource gone = new();
        Task following = operations.Follow(
            new FollowRequest { Once = true }, Take, () => new Caller(Role.Agency, "test", null), gone.Token);
        await UntilAsync(silo, _ => Volatile.Read(ref offered) == 1);

        // While it takes nothing, others settle and read, and its next page stays in the ledger.
        await silo.Enrolment.RegisterAsync(Requests.Register("P1000"));
        await silo.Settlement.SettleAsync(Requests.Settle("P1000", "s1", Requests.Inpatient(400_000)));
        Assert.Equal(602, (await new Following(silo).OnceAsync(new FollowRequest())).Count);
        Assert.Equal((1, 1), (pages.Read, offered));
        Assert.True(silo.Services.GetRequiredService<Followers>().Lag > TimeSpan.Zero);

        taken.SetResult();
        await following.WaitAsync(Following.Patience);
        Assert.Equal((3, 602 + 3), (pages.Read, offered));
        Assert.Equal(TimeSpan.Zero, silo.Services.GetRequiredService<Followers>().Lag);

        Task Take(FollowResponse response, bool more)
        {
            Interlocked.Increment(ref offered);
            return taken.Task;
        }
    }

    [Fact]
    public async Task Over_http_it_is_a_line_of_json_for_each_message()
    {
        await using TestSilo silo = await StartAsync();
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        using HttpRequestMessage post = new(HttpMethod.Post, "/v1/Feed/Follow") { Content = new StringContent("{\"after\":\"0\"}") };
        using HttpResponseMessage answer = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("application/jsonl", answer.Content.Headers.ContentType!.MediaType);
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync());
        JsonElement change = (await LineAsync()).GetProperty("change");
        Assert.Equal(("REGISTRATION", "P1"), (change.GetProperty("kind").GetString(), change.GetProperty("person").GetString()));
        Assert.Equal(change.GetProperty("position").GetString(), (await LineAsync()).GetProperty("progress").GetProperty("position")
            .GetString());

        // What comes later comes on the same answer; the end has its reason in the last line.
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "s1", Requests.Inpatient(400_000)));
        JsonElement settled;
        do settled = await LineAsync();
        while (!settled.TryGetProperty("change", out _));
        Assert.Equal("s1", settled.GetProperty("change").GetProperty("requestId").GetString());
        Task stopping = silo.StopAsync();
        string last = "";
        while (await lines.ReadLineAsync() is { } line) last = line;
        Assert.Equal(RefusalCodes.ServerStopping, JsonDocument.Parse(last).RootElement.GetProperty("error").GetProperty("details")[0]
            .GetProperty("reason").GetString());
        await stopping;

        async Task<JsonElement> LineAsync() => JsonDocument.Parse((await lines.ReadLineAsync())!).RootElement;
    }

    [Fact]
    public async Task A_stream_over_http_that_is_refused_at_once_has_the_status_of_any_other()
    {
        await using TestSilo silo = await StartAsync();
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        using HttpResponseMessage refused = await http.PostAsync("/v1/Feed/Follow", new StringContent("{\"after\":\"-1\"}"));
        Assert.Equal((HttpStatusCode.BadRequest, "application/json"), (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType));
    }

    private static async Task<TestSilo> StartAsync() => await TestSilo.StartAsync(
        [.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true", "Gateway:Feed:PollInterval=00:00:00.01",
            "Gateway:Feed:Heartbeat=00:00:00.02"]);

    private static Metadata Bearer(string key) => new() { { "authorization", $"Bearer {key}" } };

    private static async Task<AsyncServerStreamingCall<FollowResponse>> OpenedAsync(AsyncServerStreamingCall<FollowResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call;
    }

    private static async Task UntilAsync(TestSilo silo, Func<int, bool> holds)
    {
        using CancellationTokenSource patience = new(Following.Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(5));
        while (!holds(silo.Services.GetRequiredService<Followers>().Count)) await pause.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>
    /// Counts the pages that are read of the ledger. By proxies: a class that implements the grain's interface would be found as a grain.
    /// </summary>
    private sealed class PageCounter(IGrainFactory grains)
    {
        private int read;

        public int Read => Volatile.Read(ref read);

        public IGrainFactory Factory
        {
            get
            {
                IFeedGrain counted = Calls.To<IFeedGrain>(arguments =>
                {
                    Interlocked.Increment(ref read);
                    return grains.GetGrain<IFeedGrain>("-").ReadPage((FeedFilter)arguments[0]!, (long)arguments[1]!);
                });
                return Calls.To<IGrainFactory>(_ => counted);
            }
        }
    }

    /// <summary>An object whose every method is one function.</summary>
    public class Calls : DispatchProxy
    {
        private Func<object?[], object?> answer = null!;

        public static T To<T>(Func<object?[], object?> answer)
            where T : class
        {
            T proxy = Create<T, Calls>();
            ((Calls)(object)proxy).answer = answer;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => answer(args ?? []);
    }
}
