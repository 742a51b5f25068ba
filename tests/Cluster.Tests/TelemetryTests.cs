using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Settlement.Cluster.Tests.Deploy;
using Settlement.Cluster.Tests.Feeding;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Telemetry.Logs;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests;

/// <summary>What a silo tells about its work: metrics, traces and logs, and nobody's id in any of them.</summary>
public sealed partial class TelemetryTests(ITestOutputHelper output)
{
    private const string Person = "210102198005200014";

    [Fact]
    public async Task Every_metric_the_dashboard_and_the_alerts_name_is_given()
    {
        await using TestSilo silo = await WorkedAsync(await TestLedgers.PostgresAsync());
        string page = await ScrapeAsync(silo, "text/plain");
        HashSet<string> given = [.. SeriesName().Matches(page).Concat(LabelName().Matches(page)).Select(match => match.Groups[1].Value)];

        string[] named = [.. new[] { "telemetry/dashboard.json", "telemetry/alerts.yaml" }
            .SelectMany(file => MetricName().Matches(DeployFolder.Read(file)).Select(match => match.Value)).Distinct()];

        Assert.True(named.Length > 10, "no names were found: the test shows nothing");
        // A failure of the database cannot be made in passing; the instrument is there all the same.
        Assert.Empty(named.Except(given).Except(["settlement_ledger_batch_failures_total"]));
    }

