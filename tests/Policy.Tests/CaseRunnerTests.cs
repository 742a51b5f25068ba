using System.Text.Json.Nodes;
using Settlement.Policy.Cases;

namespace Settlement.Policy.Tests;

/// <summary>The case runner: it reports every difference, refuses what it cannot read, and leaves nothing out.</summary>
public class CaseRunnerTests
{
    private const string Sound =
        """
        [{"id": "T1", "rule": "4.1", "person": {"birthDate": "1980-05-20"},
          "steps": [{"op": "coverage", "year": 2026, "expect": {"rejected": "NOT_COVERED"}}],
          "finalCounters": {"years": {}, "pregnancies": {}, "cycles": []}}]
        """;

    private static Task<CaseReport> Run(string json, string? section = null)
        => CaseRunner.RunAsync(CaseReader.Read(json), new InProcessTarget(Repository.Adjudicator), section);

    [Fact]
    public async Task A_sound_case_passes()
    {
        var report = await Run(Sound);

        Assert.Equal((1, 1, 1, 0), (report.Cases, report.Passed, report.Steps, report.Mismatches.Length));
    }

    [Theory]
    [InlineData("""{"rejected": "NOT_FOUND"}""", "rejected: expected \"NOT_FOUND\", got \"NOT_COVERED\"")]
    [InlineData("""{"rejected": "NOT_COVERED", "more": 1}""", "more: expected 1, got nothing")]
    [InlineData("""{}""", "rejected: expected nothing, got \"NOT_COVERED\"")]
    public async Task A_field_more_less_or_other_is_a_mismatch(string expect, string message)
    {
        var report = await Run(Sound.Replace("""{"rejected": "NOT_COVERED"}""", expect, StringComparison.Ordinal));

        Assert.Equal(0, report.Passed);
        Assert.Equal($"T1 (4.1) coverage 2026: {message}", report.Mismatches.Single().ToString());
    }

    [Fact]
    public async Task A_counter_that_differs_is_a_mismatch()
    {
        var report = await Run(Sound.Replace("\"years\": {}", "\"years\": {\"2025\": {\"pooledPaid\": 1}}", StringComparison.Ordinal));

        Assert.Equal("T1 (4.1) finalCounters: years.2025: expected {\"pooledPaid\":1}, got nothing", report.Mismatches.Single().ToString());
    }

    [Fact]
    public async Task Cases_are_filtered_by_section()
        => Assert.Equal((0, 1), ((await Run(Sound, "4.2")).Cases, (await Run(Sound, "4.1")).Cases));

    [Fact]
    public async Task What_a_target_cannot_do_fails_and_says_so()
    {
        var report = await CaseRunner.RunAsync(CaseReader.Read(Sound), new HelplessTarget());

        Assert.Equal("not supported here: no such call", report.Mismatches.First().Actual);
        Assert.Equal(0, report.Passed);
    }

    [Theory]
    [InlineData("{}", "the file must be an array of cases")]
    [InlineData("[1]", "case: must be an object")]
    [InlineData("[{\"id\": \"T1\"}]", "T1: missing 'rule'")]
    [InlineData(
        "[{\"id\": \"T1\", \"rule\": \"1\", \"person\": {\"shoeSize\": 43}, \"steps\": []}]", "T1.person: unknown field 'shoeSize'")]
    [InlineData(
        "[{\"id\": \"T1\", \"rule\": \"1\", \"person\": {}, \"steps\": [{\"op\": \"dance\", \"expect\": {}}]}]",
        "T1.steps[0]: unknown operation 'dance'")]
    [InlineData(
        "[{\"id\": \"T1\", \"rule\": \"1\", \"person\": {\"birthDate\": \"1980-02-30\"}, \"steps\": []}]",
        "T1.person: 'birthDate' is no date: 1980-02-30")]
    [InlineData(
        "[{\"id\": \"T1\", \"rule\": \"1\", \"person\": {\"groups\": [{\"group\": \"KING\", \"from\": \"2020-01-01\"}]}, \"steps\": []}]",
        "T1.person.groups[0]: 'group' is unknown: KING")]
    public void A_file_that_cannot_be_read_is_named_by_case_and_field(string json, string message)
        => Assert.Equal(message, Assert.Throws<CaseFormatException>(() => CaseReader.Read(json)).Message);

    private sealed class HelplessTarget : ICaseTarget, ICaseSession
    {
        public Task<ICaseSession> OpenAsync(WorkedCase current, CancellationToken cancellation) => Task.FromResult<ICaseSession>(this);

        public Task<JsonObject> ApplyAsync(CaseStep taken, CancellationToken cancellation) =>
            throw new NotSupportedException("no such call");

        public Task<JsonObject> CountersAsync(CancellationToken cancellation) => Task.FromResult(new JsonObject());
    }
}
