using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>A mark that the application chose how silos find each other.</summary>
internal sealed class ClusteringChoice;

/// <summary>Refuses options that cannot work, at the start.</summary>
internal static class SiloOptionsRules
{
    /// <exception cref="OrleansConfigurationException">Names option, value and rule.</exception>
    public static void Check(GrainCollectionOptions collection, SiloMessagingOptions messaging)
    {
        if (collection.CollectionQuantum <= TimeSpan.Zero)
            throw Refusal(nameof(GrainCollectionOptions.CollectionQuantum), collection.CollectionQuantum, "must be greater than 0");
        if (collection.CollectionAge <= collection.CollectionQuantum)
        {
            throw Refusal(
                nameof(GrainCollectionOptions.CollectionAge),
                collection.CollectionAge,
                $"must be greater than {nameof(GrainCollectionOptions.CollectionQuantum)}, which is set to {collection.CollectionQuantum}");
        }

        if (collection.EnableActivationSheddingOnMemoryPressure) CheckShedding(collection);
        if (messaging.ResponseTimeout <= TimeSpan.Zero)
            throw Refusal(nameof(MessagingOptions.ResponseTimeout), messaging.ResponseTimeout, "must be greater than 0");
    }

    /// <exception cref="OrleansConfigurationException">Names option, value and rule.</exception>
    public static void Check(ClusterOptions cluster, bool clusteringIsChosen)
    {
        if (!clusteringIsChosen)
            throw new OrleansConfigurationException("Clustering has not been configured. Call UseLocalhostClustering for a single silo.");
        if (string.IsNullOrWhiteSpace(cluster.ClusterId))
            throw new OrleansConfigurationException(
                "Configuration for ClusterOptions is invalid. A non-empty value for ClusterId is required.");
        if (string.IsNullOrWhiteSpace(cluster.ServiceId))
            throw new OrleansConfigurationException(
                "Configuration for ClusterOptions is invalid. A non-empty value for ServiceId is required.");
    }

    private static void CheckShedding(GrainCollectionOptions collection)
    {
        var (limit, target) = (collection.MemoryUsageLimitPercentage, collection.MemoryUsageTargetPercentage);
        if (collection.MemoryUsagePollingPeriod <= TimeSpan.Zero)
            throw Refusal(
                nameof(GrainCollectionOptions.MemoryUsagePollingPeriod), collection.MemoryUsagePollingPeriod, "must be greater than 0");
        if (limit is not (>= 0 and <= 100))
            throw Refusal(nameof(GrainCollectionOptions.MemoryUsageLimitPercentage), limit, "must be between 0 and 100");
        if (target is not (>= 0 and <= 100))
            throw Refusal(nameof(GrainCollectionOptions.MemoryUsageTargetPercentage), target, "must be between 0 and 100");
        if (target >= limit)
        {
            throw Refusal(
                nameof(GrainCollectionOptions.MemoryUsageTargetPercentage),
                target,
                $"must be less than {nameof(GrainCollectionOptions.MemoryUsageLimitPercentage)}, which is set to {limit}");
        }
    }

    private static OrleansConfigurationException Refusal(string name, IFormattable value, string rule) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is set to {value}. {name} {rule}."));
}
