using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>The standard health service tells what the health checks of the application say.</summary>
public sealed class HealthTests
{
    private volatile HealthStatus ledger = HealthStatus.Healthy;

    [Theory]
    [InlineData(HealthStatus.Healthy, ServingStatus.Serving)]
    [InlineData(HealthStatus.Degraded, ServingStatus.Serving)]
    [InlineData(HealthStatus.Unhealthy, ServingStatus.NotServing)]
    public async Task Check_runs_the_checks(HealthStatus status, ServingStatus expected)
    {
        await using TestServer server = await StartAsync();
        var client = new Health.HealthClient(server.Channel());
        ledger = status;

        Assert.Equal(expected, (await client.CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task A_mapped_service_has_its_own_checks()
    {
        await using TestServer server = await StartAsync();
        var client = new Health.HealthClient(server.Channel());
        ledger = HealthStatus.Unhealthy;

        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(new HealthCheckRequest { Service = "ledger" })).Status);
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest { Service = "rules" })).Status);
    }

    [Fact]
    public async Task An_unknown_service_is_not_found()
    {
        await using TestServer server = await StartAsync();
        var client = new Health.HealthClient(server.Channel());

        RpcException error = await TestServer.FailureOf(client.CheckAsync(new HealthCheckRequest { Service = "unknown" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Watch_tells_the_status_now_and_each_change()
    {
        await using TestServer server = await StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> call =
            new Health.HealthClient(server.Channel()).Watch(new HealthCheckRequest { Service = "ledger" });

        await WaitForAsync(call, ServingStatus.Serving);
        ledger = HealthStatus.Unhealthy;
        await WaitForAsync(call, ServingStatus.NotServing);
        ledger = HealthStatus.Healthy;
        await WaitForAsync(call, ServingStatus.Serving);
    }

    [Fact]
    public async Task Watch_of_an_unknown_service_waits_for_it()
    {
        await using TestServer server = await StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> call =
            new Health.HealthClient(server.Channel()).Watch(new HealthCheckRequest { Service = "unknown" });

        await WaitForAsync(call, ServingStatus.ServiceUnknown);
    }

    private static async Task WaitForAsync(AsyncServerStreamingCall<HealthCheckResponse> call, ServingStatus status)
    {
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TestServer.Guard));
        }
        while (call.ResponseStream.Current.Status != status);
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(
        services: services =>
        {
            services.AddGrpcHealthChecks(options =>
                {
                    options.Services.Map("ledger", check => check.Tags.Contains("storage"));
                    options.Services.Map("rules", check => check.Name == "rules");
                })
                .AddCheck("ledger", () => new HealthCheckResult(ledger), ["storage"])
                .AddCheck("rules", () => HealthCheckResult.Healthy());
            services.Configure<HealthCheckPublisherOptions>(options =>
            {
                options.Delay = TimeSpan.Zero;
                options.Period = TimeSpan.FromSeconds(1);
            });
        },
        map: application => application.MapGrpcHealthChecksService());
}
