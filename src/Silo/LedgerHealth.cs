using Microsoft.Extensions.Diagnostics.HealthChecks;
using Settlement.Ledger;

namespace Settlement.Silo;

/// <summary>Ready only while the ledger answers and can be written.</summary>
internal sealed class LedgerHealth(ILedgerStore store, LedgerWriter writer) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (writer.IsFailing) return HealthCheckResult.Unhealthy("A ledger writer cannot reach the database.");
        try
        {
            await store.CheckHealthAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (LedgerException error)
        {
            return HealthCheckResult.Unhealthy("The ledger does not answer.", error);
        }
    }
}