    [Fact]
    public async Task A_page_can_be_read_line_by_line_and_counts_what_was_done()
    {
        await using TestSilo silo = await WorkedAsync(await TestLedgers.SqliteAsync());

        string page = await ScrapeAsync(silo, "text/plain");

        Assert.Empty(page.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !Line().IsMatch(line)));
        Assert.Matches("""settlement_gateway_request_duration_seconds_count\{rpc_method="Settle",rpc_response_status_code="OK"\} \d+""", page);
        Assert.Matches("""settlement_gateway_request_duration_seconds_count\{.*settlement_reason="PERSON_NOT_REGISTERED"\} \d+""", page);
        Assert.Contains("""_bucket{rpc_method="Settle",rpc_response_status_code="OK",le="0.0005"}""", page);
        Assert.Matches("""settlement_ledger_appends_total\{outcome="Appended"\} ([2-9]|\d{2,})\n""", page); // the person, and the settlement
        Assert.Contains("kestrel_active_connections", page);
        Assert.DoesNotContain("kestrel_queued_requests", page); // it would cost each request two measurements
        Assert.DoesNotContain(Person, page);
    }

    [Fact]
    public async Task A_trace_leads_from_the_gateway_through_the_grain_to_the_batch_and_names_nobody()
    {
        List<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name.StartsWith("Settlement.", StringComparison.Ordinal)
                || source.Name == "Microsoft.Orleans.Application",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using TestSilo silo = await WorkedAsync(await TestLedgers.SqliteAsync());
        // A batch is written in the trace of its first entry, so look for a settlement that was one.
        HashSet<ActivityTraceId> written = [.. All().Where(span => span.OperationName == "ledger batch").Select(span => span.TraceId)];
        Activity settle = All().First(span => span.OperationName == "Settle" && Tag(span, "rpc.response.status_code") == "OK"
            && written.Contains(span.TraceId));

        Activity[] trace = [.. All().Where(span => span.TraceId == settle.TraceId)];

        foreach (Activity span in trace)
            output.WriteLine($"{span.Source.Name} {span.OperationName} {span.Duration.TotalMilliseconds:0.00} ms");
        Assert.Contains(trace, span => span.OperationName == "person commit" && Tag(span, "settlement.outcome") == "OK"
            && Above(trace, span).Contains(settle));
        Assert.Contains(trace, span => span.OperationName == "ledger batch" && Above(trace, span).Contains(settle));
        Assert.Contains(All(), span => span.OperationName == "person wake");
        Assert.DoesNotContain(All().Where(span => span.Source.Name.StartsWith("Settlement.", StringComparison.Ordinal)),
            span => span.OperationName.Contains(Person) || span.TagObjects.Any(tag => $"{tag.Value}".Contains(Person)));

        Activity[] All()
        {
            lock (spans) return [.. spans];
        }
    }

    [Fact]
    public async Task Measurements_point_to_traces_where_they_are_recorded()
    {
        await using OtlpCollector collector = new();
        string page;
        await using (
            TestSilo silo = await WorkedAsync(
            [.. await TestLedgers.SqliteAsync(), $"Telemetry:OtlpEndpoint={collector.Endpoint}", "Telemetry:TraceRatio=1"]))
            page = await ScrapeAsync(silo, "application/openmetrics-text");
        await collector.StopAsync();

        Assert.EndsWith("# EOF\n", page);
        Assert.Matches("""settlement_gateway_request_duration_seconds_bucket\{.*\} \d+ # \{trace_id="[0-9a-f]{32}",span_id="[0-9a-f]{16}"\} """, page);
        Assert.Matches("settlement_ledger_batch_duration_seconds_bucket.* # \\{trace_id=", page);
    }

    [Fact]
    public async Task What_is_recorded_goes_to_the_collector_before_the_silo_has_stopped_and_names_nobody()
    {
        await using OtlpCollector collector = new();
        await using (
            TestSilo silo = await WorkedAsync(
            [.. await TestLedgers.PostgresAsync(), $"Telemetry:OtlpEndpoint={collector.Endpoint}", "Telemetry:TraceRatio=1"]))
        {
            Assert.NotEmpty(silo.HttpAddress);
        }

        await collector.StopAsync();
        Assert.Contains(collector.Received, sent => sent.Path == "/v1/traces" && sent.Body.Contains("person commit"));
        Assert.Contains(collector.Received, sent => sent.Path == "/v1/traces" && sent.Body.Contains("db.query.text"));
        Assert.Contains(collector.Received, sent => sent.Path == "/v1/metrics" && sent.Body.Contains("settlement.gateway.request.duration"));
        Assert.DoesNotContain(collector.Received, sent => sent.Body.Contains(Person));
    }

    [Fact]
    public async Task Without_metrics_and_collector_nothing_is_given_and_nobody_listens()
    {
        await using TestSilo silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Telemetry:Metrics=false"]);
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/metrics")).StatusCode);
    }

    [Theory]
    [InlineData("OtlpEndpoint", "collector:4318")]
    [InlineData("OtlpProtocol", "udp")]
    [InlineData("TraceRatio", "1.5")]
    [InlineData("LogFormat", "xml")]
    public async Task A_wrong_option_is_named_with_its_value(string option, string value)
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Telemetry:{option}={value}"]));

        Assert.Contains($"Telemetry:{option} is '{value}'".Replace("'1.5'", "1.5"), error.Message);
    }

    [Fact]
    public async Task OpenTelemetrys_own_sampler_holds_in_place_of_the_ratio()
    {
        await using OtlpCollector collector = new();
        await using (
            TestSilo silo = await WorkedAsync(
            [
                .. await TestLedgers.SqliteAsync(), $"Telemetry:OtlpEndpoint={collector.Endpoint}", "Telemetry:TraceRatio=1",
                "OTEL_TRACES_SAMPLER=always_off",
            ]))
        {
            Assert.NotEmpty(silo.HttpAddress);
        }

        await collector.StopAsync();
        Assert.Contains(collector.Received, sent => sent.Path == "/v1/metrics");
        Assert.DoesNotContain(collector.Received, sent => sent.Path == "/v1/traces");
    }

    [Fact]
    public void A_grains_id_in_a_message_of_the_runtime_is_masked()
    {
        RecordedLog recorded = new();
        using MaskingLoggerFactory factory = new(recorded);
        InvalidOperationException failure = new($"no answer from insuredperson/{Person}");

        factory.CreateLogger("Orleans.Silo").Log(LogLevel.Error, failure, "Deactivation of {Grain} failed", $"insuredperson/{Person}");
        factory.CreateLogger("Orleans.Silo").LogWarning("insuredperson/P1, insuredperson/ABC-12_X!");
        factory.CreateLogger("Orleans.Silo").LogInformation("Silo started");
        factory.CreateLogger("Orleans.Messaging").LogWarning("[S127.0.0.1:1 visit/H210100001 {Person}]->[sys.client/a]", Person);
        // Orleans' exceptions are logged by whoever meets them.
        factory.CreateLogger("Grpc.AspNetCore.Server").LogError(failure, "Error when executing service method");

        Assert.Equal(5, recorded.Lines.Count);
        Assert.DoesNotContain(Person, recorded.ToString());
        Assert.Contains("Deactivation of insuredperson/****14 failed", recorded.ToString());
        Assert.Contains("no answer from insuredperson/****14", recorded.ToString());
        Assert.Contains("insuredperson/****, insuredperson/****_X!", recorded.ToString());
        Assert.Contains("[S127.0.0.1:1 visit/H210100001 ****]->[sys.client/a]", recorded.ToString());
    }

    /// <summary>A silo that has registered a person, settled, and refused.</summary>
    private static async Task<TestSilo> WorkedAsync(string[] settings)
    {
        TestSilo silo = await TestSilo.StartAsync([.. settings, "Gateway:Insecure=true"]);
        await silo.Enrolment.RegisterAsync(Requests.Register(Person));
        await silo.Settlement.SettleAsync(Requests.Settle(Person, "r1", Requests.Inpatient(4_000_000)));
        await new Following(silo).TakeAsync(2, new FollowRequest());
        await Refused.With(
            "PERSON_NOT_REGISTERED", StatusCode.NotFound, silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "Nobody" }));
        return silo;
    }

    private static async Task<string> ScrapeAsync(TestSilo silo, string accept)
    {
        using HttpClient http = new() { BaseAddress = new Uri(silo.HttpAddress) };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        HttpResponseMessage response = await http.GetAsync("/metrics");
        Assert.Equal(accept, response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    private static string? Tag(Activity span, string name) => span.GetTagItem(name) as string;

    private static IEnumerable<Activity> Above(Activity[] trace, Activity span)
    {
        while (trace.FirstOrDefault(other => other.SpanId == span.ParentSpanId) is { } parent) yield return span = parent;
    }

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{| )", RegexOptions.Multiline)]
    private static partial Regex SeriesName();

    [GeneratedRegex(@"[{,]([a-zA-Z_]+)=""")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\b(settlement|orleans|dotnet)_[a-z_]+_?[a-z]+\b(?=[{\[) ,]|$)")]
    private static partial Regex MetricName();

    [GeneratedRegex("""^(# (TYPE|HELP) \S+ .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? (-?[0-9.]+(E[+-]?\d+)?|[+-]Inf|NaN))$""")]
    private static partial Regex Line();
}
