using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Silo;

namespace Settlement.Cluster.Tests.Support;

/// <summary>A silo with its gateway, on free loopback ports, as <c>settlement up</c> would start it.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string reads;
    private readonly List<GrpcChannel> channels = [];

    private TestSilo(WebApplication app, string reads, string grpcAddress, string httpAddress)
    {
        this.app = app;
        this.reads = reads;
        GrpcAddress = grpcAddress;
        HttpAddress = httpAddress;
        Settlement = new Contract.Settlement.SettlementClient(Channel());
        Enrolment = new Enrolment.EnrolmentClient(Channel());
    }

    public string GrpcAddress { get; }

    public string HttpAddress { get; }

    public Contract.Settlement.SettlementClient Settlement { get; }

    public Enrolment.EnrolmentClient Enrolment { get; }

    public IServiceProvider Services => app.Services;

    public ILedgerStore Ledger => app.Services.GetRequiredService<ILedgerStore>();

    public ILoggerFactory Logging => app.Services.GetRequiredService<ILoggerFactory>();

    public PolicyCatalogue Policies => app.Services.GetRequiredService<PolicyCatalogue>();

    public static string PoliciesDirectory => Path.Combine(AppContext.BaseDirectory, "policies");

    /// <summary>Starts a silo.</summary>
    /// <param name="settings">Configuration as on the command line, without the leading dashes: <c>Ledger:Path=...</c>.</param>
    public static Task<TestSilo> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, settings);

    /// <summary>Starts a silo with a clock.</summary>
    public static async Task<TestSilo> StartAsync(TimeProvider time, params string[] settings)
    {
        string reads = Directory.CreateTempSubdirectory("settlement-reads-").FullName;
        string[] fixedSettings =
        [
            "Gateway:GrpcAddress=127.0.0.1:0", "Gateway:HttpAddress=127.0.0.1:0", $"Policies:Directory={PoliciesDirectory}",
            $"Gateway:Reads:Directory={reads}",
            "Cluster:SiloPort=0", "Cluster:GatewayPort=0",
            "Logging:LogLevel:Default=Error", "Logging:LogLevel:Microsoft.Hosting.Lifetime=Error", "Logging:LogLevel:Orleans=Error",
        ];
        WebApplication app = await SiloHost.BuildAsync([.. fixedSettings.Concat(settings).Select(setting => "--" + setting)], time);
        await app.StartAsync();
        string[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        return new TestSilo(app, reads, addresses[0], addresses[1]);
    }

    /// <summary>A further connection to the gateway.</summary>
    public GrpcChannel Channel()
    {
        GrpcChannel channel = GrpcChannel.ForAddress(GrpcAddress);
        channels.Add(channel);
        return channel;
    }

    /// <summary>Stops it as SIGTERM would; the ledger can still be read.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in channels) channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(reads, recursive: true);
    }
}
