using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Settlement.Gateway.Draining;

/// <summary>Not ready from the moment at which the process is asked to stop.</summary>
internal sealed class DrainHealth(Drain drain) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsDraining ? HealthCheckResult.Unhealthy("The server is stopping.") : HealthCheckResult.Healthy());
}
