using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;
using Settlement.Cluster.Tests.Support;
using Settlement.Telemetry;
using Settlement.Telemetry.Tracing;

namespace Settlement.Cluster.Tests;

/// <summary>Which traces are recorded, by the product's own setting and by OpenTelemetry's.</summary>
public sealed class TraceSamplingTests
{
    [Theory]
    [InlineData("sometimes", "", "OTEL_TRACES_SAMPLER is 'sometimes'")]
    [InlineData("traceidratio", "1,5", "OTEL_TRACES_SAMPLER_ARG is '1,5'")]
    [InlineData("parentbased_traceidratio", "2", "OTEL_TRACES_SAMPLER_ARG is '2'")]
    public void A_wrong_setting_of_OpenTelemetry_is_named_with_its_value(string name, string argument, string expected)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => TelemetryOptions.From(Settings(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument))));

        Assert.StartsWith(expected, error.Message);
    }

    // Three requests: without a trace, of a caller who records, of one who does not.
    [Theory]
    [InlineData("", "", "0", false, false, false)]
    [InlineData("", "", "1", true, true, true)]
    [InlineData("always_on", "", "0", true, true, true)]
    [InlineData("always_off", "", "1", false, false, false)]
    [InlineData("traceidratio", "0", "1", false, false, false)]
    [InlineData("traceidratio", "", "0", true, true, true)]
    [InlineData("parentbased_always_on", "", "0", true, true, false)]
    [InlineData("parentbased_always_off", "", "1", false, true, false)]
    [InlineData("parentbased_traceidratio", "0", "1", false, true, false)]
    [InlineData("parentbased_traceidratio", "1.0", "0", true, true, false)]
    public void Traces_are_sampled_as_asked(string name, string argument, string ratio, bool root, bool recorded, bool unrecorded)
    {
        Sampler sampler = TraceSampling.Of(TelemetryOptions.From(
            Settings(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument), ("Telemetry:TraceRatio", ratio))));

        Assert.Equal(root, IsRecorded(default));
        Assert.Equal(recorded, IsRecorded(Caller(ActivityTraceFlags.Recorded)));
        Assert.Equal(unrecorded, IsRecorded(Caller(ActivityTraceFlags.None)));

        bool IsRecorded(ActivityContext parent) => sampler.ShouldSample(
            new SamplingParameters(parent, parent == default ? ActivityTraceId.CreateRandom() : parent.TraceId, "Settle", ActivityKind.Server))
            .Decision == SamplingDecision.RecordAndSample;

        static ActivityContext Caller(ActivityTraceFlags flags) =>
            new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);
    }

    // The name of Npgsql's source stands for every source in whose spans no trace begins; here no other test listens to all of it.
    [Fact]
    public void A_trace_begins_with_a_request_and_nowhere_else()
    {
        using ActivitySource statements = new("Npgsql");
        using SpanListener listener = new(new AlwaysOnSampler());
        ActivityContext unrecorded = Context(ActivityTraceFlags.None, isRemote: false);

        Assert.Null(Activity.Current);
        Assert.Null(statements.StartActivity("alone"));
        Assert.Null(statements.StartActivity("in what is not recorded", ActivityKind.Client, unrecorded));
    }

    // What came in by a gateway of its own is recorded by the silo as the gateway decided, whatever the silo's ratio.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Between_processes_of_the_cluster_a_trace_is_whole_or_not_there(double ratio)
    {
        EndedSpans ended = new();
        using ActivitySource calls = new("Npgsql");
        using SpanListener listener = new(TraceSampling.Of(new TelemetryOptions { TraceRatio = ratio }), ended);
        ActivityContext recorded = Context(ActivityTraceFlags.Recorded, isRemote: true);
        ActivityContext unrecorded = Context(ActivityTraceFlags.None, isRemote: true);

        using (Activity? remote = calls.StartActivity("from a gateway", ActivityKind.Server, recorded))
        {
            Assert.True(remote?.Recorded);
            using Activity? part = calls.StartActivity("a part of it");
            Assert.Equal(recorded.TraceId, part?.TraceId);
        }

        Assert.Null(calls.StartActivity("from a gateway that records nothing", ActivityKind.Server, unrecorded));
        Assert.Equal(["a part of it", "from a gateway"], ended.Of(recorded.TraceId).Select(span => span.OperationName));
    }

    private static ActivityContext Context(ActivityTraceFlags flags, bool isRemote) =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: isRemote);

    private static IConfiguration Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
