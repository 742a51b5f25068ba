using Google.Rpc;
using Grpc.Core;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>How a call ends is told by a code, a text, trailers and, if given, structured details.</summary>
public sealed class StatusTests
{
    public static TheoryData<StatusCode> FailureCodes => [.. Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK)];

    [Theory]
    [MemberData(nameof(FailureCodes))]
    public async Task Every_code_arrives_with_its_text_and_trailers(StatusCode code)
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().FailAsync(new Failure { Code = (int)code, Detail = "because" }));

        Assert.Equal(code, error.StatusCode);
        Assert.Equal("because", error.Status.Detail);
        Assert.Equal("told to", error.Trailers.GetValue("x-why"));
    }

    [Theory]
    [InlineData("余额不足：统筹基金")]
    [InlineData("100 % of\nthe \"limit\"")]
    [InlineData("%41 is not A")]
    public async Task Any_text_survives_the_header(string detail)
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().FailAsync(new Failure { Code = 9, Detail = detail }));

        Assert.Equal(detail, error.Status.Detail);
    }

    [Fact]
    public async Task Structured_details_arrive_in_the_trailers()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(
            server.Client()
                .FailAsync(new Failure { Code = (int)StatusCode.FailedPrecondition, Detail = "not now", Reason = "ACCOUNT_CLOSED" }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Google.Rpc.Status? status = error.GetRpcStatus();
        Assert.NotNull(status);
        Assert.Equal("not now", status.Message);
        ErrorInfo? info = status.GetDetail<ErrorInfo>();
        Assert.NotNull(info);
        Assert.Equal(("ACCOUNT_CLOSED", "contract.test"), (info.Reason, info.Domain));
    }

    [Fact]
    public async Task A_status_without_details_has_none()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().FailAsync(new Failure { Code = 3 }));

        Assert.Null(error.GetRpcStatus());
    }

    [Fact]
    public async Task An_exception_of_a_handler_says_nothing_of_itself()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().FailAsync(new Failure { Plain = true, Detail = "a secret" }));

        Assert.Equal(StatusCode.Unknown, error.StatusCode);
        Assert.Equal("Exception was thrown by handler.", error.Status.Detail);
    }

    [Fact]
    public async Task An_exception_of_a_handler_is_told_where_detailed_errors_are_on()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.EnableDetailedErrors = true);

        RpcException error = await TestServer.FailureOf(server.Client().FailAsync(new Failure { Plain = true, Detail = "no secret" }));

        Assert.Equal(StatusCode.Unknown, error.StatusCode);
        Assert.Equal("Exception was thrown by handler. InvalidOperationException: no secret", error.Status.Detail);
    }

    [Fact]
    public async Task A_method_nobody_implements_is_unimplemented()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().MissingAsync(new Text()));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task The_outcome_of_a_running_call_is_not_known()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncUnaryCall<Text> call = server.Client().WaitAsync(new Text());

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        Probe.ProbeClient client;
        await using (TestServer server = await TestServer.StartAsync())
            client = new Probe.ProbeClient(global::Grpc.Net.Client.GrpcChannel.ForAddress(server.Address));

        RpcException error = await TestServer.FailureOf(client.EchoAsync(new Text()));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }
}
