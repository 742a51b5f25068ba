using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Settlement.Cli.Text;
using Settlement.Policy;

namespace Settlement.Cli.Commands;

/// <summary><c>lint</c>.</summary>
internal static class LintCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliHost host)
    {
        Option<string?> on = PolicyOptions.On("Day to check on, YYYY-MM-DD (default: today).");
        Option<string?> policies = PolicyOptions.Policies();
        Option<bool> json = new("--json") { Description = "Print the report as JSON." };
        Command command = new(
            "lint", "Check the policy packs against the documents in force and the provincial floors; fail on what must not stand.")
        {
            on, policies, json,
        };
        command.SetAction(parsed =>
        {
            LintReport report = PolicyLint.Check(
                PolicyOptions.Folder(parsed.GetValue(policies), host), PolicyOptions.Day(parsed.GetValue(on), host));
            if (parsed.GetValue(json)) host.Out.WriteLine(JsonSerializer.Serialize(ForJson(report), Indented));
            else Write(report, host.Out);
            return report.Failed ? ExitCode.Refused : ExitCode.Ok;
        });
        return command;
    }

    private static void Write(LintReport report, TextWriter output)
    {
        if (!report.Rows.IsEmpty)
        {
            Table table = new("pack", "scheme", "requirement", "pack says", "province asks", "verdict", "from", "floor from");
            foreach (ConformanceRow row in report.Rows)
            {
                table.Row(
                    row.Pack, row.Floor.Scheme.Text(), row.Floor.En, row.PackValue, row.FloorValue, VerdictOf(row), row.Citation?.ToString()
                        ?? "-", row.FloorCitation);
            }

            table.Write(output);
            output.WriteLine();
        }

        foreach (LintFinding finding in report.Findings) output.WriteLine(finding.ToString());
        int errors = report.Findings.Count(finding => finding.Severity == Severity.Error);
        output.WriteLine(
            $"{report.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}: {errors} errors, {report.Findings.Length - errors} warnings");
    }

    private static object ForJson(LintReport report) => new
    {
        on = report.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        failed = report.Failed,
        rows = report.Rows.Select(row => new
        {
            row.Pack,
            scheme = row.Floor.Scheme.Text(),
            requirement = row.Floor.En,
            parameter = row.Parameter == Parameter.None ? null : ParameterSchema.NameOf(row.Parameter),
            row.PackValue,
            row.FloorValue,
            verdict = row.Verdict.Text(),
            citation = row.Citation?.ToString(),
            row.FloorCitation,
        }),
        findings = report.Findings.Select(finding => new { severity = finding.Severity.Text(), finding.Place, finding.Message }),
    };

    private static string VerdictOf(ConformanceRow row) => row.Verdict switch
    {
        Verdict.Conforms => "conforms",
        Verdict.Below => "below",
        Verdict.Differs => "differs",
        _ => "not published",
    };
}
