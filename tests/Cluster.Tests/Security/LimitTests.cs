using System.Net;
using System.Text.Json;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests.Security;

/// <summary>What is no request, too large, or too slow is refused by name, also where gRPC itself refuses it.</summary>
public sealed class LimitTests : IAsyncLifetime, IDisposable
{
    private TestSilo silo = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync(
            [.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true", "Gateway:MaxRequestBytes=20000",
                "Gateway:StreamIdleTimeout=00:00:01", "Logging:LogLevel:Grpc=None"]);
        http = new HttpClient { BaseAddress = new Uri(silo.HttpAddress) };
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    public void Dispose() => http.Dispose();

    [Theory]
    // a text of 127 bytes, of which one is there
    [InlineData("Settle", new byte[] { 0x0A, 0x7F, 1 }, StatusCode.InvalidArgument, "MALFORMED_REQUEST")]
    [InlineData("Settle", new byte[] { 0xFF, 0xFF, 0xFF }, StatusCode.InvalidArgument, "MALFORMED_REQUEST")]
    [InlineData("Abolish", new byte[0], StatusCode.Unimplemented, "UNKNOWN_OPERATION")]
    public async Task Bytes_that_are_no_message_and_operations_that_are_none_are_named(
        string method, byte[] message, StatusCode status, string reason)
    {
        Method<byte[], byte[]> call = new(
            MethodType.Unary, "settlement.v1.Settlement", method, Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        await Refused.With(reason, status, silo.Channel().CreateCallInvoker().AsyncUnaryCall(call, null, default, message));
    }

    [Fact]
    public async Task A_service_that_is_none_is_named()
    {
        Method<byte[], byte[]> call = new(
            MethodType.Unary, "settlement.v1.Payments", "Settle", Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        await Refused.With(
            "UNKNOWN_OPERATION", StatusCode.Unimplemented, silo.Channel().CreateCallInvoker().AsyncUnaryCall(call, null, default, []));
    }

    [Fact]
    public async Task A_message_above_the_limit_is_the_callers_to_mend_and_not_busy()
    {
        await Refused.With(
            "REQUEST_TOO_LARGE", StatusCode.InvalidArgument,
            silo.Settlement.SettleAsync(new SettleRequest { RequestId = new string('z', 20_001) }));
        Assert.Equal((HttpStatusCode.BadRequest, "REQUEST_TOO_LARGE"), await PostAsync("Settlement/Settle", new string(' ', 20_001)));
    }

    [Theory]
    [InlineData("Settlement/Settle", "", HttpStatusCode.BadRequest, "MALFORMED_REQUEST")]
    [InlineData("Settlement/Settle", "{\"person\": \"", HttpStatusCode.BadRequest, "MALFORMED_REQUEST")]
    [InlineData("Settlement/Settle", "{\"person\": 01}", HttpStatusCode.BadRequest, "MALFORMED_REQUEST")]
    [InlineData("Settlement/Settle", "[]", HttpStatusCode.BadRequest, "MALFORMED_REQUEST")]
    [InlineData("Settlement/Settle", """{"no_such_field": 1}""", HttpStatusCode.BadRequest, "MALFORMED_REQUEST")]
    [InlineData("Settlement/Settle", """{"claim": {"totals": {"total": 1e99}}}""", HttpStatusCode.BadRequest, "MALFORMED_REQUEST")]
    [InlineData("Settlement/Abolish", "{}", HttpStatusCode.NotImplemented, "UNKNOWN_OPERATION")]
    public async Task Json_that_is_no_request_is_named(string operation, string body, HttpStatusCode status, string reason) =>
        Assert.Equal((status, reason), await PostAsync(operation, body));

    [Fact]
    public async Task A_page_of_less_than_nothing_is_refused() => await Refused.With(
        "INVALID_FIELD", StatusCode.InvalidArgument,
            silo.Settlement.ListSettlementsAsync(new ListSettlementsRequest { Person = "P1", PageSize = -1 }));

    [Fact]
    public async Task Bytes_that_are_no_message_end_a_stream_by_name()
    {
        Method<byte[], SettleManyResponse> call = new(
            MethodType.DuplexStreaming, "settlement.v1.Settlement", "SettleMany", Marshallers.Create(b => b, b => b),
            Marshallers.Create<SettleManyResponse>(Google.Protobuf.MessageExtensions.ToByteArray, SettleManyResponse.Parser.ParseFrom));
        using AsyncDuplexStreamingCall<byte[], SettleManyResponse> stream = silo.Channel().CreateCallInvoker()
            .AsyncDuplexStreamingCall(call, null, default);
        await stream.RequestStream.WriteAsync([0x0A, 0x7F, 1]);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(
            (StatusCode.InvalidArgument, "MALFORMED_REQUEST"),
            (error.StatusCode, error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason));
    }

    [Fact]
    public async Task Headers_have_a_bound()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/Settlement/Ping") { Content = new StringContent("{}") };
        request.Headers.Add("x-long", new string('x', 17_000));
        using HttpResponseMessage answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_brings_nothing_is_ended_and_what_it_brought_stands()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> stream = silo.Settlement.SettleMany();
        await stream.RequestStream.WriteAsync(Requests.Settle("P1", "r1", Requests.Inpatient(100_000)));
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotNull(stream.ResponseStream.Current.Settled);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("CALL_ENDED", error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason);
    }

    private async Task<(HttpStatusCode Status, string? Reason)> PostAsync(string operation, string body)
    {
        using HttpResponseMessage answer = await http.PostAsync($"/v1/{operation}", new StringContent(body));
        using JsonDocument status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, status.RootElement.GetProperty("details")[0].GetProperty("reason").GetString());
    }
}
