using System.Globalization;
using System.Text;
using Settlement.Scenarios.Playing;

namespace Settlement.Scenarios;

/// <summary>What a run came to, beside NBomber's reports: on the terminal and in <c>summary.md</c>.</summary>
internal static class Summary
{
    /// <summary>Writes it.</summary>
    /// <param name="stage">The run.</param>
    /// <param name="broken">What did not hold.</param>
    public static void Write(Stage stage, IReadOnlyList<string> broken)
    {
        StringBuilder text = new();
        text.AppendLine(
            $"# {string.Join(", ", stage.Options.Scenarios.Select(scenario => scenario.Name))}: {(broken.Count == 0 ? "as expected" : "NOT as expected")}").AppendLine();
        text.AppendLine($"- seed {stage.Options.Seed}, {Number(stage.Options.Persons)} persons");
        text.AppendLine($"- settlements acknowledged, warm-up included: {Number(stage.Acknowledged.Settlements)}");
        text.AppendLine($"- reversals acknowledged: {Number(stage.Acknowledged.Reversals)}");
        text.AppendLine($"- refused as too many, with the time to wait, warm-up included: {Number(stage.Acknowledged.Refused)}");
        text.AppendLine($"- asked for again by request id: {Number(stage.Acknowledged.Sample.Count)}");
        text.AppendLine(stage.Server.Ledger is null
            ? "- the ledger is not this run's own: no audit"
            : "- audited: the ledger was read again and compared with what was acknowledged");
        if (broken.Count > 0) text.AppendLine().AppendLine("What does not hold:").AppendLine();
        foreach (string line in broken) text.AppendLine($"- {line}");
        Directory.CreateDirectory(stage.ReportFolder);
        File.WriteAllText(Path.Combine(stage.ReportFolder, "summary.md"), text.ToString());
        Console.Write(text);
        Console.WriteLine($"reports: {stage.ReportFolder}");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
