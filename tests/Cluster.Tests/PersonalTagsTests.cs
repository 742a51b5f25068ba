using System.Diagnostics;
using OpenTelemetry.Trace;
using Settlement.Cluster.Tests.Support;
using Settlement.Telemetry.Tracing;

namespace Settlement.Cluster.Tests;

/// <summary>What is left of the spans of libraries before they are sent.</summary>
public sealed class PersonalTagsTests
{
    private const string Person = "210102198005200014";

    [Theory]
    [InlineData("orleans.rpc.target_id")]
    [InlineData("orleans.rpc.source_id")]
    [InlineData("orleans.grain.id")]
    [InlineData("rpc.orleans.target_id")]
    [InlineData("exception.message")]
    [InlineData("exception.stacktrace")]
    [InlineData("url.path")]
    [InlineData("url.query")]
    [InlineData("a.tag.that.nobody.has.looked.at")]
    public void A_tag_that_may_name_a_person_is_removed(string name)
    {
        Activity span = Sent(started => started.SetTag(name, $"insuredperson/{Person}").SetTag("rpc.method", "IInsuredPerson/Settle"));

        Assert.Equal([new("rpc.method", "IInsuredPerson/Settle")], span.Tags);
    }

    [Fact]
    public void Of_an_exception_its_type_and_place_are_left()
    {
        Activity span = Sent(
            started =>
            {
                InvalidOperationException failure = Assert.Throws<InvalidOperationException>(Fail);
                started.AddException(failure).SetStatus(ActivityStatusCode.Error, failure.Message);
            });

        ActivityEvent told = Assert.Single(span.Events);
        Assert.Contains(new("exception.type", typeof(InvalidOperationException).FullName), told.Tags);
        Assert.Contains(told.Tags, tag => tag.Key == "exception.stacktrace" && $"{tag.Value}".Contains(nameof(Fail)));
        Assert.DoesNotContain(told.Tags, tag => $"{tag.Value}".Contains(Person));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Null(span.StatusDescription);
    }

    private static void Fail() => throw new InvalidOperationException($"no answer from insuredperson/{Person}");

    /// <summary>A span of Orleans' as it is sent.</summary>
    private static Activity Sent(Action<Activity> happening)
    {
        EndedSpans ended = new();
        using ActivitySource calls = new("Microsoft.Orleans.Application");
        using SpanListener listener = new(new AlwaysOnSampler(), new PersonalTags(), ended);
        ActivityContext caller = new(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        using (Activity? span = calls.StartActivity("IInsuredPerson/Settle", ActivityKind.Server, caller))
        {
            Assert.NotNull(span);
            happening(span);
        }

        return Assert.Single(ended.Of(caller.TraceId));
    }
}
