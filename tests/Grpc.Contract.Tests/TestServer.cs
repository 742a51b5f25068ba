using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>A server on a free port with the probe service, and clients of it.</summary>
public sealed class TestServer : IAsyncDisposable
{
    /// <summary>Bounds every wait: a test that needs longer hangs.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly WebApplication application;
    private readonly List<GrpcChannel> channels = [];

    private TestServer(WebApplication application)
    {
        this.application = application;
        string address = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.Single();
        Address = new Uri(address);
    }

    public Uri Address { get; }

    public Signals Signals => application.Services.GetRequiredService<Signals>();

    public IServiceProvider Services => application.Services;

    public static async Task<TestServer> StartAsync(
        Action<GrpcServiceOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        HttpProtocols protocols = HttpProtocols.Http2)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Services.AddGrpc(options ?? (_ => { }));
        builder.Services.AddSingleton<Signals>();
        services?.Invoke(builder.Services);
        WebApplication application = builder.Build();
        application.MapGrpcService<ProbeService>();
        map?.Invoke(application);
        await application.StartAsync();
        return new TestServer(application);
    }

    public GrpcChannel Channel(Action<GrpcChannelOptions>? configure = null)
    {
        var options = new GrpcChannelOptions();
        configure?.Invoke(options);
        GrpcChannel channel = GrpcChannel.ForAddress(Address, options);
        channels.Add(channel);
        return channel;
    }

    public Probe.ProbeClient Client(Action<GrpcChannelOptions>? configure = null) => new(Channel(configure));

    /// <summary>The exception a call ends with.</summary>
    public static Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) =>
        Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Guard));

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in channels)
            channel.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await application.StopAsync(now.Token);
        await application.DisposeAsync();
    }
}
