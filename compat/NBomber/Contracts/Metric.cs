using NBomber.Contracts.Metrics;

namespace NBomber.Contracts
{
    /// <summary>Makes metrics of the caller's own.</summary>
    public static class Metric
    {
        /// <summary>A gauge: the last value set counts.</summary>
        public static IGauge CreateGauge(string metricName, string unitOfMeasure) => new Gauge(metricName, unitOfMeasure);
    }
}

namespace NBomber.Contracts.Metrics
{
    /// <summary>A value that goes up and down.</summary>
    public interface IGauge
    {
        /// <summary>Its name.</summary>
        string MetricName { get; }

        /// <summary>Its unit.</summary>
        string UnitOfMeasure { get; }

        /// <summary>Sets the present value.</summary>
        void Set(double value);
    }

    /// <summary>The last value of a gauge.</summary>
    public sealed record GaugeStats
    {
        /// <summary>Its name.</summary>
        public required string MetricName { get; init; }

        /// <summary>Its unit.</summary>
        public required string UnitOfMeasure { get; init; }

        /// <summary>Its value.</summary>
        public required double Value { get; init; }
    }

    /// <summary>All registered metrics.</summary>
    public sealed record MetricStats
    {
        /// <summary>The gauges.</summary>
        public required GaugeStats[] Gauges { get; init; }
    }

    internal sealed class Gauge(string name, string unit) : IGauge
    {
        private double value;

        public string MetricName => name;

        public string UnitOfMeasure => unit;

        public GaugeStats Stats => new() { MetricName = name, UnitOfMeasure = unit, Value = Volatile.Read(ref value) };

        public void Set(double value) => Volatile.Write(ref this.value, value);
    }
}
