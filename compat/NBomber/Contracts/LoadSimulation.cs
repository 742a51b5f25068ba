namespace NBomber.Contracts;

/// <summary>One stretch of load. Made by <see cref="CSharp.Simulation"/>.</summary>
public abstract record LoadSimulation
{
    /// <summary>Shortest stretch that is accepted.</summary>
    internal static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(1);

    private protected LoadSimulation(TimeSpan during) => During = during;

    /// <summary>How long it lasts.</summary>
    internal TimeSpan During { get; }

    /// <summary>What is wrong with it; null: nothing.</summary>
    internal virtual string? Fault => During < MinDuration ? $"lasts {During}, the shortest simulation is {MinDuration}" : null;

    internal sealed record Inject(int Rate, TimeSpan Interval, TimeSpan Length) : LoadSimulation(Length)
    {
        internal override string? Fault => base.Fault
            ?? (Rate < 0 ? $"injects {Rate} copies" : Interval > During ? $"has an interval of {Interval} in {During}" : null);
    }

    internal sealed record KeepConstant(int Copies, TimeSpan Length) : LoadSimulation(Length)
    {
        internal override string? Fault => base.Fault ?? (Copies < 0 ? $"keeps {Copies} copies" : null);
    }

    internal sealed record Pause(TimeSpan Length) : LoadSimulation(Length);
}
