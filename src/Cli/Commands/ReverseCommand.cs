using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>reverse ID</c>.</summary>
internal static class ReverseCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> id = new("ID") { Description = "Settlement id." };
        Option<string?> person = new("--person")
        {
            Description = "The insured person; left out, the settlement id finds it.",
            HelpName = "PERSON",
        };
        Option<string?> facility = new("--facility")
        {
            Description = "The facility acting; left out: the key's own, or the agency.",
            HelpName = "CODE",
        };
        Option<string?> request = new("--request-id")
        {
            Description = "Request id; give the one printed before to repeat a reversal whose outcome is unknown.",
            HelpName = "ID",
        };
        Command command = new("reverse", "Take back the newest settlement of a person's benefit year.") { id, person, facility, request };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            ReverseRequest reverse = new()
            {
                RequestId = parsed.GetValue(request) ?? $"cli-{host.Clock.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid():N}"[..30],
                Person = parsed.GetValue(person) ?? "",
                SettlementId = parsed.GetValue(id)!,
                Facility = parsed.GetValue(facility) ?? "",
            };
            using Connection connection = client.Open(parsed, host);
            host.Error.WriteLine($"request id {reverse.RequestId}");
            ReverseResponse response = await connection.MoveAsync(
                options => connection.Settlement.ReverseAsync(reverse, options), cancellation);
            if (parsed.GetValue(client.Json))
            {
                Output.WriteJson(host.Out, response);
                return ExitCode.Ok;
            }

            host.Out.WriteLine($"Reversed {response.SettlementId} of person {Show.Masked(response.Person)}: "
                + $"reversal {response.ReversalId}, {response.ReversedAt}");
            if (response.Reversed is { } taken) host.Out.WriteLine($"  total taken back {Show.Yuan(taken.Totals?.Total ?? 0)}");
            ResultSummary.WriteAlerts(response.Alerts, host.Out);
            return ExitCode.Ok;
        });
        return command;
    }
}
