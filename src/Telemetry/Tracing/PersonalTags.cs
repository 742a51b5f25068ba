using System.Diagnostics;
using OpenTelemetry;

namespace Settlement.Telemetry.Tracing;

/// <summary>Takes from the spans of Orleans what may hold a person's id: the ids of grains, and the texts of exceptions.</summary>
internal sealed class PersonalTags : BaseProcessor<Activity>
{
    private static readonly string[] Removed =
        ["rpc.orleans.target_id", "rpc.orleans.source_id", "exception.message", "exception.stacktrace"];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (!data.Source.Name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)) return;
        foreach (string tag in Removed) data.SetTag(tag, null);
    }
}
