using System.Net;
using System.Text;
using Google.Rpc;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Cluster.Tests.Security;

/// <summary>More than the gateway takes on: refused with the time to wait, without harm to others, over the real wire.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-overload-").FullName;
    private readonly Dictionary<string, Metadata> callers = [];

    public Task InitializeAsync()
    {
        KeyFile file = new();
        foreach (RegisteredFacility? facility in new[] { null, new RegisteredFacility { Code = "HOT" }, new() { Code = "CALM" },
            new() { Code = "SLOW", RequestsPerSecond = 1 } })
        {
            (string text, file) = file.Add(facility is null ? Role.Agency : Role.Facility, facility, DateTimeOffset.UnixEpoch);
            callers[facility?.Code ?? "AGENCY"] = new Metadata { { "authorization", $"Bearer {text}" } };
        }

        file.Write(Path.Combine(folder, "keys.json"));
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_hot_facility_is_refused_with_a_delay_a_calm_one_never_and_what_was_accepted_is_in_the_ledger()
    {
        const int Hot = 600;
        await using TestSilo silo = await StartAsync("Gateway:Overload:MaxInWork=10");
        for (int i = 0; i < 20; i++) await silo.Enrolment.RegisterAsync(Requests.Register($"P{i}"), callers["AGENCY"]);

        Task<Google.Rpc.Status?>[] hot = [.. Enumerable.Range(0, Hot).Select(i => SettleAsync(silo, $"P{i % 20}", $"h{i}", "HOT"))];
        List<Google.Rpc.Status?> calm = [];
        for (int i = 0; i < 20; i++) calm.Add(await SettleAsync(silo, $"P{i}", $"c{i}", "CALM"));
        Google.Rpc.Status?[] answers = await Task.WhenAll(hot);

        Assert.All(calm, Assert.Null);
        Google.Rpc.Status[] refused = [.. answers.OfType<Google.Rpc.Status>()];
        Assert.NotEmpty(refused);
        Assert.All(refused, status =>
            Assert.Equal(("BUSY", (int)StatusCode.ResourceExhausted), (status.GetDetail<ErrorInfo>()!.Reason, status.Code)));
        TimeSpan[] delays = [.. refused.Select(status => status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan())];
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(600)));
        Assert.True(delays.Distinct().Count() > 1, "all come back at once");
        int accepted = answers.Count(status => status is null);
        int listed = 0;
        for (int i = 0; i < 20; i++)
            listed += (await silo.Settlement.ListSettlementsAsync(
                new ListSettlementsRequest { Person = $"P{i}", Facility = "HOT", PageSize = 200 }, callers["AGENCY"])).Settlements.Count;
        Assert.Equal(accepted, listed);
    }

    [Fact]
    public async Task A_facility_above_its_rate_is_told_when_to_come_again_over_grpc_and_json()
    {
        await using TestSilo silo = await StartAsync();
        await silo.Settlement.PingAsync(new PingRequest(), callers["SLOW"]);
        await silo.Settlement.PingAsync(new PingRequest(), callers["SLOW"]);
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            async () => await silo.Settlement.PingAsync(new PingRequest(), callers["SLOW"]));
        Assert.Equal("RATE_EXCEEDED", error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.InRange(
            error.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1.6));

        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        http.DefaultRequestHeaders.Add("Authorization", callers["SLOW"].GetValue("authorization"));
        using HttpResponseMessage refused = await http.PostAsync(
            "/v1/Settlement/Ping", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        await silo.Settlement.PingAsync(new PingRequest(), callers["CALM"]);
    }

    [Fact]
    public async Task A_stream_takes_its_turn_where_single_calls_are_refused()
    {
        await using TestSilo silo = await StartAsync("Gateway:Overload:MaxInWork=2");
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), callers["AGENCY"]);
        using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> stream = silo.Settlement.SettleMany(callers["HOT"]);
        for (int i = 0; i < 50; i++)
            await stream.RequestStream.WriteAsync(Requests.Settle("P1", $"r{i}", Requests.Inpatient(100_000, "HOT")));
        await stream.RequestStream.CompleteAsync();
        int settled = 0;
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            Assert.Null(stream.ResponseStream.Current.Refusal);
            settled++;
        }

        Assert.Equal(50, settled);
    }

    [Fact]
    public async Task A_call_is_refused_before_a_byte_of_its_request_has_come()
    {
        await using TestSilo silo = await StartAsync("Gateway:Overload:MaxInWork=1");
        using HttpClient http = new() { BaseAddress = new Uri(silo.GrpcAddress) };
        using CancellationTokenSource end = new();
        // One of the two has the only place and waits for its request; the other has none.
        Task<HttpResponseMessage>[] calls = [Send(), Send()];
        using HttpResponseMessage refused = await await Task.WhenAny(calls).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("8", Assert.Single(refused.Headers.GetValues("grpc-status")));
        string details = Assert.Single(refused.Headers.GetValues("grpc-status-details-bin"));
        Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(
            Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal("BUSY", status.GetDetail<ErrorInfo>()!.Reason);
        Assert.NotNull(status.GetDetail<RetryInfo>());
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => calls.Single(call => call.Status != TaskStatus.RanToCompletion));

        Task<HttpResponseMessage> Send()
        {
            HttpRequestMessage request = new(HttpMethod.Post, "/settlement.v1.Settlement/Settle")
            {
                Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new Unsent(end.Token),
            };
            request.Headers.Add("authorization", callers["HOT"].GetValue("authorization"));
            return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
        }
    }

    private async Task<TestSilo> StartAsync(params string[] settings) =>
        await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={folder}/keys.json", .. settings]);

    private async Task<Google.Rpc.Status?> SettleAsync(TestSilo silo, string person, string id, string facility)
    {
        try
        {
            await silo.Settlement.SettleAsync(Requests.Settle(person, id, Requests.Inpatient(100_000, facility)), callers[facility]);
            return null;
        }
        catch (RpcException error)
        {
            return error.GetRpcStatus() ?? throw new InvalidOperationException($"no details: {error.Status}");
        }
    }

    /// <summary>A body of which nothing is sent until the call is given up.</summary>
    private sealed class Unsent : HttpContent
    {
        private readonly CancellationToken end;

        public Unsent(CancellationToken end)
        {
            this.end = end;
            Headers.ContentType = new("application/grpc");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            new TaskCompletionSource().Task.WaitAsync(end);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
