using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Settlement.Policy.Cases;

/// <summary>
/// A difference between a case and a target. Field is empty when the whole step failed; a value is null where there is none.
/// </summary>
public sealed record CaseMismatch(string Case, string Rule, string Step, string Field, string? Expected, string? Actual)
{
    /// <summary>One line a reader can act on.</summary>
    public override string ToString() =>
        $"{Case} ({Rule}) {Step}: {(Field.Length == 0 ? "" : Field + ": ")}expected {Expected ?? "nothing"}, got {Actual ?? "nothing"}";
}

/// <summary>What a run found.</summary>
/// <param name="Cases">Cases run.</param>
/// <param name="Passed">Cases without a mismatch.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Mismatches">Every difference.</param>
public sealed record CaseReport(int Cases, int Passed, int Steps, ImmutableArray<CaseMismatch> Mismatches);

/// <summary>Runs cases against a target and compares every field: no field more, none less.</summary>
public static class CaseRunner
{
    /// <summary>Runs cases in order.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="target">Where to run them.</param>
    /// <param name="section">Only cases of this section of the rule text, when given.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static async Task<CaseReport> RunAsync(
        IEnumerable<WorkedCase> cases, ICaseTarget target, string? section = null, CancellationToken cancellation = default)
    {
        var mismatches = ImmutableArray.CreateBuilder<CaseMismatch>();
        var (run, passed, steps) = (0, 0, 0);
        foreach (var current in cases.Where(c => section is null || c.Rule == section))
        {
            var before = mismatches.Count;
            await RunOneAsync(current, target, mismatches, cancellation).ConfigureAwait(false);
            run++;
            steps += current.Steps.Length;
            passed += mismatches.Count == before ? 1 : 0;
        }

        return new CaseReport(run, passed, steps, mismatches.DrainToImmutable());
    }

    private static async Task RunOneAsync(
        WorkedCase current, ICaseTarget target, ImmutableArray<CaseMismatch>.Builder mismatches, CancellationToken cancellation)
    {
        ICaseSession session;
        try
        {
            session = await target.OpenAsync(current, cancellation).ConfigureAwait(false);
        }
        catch (CaseFormatException e)
        {
            mismatches.Add(new CaseMismatch(current.Id, current.Rule, "person", "", "a person the target takes", e.Message));
            return;
        }

        foreach (var step in current.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var actual = await session.ApplyAsync(step, cancellation).ConfigureAwait(false);
                Compare(current, step.Name, "", step.Expect, actual, mismatches);
            }
            catch (NotSupportedException e)
            {
                mismatches.Add(
                    new CaseMismatch(
                        current.Id, current.Rule, step.Name, "", step.Expect.ToJsonString(), $"not supported here: {e.Message}"));
            }
        }

        if (current.FinalCounters is { } expected)
            Compare(current, "finalCounters", "", expected, await session.CountersAsync(cancellation).ConfigureAwait(false), mismatches);
    }

    private static void Compare(
        WorkedCase current, string step, string path, JsonObject expected, JsonObject actual,
        ImmutableArray<CaseMismatch>.Builder mismatches)
    {
        foreach (var name in expected.Select(p => p.Key).Union(actual.Select(p => p.Key)))
        {
            var (want, got) = (expected[name], actual[name]);
            var field = path.Length == 0 ? name : $"{path}.{name}";
            if (want is JsonObject wantObject && got is JsonObject gotObject)
                Compare(current, step, field, wantObject, gotObject, mismatches);
            else if (!JsonNode.DeepEquals(want, got))
                mismatches.Add(new CaseMismatch(current.Id, current.Rule, step, field, want?.ToJsonString(), got?.ToJsonString()));
        }
    }
}
