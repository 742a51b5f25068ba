using System.Globalization;
using System.Text;
using Settlement.Torture.Checking;
using Settlement.Torture.Faults;
using Settlement.Torture.History;

namespace Settlement.Torture;

/// <summary>What is told of a run when it is over.</summary>
internal static class Report
{
    private const int MostShown = 20;

    /// <summary>Faults by kind with their recovery, what clients did, and what was violated.</summary>
    public static string Of(TortureOptions options, TortureOutcome outcome)
    {
        (CheckResult result, IReadOnlyList<Attempt> attempts, IReadOnlyList<Struck> faults, int votedOut) = outcome;
        StringBuilder text = new();
        Line($"{"fault",-16} {"times",6} {"longest",10} {"recovered after, median",24} {"at worst",10}");
        foreach (Recovery kind in Recovery.Of(attempts, faults))
            Line($"{kind.Kind,-16} {kind.Count,6} {Time(kind.Longest),10} {Time(kind.Median),24} {Time(kind.Worst),10}");
        Line($"{faults.Count:N0} faults, {faults.Count(static fault => fault.Kind.IsKillOrPause()):N0} of them kills and pauses");
        if (options.SilosTalk) Line($"{votedOut:N0} times a silo was voted out by the others, ended, and was started again");
        Line($"{Operations(attempts):N0} operations in {attempts.Count:N0} attempts");
        Line($"{result.Requests:N0} requests would change the ledger: {result.Acknowledged:N0} acknowledged, {result.Indeterminate:N0} indeterminate when their clients gave up, {result.IndeterminateThere:N0} of these in the ledger");
        Line($"{result.Entries:N0} entries in the ledger; {result.ReadsBehind:N0} reads showed less than another silo had shown");
        foreach (Violation violation in result.Violations.Take(MostShown))
            Line($"  {violation} [after {Operations(attempts.Where(attempt => attempt.Invoked <= violation.At)):N0} operations]");
        if (result.Violations.Count > MostShown) Line($"  ... and {result.Violations.Count - MostShown:N0} more");
        Line($"violations: {result.Violations.Count:N0}");
        if (result.Violations.Count > 0) Line($"the same faults again: ./settlement torture {options}");
        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>How many operations there are among attempts.</summary>
    private static int Operations(IEnumerable<Attempt> attempts) => attempts.Select(static attempt => attempt.Operation).Distinct().Count();

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms");
}
