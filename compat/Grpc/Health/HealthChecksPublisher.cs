using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Settlement.Compat.Grpc.Health;

/// <summary>Carries each published health report to the watchers.</summary>
internal sealed class HealthChecksPublisher(HealthServiceImpl service, IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (ServiceMapping mapping in options.Value.Services)
            service.SetStatus(mapping.Name, ServingStatuses.Of(mapping, report));
        return Task.CompletedTask;
    }
}
