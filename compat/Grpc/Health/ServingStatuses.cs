using Grpc.AspNetCore.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Settlement.Compat.Grpc.Health;

/// <summary>The serving status of a service from the results of its checks.</summary>
internal static class ServingStatuses
{
    /// <summary>NOT_SERVING with one unhealthy check, UNKNOWN without checks, else SERVING: a degraded service still serves.</summary>
    internal static ServingStatus Of(ServiceMapping mapping, HealthReport report)
    {
        HealthStatus[] statuses =
        [
            .. report.Entries
                .Where(entry => mapping.Covers(entry.Key, entry.Value.Tags))
                .Select(entry => entry.Value.Status),
        ];
        if (statuses.Length == 0)
            return ServingStatus.Unknown;
        return statuses.Contains(HealthStatus.Unhealthy) ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
