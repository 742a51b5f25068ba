using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Settlement.Load.Tests.Support;

/// <summary>The gRPC server of the product on a free port, with a service that does what the test tells it.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private PlainServer(WebApplication application, PlainBehaviour behaviour)
    {
        this.application = application;
        Behaviour = behaviour;
        Address = IPEndPoint.Parse(
            new Uri(application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.Single()).Authority);
    }

    public IPEndPoint Address { get; }

    public PlainBehaviour Behaviour { get; }

    public static async Task<PlainServer> StartAsync(PlainBehaviour? behaviour = null, Action<KestrelServerOptions>? kestrel = null)
    {
        behaviour ??= new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.Http2.MaxStreamsPerConnection = 1024;
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel?.Invoke(options);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(behaviour);
        WebApplication application = builder.Build();
        application.MapGrpcService<PlainService>();
        await application.StartAsync();
        return new PlainServer(application, behaviour);
    }

    public Task StopAsync(CancellationToken cancellation) => application.StopAsync(cancellation);

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
