using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Settlement.Contract;
using Settlement.Persons;
using Settlement.Tests.Support;

namespace Settlement.Scenarios.Serving;

/// <summary>The server under load: a process of its own, started here on an empty ledger, or one that runs already.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int Connections = 4;
    private readonly SiloProcess? own;
    private readonly GrpcChannel[] channels;
    private readonly CallInvoker[] calls;
    private int next;

    private Server(SiloProcess? own, OwnLedger? ledger, string address, string? key)
    {
        this.own = own;
        Ledger = ledger;
        Address = address;
        channels = [.. Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress(address))];
        calls = Array.ConvertAll(channels, static channel => channel.Intercept(new PersonBucketInterceptor()));
        Headers = key is null ? [] : new Metadata { { "authorization", $"Bearer {key}" } };
    }

    /// <summary>Where it answers.</summary>
    public string Address { get; }

    /// <summary>What every call carries.</summary>
    public Metadata Headers { get; }

    /// <summary>The ledger of an own server; null: not ours to read.</summary>
    public OwnLedger? Ledger { get; }

    /// <summary>The process of an own server; null: not on this machine, or not known.</summary>
    public int? ProcessId => own?.ProcessId;

    /// <summary>Settlements, over one connection after the other.</summary>
    public Contract.Settlement.SettlementClient Settlement => new(Next());

    /// <summary>Enrolment, over one connection after the other.</summary>
    public Enrolment.EnrolmentClient Enrolment => new(Next());

    /// <summary>Starts a server, or connects to the target.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message holds what it said.</exception>
    public static async Task<Server> OpenAsync(LoadOptions options)
    {
        if (options.Target is { } target) return new Server(null, null, target, options.Key);
        OwnLedger ledger = await OwnLedger.CreateAsync(options).ConfigureAwait(false);
        SiloProcess silo = new(Surroundings.Silo, Surroundings.Policies, [.. ledger.Settings, .. options.ServerSettings]);
        await silo.StartAsync().ConfigureAwait(false);
        return new Server(silo, ledger, silo.Address, null);
    }

    /// <summary>Ends an own server in good order, so that its ledger can be read; leaves another alone.</summary>
    public async Task StopAsync()
    {
        foreach (GrpcChannel channel in channels) channel.Dispose();
        if (own is not null) await own.StopAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (own is not null) await own.DisposeAsync().ConfigureAwait(false);
        if (Ledger is not null) await Ledger.DisposeAsync().ConfigureAwait(false);
    }

    private CallInvoker Next() => calls[(uint)Interlocked.Increment(ref next) % Connections];
}
