using System.Collections.Concurrent;
using NBomber.Contracts.Stats;

namespace NBomber.Running;

/// <summary>All measurements of a scenario.</summary>
internal sealed class Recorder
{
    /// <summary>Name under which whole iterations are measured.</summary>
    public const string Whole = "global information";

    private readonly ConcurrentDictionary<string, Measured> steps = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Measured> order = new();

    /// <summary>Whole iterations.</summary>
    public Measured Iterations { get; } = new(Whole);

    /// <summary>The measurements of a step, or of whole iterations.</summary>
    public Measured this[string name] => name == Whole ? Iterations : steps.TryGetValue(name, out Measured? known) ? known : Begin(name);

    /// <summary>The figures of all steps.</summary>
    public StepStats[] Steps(TimeSpan executed) =>
    [
        .. order.Select(step =>
        {
            (MeasurementStats ok, MeasurementStats failed) = step.Stats(executed);
            return new StepStats { StepName = step.Name, Ok = ok, Fail = failed };
        }),
    ];

    /// <summary>The steps themselves.</summary>
    public IEnumerable<Measured> All => [Iterations, .. order];

    private Measured Begin(string name)
    {
        Measured begun = new(name);
        if (!steps.TryAdd(name, begun)) return steps[name];
        order.Enqueue(begun);
        return begun;
    }
}
