using System.Net;
using Google.Rpc;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Cluster.Tests;

/// <summary>A silo that is asked to stop: first not ready, then no more requests; what it accepted is answered.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_says_that_it_is_not_ready_before_it_stops_to_serve()
    {
        TestSilo silo = await StartAsync("Gateway:DrainDelay=00:00:01");
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(http));

        Task stopping = silo.StopAsync();
        while (await ReadyAsync(http) == HttpStatusCode.OK) await Task.Yield();
        Assert.False(stopping.IsCompleted);
        Assert.NotEmpty((await silo.Settlement.SettleAsync(Requests.Settle("P1", "s1", Requests.Inpatient(400_000)))).Result.SettlementId);
        await stopping.WaitAsync(Patience);

        await Assert.ThrowsAsync<HttpRequestException>(() => ReadyAsync(http));
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task An_open_upload_is_answered_as_far_as_it_was_accepted_and_goes_on_elsewhere()
    {
        TestSilo silo = await StartAsync();
        using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> upload = silo.Settlement.SettleMany();
        const int accepted = 20;
        for (int i = 0; i < accepted; i++)
            await upload.RequestStream.WriteAsync(Requests.Settle("P1", $"u{i}", Requests.Inpatient(400_000)));
        HashSet<string> answered = [];
        Assert.True(await upload.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        Assert.True(answered.Add(upload.ResponseStream.Current.Settled.Result.RequestId));

        Task stopping = silo.StopAsync();
        RpcException end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await upload.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience))
                Assert.True(answered.Add(upload.ResponseStream.Current.Settled.Result.RequestId));
        });

        Google.Rpc.Status? told = end.GetRpcStatus();
        Assert.True(told is not null, $"ended without details: {end}");
        Assert.Equal((StatusCode.Unavailable, RefusalCodes.ServerStopping), (end.StatusCode, told.GetDetail<ErrorInfo>()!.Reason));
        Assert.NotNull(told.GetDetail<RetryInfo>());
        await stopping.WaitAsync(Patience);
        // What was answered is there, and nothing else is: what was not answered was not accepted.
        Assert.Equal(answered.Count + 1, (await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, "P1")).LastSequence);
        await silo.DisposeAsync();
    }

    private static async Task<TestSilo> StartAsync(params string[] settings)
    {
        TestSilo silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true", .. settings]);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        return silo;
    }

    private static async Task<HttpStatusCode> ReadyAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync("/health/ready");
        return answer.StatusCode;
    }
}
