using System.CommandLine;
using System.Text.Json;
using Settlement.Cli.Cases;
using Settlement.Cli.Client;
using Settlement.Policy;
using Settlement.Policy.Cases;

namespace Settlement.Cli.Commands;

/// <summary><c>cases FILE</c>.</summary>
internal static class CasesCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliHost host)
    {
        Argument<string> file = new("FILE") { Description = "A JSON array of worked cases; '-' reads the standard input." };
        Option<bool> inProcess = new("--in-process") { Description = "Run on the rules in this process instead of a server." };
        Option<string?> rule = new("--rule")
        {
            Description = "Only cases of these sections of the rule text, such as 4.1,4.2.",
            HelpName = "SECTIONS",
        };
        Option<string?> policies = new("--policies")
        {
            Description = "Folder of the policy packs, for --in-process (default: policies/ of the checkout).",
            HelpName = "DIR",
        };
        Command command = new("cases", "Run worked cases and compare every answer, on a server (agency key) or in process.")
        {
            file, inProcess, rule, policies,
        };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string name = parsed.GetValue(file)!;
            try
            {
                WorkedCase[] cases = Select(CaseReader.Read(InputFile.ReadText(name, host)), parsed.GetValue(rule), name);
                using Connection? connection = parsed.GetValue(inProcess) ? null : client.Open(parsed, host);
                ICaseTarget target = connection is null
                    ? InProcess(parsed.GetValue(policies) ?? Path.Combine(host.Root, "policies"))
                    : new GrpcTarget(connection);
                CaseReport report = await CaseRunner.RunAsync(cases, target, section: null, cancellation);
                Write(report, parsed.GetValue(client.Json), host.Out);
                return report.Passed == report.Cases ? ExitCode.Ok : ExitCode.Refused;
            }
            catch (CaseFormatException error)
            {
                throw new CliException(ExitCode.Usage, $"{name}: {error.Message}", error);
            }
        });
        return command;
    }

    private static WorkedCase[] Select(IEnumerable<WorkedCase> cases, string? rules, string file)
    {
        string[] wanted = rules?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        WorkedCase[] selected = [.. cases.Where(current => wanted.Length == 0 || wanted.Contains(current.Rule))];
        return selected.Length > 0
            ? selected
            : throw new CliException(ExitCode.Usage, $"{file}: no case{(rules is null ? "" : $" of {rules}")}");
    }

    private static InProcessTarget InProcess(string policies)
    {
        try
        {
            return new InProcessTarget(new Adjudicator(PolicyCatalogue.Load(policies)));
        }
        catch (InvalidPackException error)
        {
            throw new CliException(ExitCode.Usage, error.Message, error);
        }
    }

    private static void Write(CaseReport report, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(report, Indented));
            return;
        }

        foreach (CaseMismatch mismatch in report.Mismatches) output.WriteLine(mismatch.ToString());
        output.WriteLine($"{report.Cases} cases: {report.Passed} passed, {report.Cases - report.Passed} failed");
    }
}
