using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.HealthCheck;

/// <summary>The health service over statuses that are set from outside.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    /// <summary>A slow watcher misses statuses between, never the last.</summary>
    private const int WatcherBuffer = 5;

    private readonly Lock gate = new();
    private readonly Dictionary<string, ServingStatus> statuses = new(StringComparer.Ordinal);
    private readonly List<(string Service, ChannelWriter<ServingStatus> Updates)> watchers = [];

    /// <summary>Sets the status of a service and tells its watchers of a change.</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (gate)
        {
            ServingStatus before = StatusOf(service);
            statuses[service] = status;
            if (before != status)
                Notify(service, status);
        }
    }

    /// <summary>Forgets a service.</summary>
    public void ClearStatus(string service)
    {
        lock (gate)
        {
            if (statuses.Remove(service))
                Notify(service, ServingStatus.ServiceUnknown);
        }
    }

    /// <summary>The status now; NOT_FOUND for a service nobody has set.</summary>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (gate)
        {
            return statuses.TryGetValue(request.Service, out ServingStatus status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, ""));
        }
    }

    /// <summary>The status now and at each change, until the call is cancelled.</summary>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        Channel<ServingStatus> updates = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(WatcherBuffer) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
        (string, ChannelWriter<ServingStatus>) watcher = (request.Service, updates.Writer);
        lock (gate)
        {
            watchers.Add(watcher);
            updates.Writer.TryWrite(StatusOf(request.Service));
        }

        // Completing the channel, rather than cancelling the read, lets a cancelled watch end as an ordinary return.
        await using CancellationTokenRegistration cancelled = context.CancellationToken.Register(() => updates.Writer.TryComplete());
        try
        {
            await foreach (ServingStatus status in updates.Reader.ReadAllAsync())
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
        }
        finally
        {
            lock (gate)
                watchers.Remove(watcher);
        }
    }

    private ServingStatus StatusOf(string service) => statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);

    private void Notify(string service, ServingStatus status)
    {
        foreach ((string watched, ChannelWriter<ServingStatus> updates) in watchers)
        {
            if (watched == service)
                updates.TryWrite(status);
        }
    }
}
