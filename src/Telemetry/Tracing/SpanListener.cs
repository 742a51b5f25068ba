using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Settlement.Telemetry.Tracing;

/// <summary>
/// Listens to the sources of spans, in place of OpenTelemetry's own provider. The provider makes an activity for every request, recorded
/// or not, so that its trace id can be passed on; here a request that is not recorded has none, and costs one question to the sampler
/// instead of a tenth of a settlement.
/// </summary>
internal sealed class SpanListener : IDisposable
{
    /// <summary>Where a trace begins: the request as it comes from the wire. All other spans are parts of one.</summary>
    private const string Entry = "Microsoft.AspNetCore";

    private static readonly string[] Others = ["Microsoft.Orleans.Application", "Npgsql"];

    private readonly Sampler sampler;
    private readonly BaseProcessor<Activity>[] processors;
    private readonly ActivityListener listener;

    /// <summary>Listens from now on.</summary>
    /// <param name="sampler">Decides of each request from the wire, whether its caller has a trace already or not.</param>
    /// <param name="processors">Are given each recorded span when it ends, one after the other.</param>
    public SpanListener(Sampler sampler, params BaseProcessor<Activity>[] processors)
    {
        this.sampler = sampler;
        this.processors = processors;
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Entry || Others.Contains(source.Name)
                || source.Name.StartsWith("Settlement.", StringComparison.Ordinal),
            Sample = Sample,
            ActivityStopped = Stopped,
            ExceptionRecorder = PersonalTags.Record,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> span)
    {
        ActivityContext parent = span.Parent;
        bool enters = span.Source.Name == Entry;
        bool isPart = parent.TraceId != default && !(enters && parent.IsRemote);
        // Of another process of the cluster as of another method: whoever let the request in has decided.
        if (isPart) return Result((parent.TraceFlags & ActivityTraceFlags.Recorded) != 0);
        // Of a request that is not recorded nothing is left to be a parent: what happens in it must not begin a trace of its own.
        if (!enters) return ActivitySamplingResult.None;
        SamplingParameters asked = new(parent, span.TraceId, span.Name, span.Kind, span.Tags, span.Links);
        return Result(sampler.ShouldSample(asked).Decision == SamplingDecision.RecordAndSample);
    }

    private static ActivitySamplingResult Result(bool isRecorded) =>
        isRecorded ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None;

    private void Stopped(Activity span)
    {
        // A span that only another listener wanted is not ours to send.
        if (!span.Recorded) return;
        foreach (BaseProcessor<Activity> processor in processors) processor.OnEnd(span);
    }
}
