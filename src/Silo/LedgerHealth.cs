using Microsoft.Extensions.Diagnostics.HealthChecks;
using Settlement.Ledger;

namespace Settlement.Silo;

/// <summary>Ready only while the ledger answers, takes what is written, and has the schema that this program knows.</summary>
internal sealed class LedgerHealth(ILedgerStore store, LedgerWriter writer) : IHealthCheck
{
    /// <summary>After this a ledger that has not answered counts as one that does not.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (writer.IsFailing) return HealthCheckResult.Unhealthy("A ledger writer cannot write to the database.");
        try
        {
            // A driver may sit on its cancellation while the server stands still.
            await store.CheckHealthAsync(cancellationToken).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (LedgerException error)
        {
            return HealthCheckResult.Unhealthy(error.Message, error);
        }
    }
}
