using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Fill;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Refusals;
using Settlement.Silo;

namespace Settlement.StateBench;

/// <summary>A silo in this process, called without the wire: what is measured is state, and the wire costs the same at any size.</summary>
internal sealed class SiloUnderTest : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IGrainFactory grains;

    private SiloUnderTest(WebApplication app)
    {
        this.app = app;
        grains = app.Services.GetRequiredService<IGrainFactory>();
    }

    public ILedgerStore Ledger => app.Services.GetRequiredService<ILedgerStore>();

    public static async Task<SiloUnderTest> StartAsync(LedgerOptions ledger, string policies)
    {
        WebApplication app = await SiloHost.BuildAsync(
        [
            $"--Ledger:Provider={ledger.Provider}", $"--Ledger:Path={ledger.Path}", $"--Ledger:ConnectionString={ledger.ConnectionString}",
            $"--Policies:Directory={policies}", "--Gateway:GrpcAddress=127.0.0.1:0", "--Gateway:HttpAddress=127.0.0.1:0",
            "--Gateway:Insecure=true",
            "--Cluster:SiloPort=0", "--Cluster:GatewayPort=0", "--Logging:LogLevel:Default=Error",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
        ]);
        await app.StartAsync();
        return new SiloUnderTest(app);
    }

    /// <summary>Settles; anything but a new settlement is an error, because figures with errors mean nothing.</summary>
    /// <exception cref="InvalidOperationException">The settlement was refused or not new.</exception>
    public async Task SettleAsync(SettleRequest request)
    {
        Reply<SettleAnswer> reply = await Person(request.Person).Settle(new Immutable<SettleRequest>(request), SettlerTerms.Agency);
        if (reply.Refusal is { } refusal)
            throw new InvalidOperationException($"Request {request.RequestId} was refused: {refusal.Code}, {refusal.Message}");
        if (reply.Value!.Message.AlreadySettled is not null)
            throw new InvalidOperationException($"Request {request.RequestId} was settled before.");
    }

    /// <summary>Asks for a person's account: of a person who is not active, the cheapest call that wakes.</summary>
    /// <exception cref="InvalidOperationException">The person is not in the ledger.</exception>
    public async Task WakeAsync(int number)
    {
        Reply<GetAccountResponse> reply = await Person(FillPlan.PersonId(number)).GetAccount();
        if (reply.Refusal is { } refusal) throw new InvalidOperationException($"Person {number} was refused: {refusal.Code}");
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private IInsuredPersonGrain Person(string id) => grains.GetGrain<IInsuredPersonGrain>(id);
}
