using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans;
using Settlement.Contract;
using Settlement.Identity;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.GatewayHost;

/// <summary>Ready only while a silo answers and its ledger can be read.</summary>
internal sealed class ClusterHealth(IGrainFactory grains) : IHealthCheck
{
    // Nobody's request: the answer is that it is not known, and the ledger had to be asked for it.
    private const string Probe = "readiness";

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            Reply<GetByRequestResponse> reply = await grains.GetGrain<ILedgerReaderGrain>(Probe).GetByRequest(Origins.Agency, Probe)
                .WaitAsync(cancellationToken);
            return reply.Refusal is { } refusal ? HealthCheckResult.Unhealthy(refusal.Message) : HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("No silo answers.", error);
        }
    }
}
