using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>How the health checks of the application become the health service.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>The services that can be asked for; the empty name stands for all checks.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>Answers with the last published result instead of running the checks.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Leaves watches open when the application stops.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

/// <summary>A health check as a mapping sees it.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    /// <summary>The name of the check.</summary>
    public string Name { get; } = name;

    /// <summary>The tags of the check.</summary>
    public IEnumerable<string> Tags { get; } = tags;
}

/// <summary>A service name and the checks it stands for.</summary>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
{
    /// <summary>The name that clients ask for.</summary>
    public string Name { get; } = name;

    /// <summary>Chooses the checks; null for all of them.</summary>
    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; } = predicate;

    internal bool Covers(string check, IEnumerable<string> tags) =>
        HealthCheckPredicate?.Invoke(new HealthCheckMapContext(check, tags)) ?? true;
}

/// <summary>Service names and the checks they stand for.</summary>
[SuppressMessage(
    "Naming", "CA1710:Identifiers should have correct suffix", Justification = "The name is that of the library this stands in for.")]
public sealed class ServiceMappingCollection : ICollection<ServiceMapping>
{
    private readonly Dictionary<string, ServiceMapping> mappings = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public int Count => mappings.Count;

    bool ICollection<ServiceMapping>.IsReadOnly => false;

    /// <summary>Maps a service name to checks, in place of its earlier mapping.</summary>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate) => mappings[name] = new ServiceMapping(name, predicate);

    /// <inheritdoc />
    public void Add(ServiceMapping service)
    {
        ArgumentNullException.ThrowIfNull(service);
        mappings.Add(service.Name, service);
    }

    /// <summary>Removes the mapping of a name.</summary>
    public void Remove(string name) => mappings.Remove(name);

    /// <inheritdoc />
    public void Clear() => mappings.Clear();

    /// <inheritdoc />
    public IEnumerator<ServiceMapping> GetEnumerator() => mappings.Values.GetEnumerator();

    bool ICollection<ServiceMapping>.Contains(ServiceMapping item) => mappings.ContainsValue(item);

    void ICollection<ServiceMapping>.CopyTo(ServiceMapping[] array, int arrayIndex) => mappings.Values.CopyTo(array, arrayIndex);

    bool ICollection<ServiceMapping>.Remove(ServiceMapping item) => mappings.Remove(item.Name);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ServiceMapping? Find(string name) => mappings.GetValueOrDefault(name);
}
