using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Cli.Text;
using Settlement.Contract;
using State = Settlement.Contract.GetByRequestResponse.Types.State;

namespace Settlement.Cli.Commands;

/// <summary><c>get-by-request REQUEST</c>.</summary>
internal static class GetByRequestCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> id = new("REQUEST") { Description = "Request id (msgid)." };
        Option<string?> facility = new("--facility")
        {
            Description = "The facility that sent it; left out: the key's own.",
            HelpName = "CODE",
        };
        Option<string?> person = new("--person")
        {
            Description = "The insured person; without it a request still being written is not seen, and shows as not known.",
            HelpName = "PERSON",
        };
        Command command = new("get-by-request",
            "Ask what became of a request: settled or reversed (exit code 0), not known or voided (1), in progress (4).") { id, facility,
                person };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using Connection connection = client.Open(parsed, host);
            GetByRequestRequest request = new()
            {
                RequestId = parsed.GetValue(id)!,
                Facility = parsed.GetValue(facility) ?? "",
                Person = parsed.GetValue(person) ?? "",
            };
            GetByRequestResponse response = await connection.AskAsync(
                options => connection.Settlement.GetByRequestAsync(request, options), cancellation);
            if (parsed.GetValue(client.Json)) Output.WriteJson(host.Out, response);
            else Write(response, host.Out);
            return response.State switch
            {
                State.Settled => ExitCode.Ok,
                State.InProgress => ExitCode.Unknown,
                _ => ExitCode.Refused,
            };
        });
        return command;
    }

    private static void Write(GetByRequestResponse response, TextWriter output)
    {
        switch (response.State)
        {
            case State.Settled when response.Reversed is { } reversed:
                output.WriteLine($"Reversed {reversed.SettlementId}: reversal {reversed.ReversalId}, {reversed.ReversedAt}");
                break;
            case State.Settled when response.Recorded is { } recorded:
                output.WriteLine($"Recorded facts of person {Show.Masked(recorded.Person)}: entry {recorded.Sequence}");
                break;
            case State.Settled when response.Corrected is { } corrected:
                output.WriteLine($"Corrected {corrected.SettlementId}: correction {corrected.CorrectionId}, {corrected.CorrectedAt}");
                break;
            case State.Settled when response.Assisted is { } assisted:
                output.WriteLine($"Assisted {assisted.SettlementId} later: assistance {assisted.AssistanceId}, {assisted.AssistedAt}");
                break;
            case State.Settled when response.Granted is { } granted:
                output.WriteLine($"Decided a grant of person {Show.Masked(granted.Person)}: grant {granted.GrantId}, {granted.GrantedAt}");
                break;
            case State.Settled:
                if (response.ReversedSince) output.WriteLine("Settled, and reversed since:");
                if (response.ReplacedBy.Length > 0) output.WriteLine($"Corrected: settlement {response.ReplacedBy} stands in its place.");
                ResultSummary.Write(response.Settled.Result, output);
                break;
            case State.Voided:
                output.WriteLine($"Voided at {response.Voided.VoidedAt}: it never settled and never will.");
                break;
            case State.InProgress:
                output.WriteLine("In progress: ask again.");
                break;
            default:
                output.WriteLine("Not known: it never arrived, or was refused. The request may be sent.");
                break;
        }
    }
}
