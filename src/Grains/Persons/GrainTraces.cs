using System.Diagnostics;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>The spans of persons' grains, all of them. No span names a person, a facility or a request.</summary>
internal static class GrainTraces
{
    private static readonly ActivitySource Source = new("Settlement.Grains");

    /// <summary>Whether the caller is traced: a span of ours is a part of a trace or is not made.</summary>
    public static bool IsTraced => Activity.Current is not null;

    /// <summary>Begins the span of one change, from its arrival at the grain to its answer.</summary>
    public static Activity? StartCommit(string change) => Source.StartActivity("person commit")?.SetTag("settlement.change", change);

    /// <summary>Begins the span of reading a person's newest entry: an activation wakes, or was fenced.</summary>
    public static Activity? StartWake() => Source.StartActivity("person wake");

    /// <summary>Says what came of a change.</summary>
    public static void Answered(this Activity span, RefusalInfo? refusal) => span.SetTag("settlement.outcome", refusal?.Code ?? "OK");
}
