using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Keeps the spans that a listener gives, in the order in which they ended.</summary>
internal sealed class EndedSpans : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> spans = new();

    public IEnumerable<Activity> Of(ActivityTraceId trace) => spans.Where(span => span.TraceId == trace);

    public override void OnEnd(Activity data) => spans.Enqueue(data);
}
