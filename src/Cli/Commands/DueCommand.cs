using System.CommandLine;
using Settlement.Policy;

namespace Settlement.Cli.Commands;

/// <summary><c>due MATTER</c>.</summary>
internal static class DueCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> matter = new("MATTER")
        {
            Description = $"What the agency has to settle: {string.Join(", ", Names.All<ServiceMatter>())}.",
            HelpName = "MATTER",
        };
        matter.AcceptOnlyFromAmong([.. Names.All<ServiceMatter>()]);
        Option<string?> received = PolicyOptions.DayOption("--received", "Day on which everything needed was received (default: today).");
        Option<int> region = new("--region") { Description = "Pooling region.", HelpName = "CODE", DefaultValueFactory = _ => 210100 };
        Option<string?> policies = PolicyOptions.Policies();
        Command command = new("due", "Say by when the agency must have settled a matter (办理时限), in working days.")
        {
            matter, received, region, policies,
        };
        command.SetAction(parsed =>
        {
            _ = Names.TryParse(parsed.GetValue(matter), out ServiceMatter asked); // checked by the argument already
            DateOnly day = PolicyOptions.Day(parsed.GetValue(received), host);
            DueDateOutcome outcome = ServiceLimits.Of(
                Load(PolicyOptions.Folder(parsed.GetValue(policies), host)), parsed.GetValue(region), asked, day);
            if (outcome.Refusal is { } refusal)
                throw new CliException(
                    ExitCode.Refused, $"refused: {refusal.Code.Text()}: {Explainer.Default.Explain(refusal, Language.En)}");
            DueDate due = outcome.Due!;
            host.Out.WriteLine($"{asked.Text()} received on {day:yyyy-MM-dd}: due on {due.Due:yyyy-MM-dd} ({due.Days} working days)");
            host.Out.WriteLine($"  stands in: {due.Citation}");
            host.Out.WriteLine(
                "  counted: Monday to Friday after the day of receipt; public holidays stand in no document and are not counted");
            return ExitCode.Ok;
        });
        return command;
    }

    private static PolicyCatalogue Load(string folder)
    {
        try
        {
            return PolicyCatalogue.Load(folder);
        }
        catch (InvalidPackException error)
        {
            throw new CliException(ExitCode.Usage, error.Message, error);
        }
    }
}
