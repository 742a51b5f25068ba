using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Cli.Text;
using Settlement.Contract;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cli.Commands;

/// <summary><c>void REQUEST</c>.</summary>
internal static class VoidCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> id = new("REQUEST") { Description = "Request id (msgid) of the request whose outcome is unknown." };
        Option<string> person = new("--person")
        {
            Description = "The insured person named in the request.",
            HelpName = "PERSON",
            Required = true,
        };
        Option<string?> facility = new("--facility")
        {
            Description = "The facility that sent it; left out: the key's own, or the agency.",
            HelpName = "CODE",
        };
        Command command = new("void",
            "End a request of unknown outcome (冲正): it never settles any more, or what it settled is reversed. May be repeated.")
        {
            id, person, facility,
        };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            VoidRequest request = new()
            {
                RequestId = parsed.GetValue(id)!, Person = parsed.GetValue(person)!, Facility = parsed.GetValue(facility) ?? "",
            };
            using Connection connection = client.Open(parsed, host);
            VoidResponse response = await connection.MoveAsync(options => connection.Settlement.VoidAsync(request, options), cancellation);
            if (parsed.GetValue(client.Json)) Output.WriteJson(host.Out, response);
            else Write(response, host.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(VoidResponse response, TextWriter output)
    {
        if (response.State == VoidResponse.Types.State.NeverSettles)
        {
            output.WriteLine(
                $"Request {response.RequestId} never settles: it had not arrived, and is refused from {response.VoidedAt} on.");
            return;
        }

        ReverseResponse reversal = response.Reversal;
        output.WriteLine($"Request {response.RequestId} had settled {reversal.SettlementId} of person {Show.Masked(response.Person)}; "
            + $"it is reversed: reversal {reversal.ReversalId}, {reversal.ReversedAt}");
        if (reversal.Reversed is { } taken) output.WriteLine($"  total taken back {Show.Yuan(taken.Totals?.Total ?? 0)}");
        if (response.ReplacedBy.Length > 0)
            output.WriteLine($"  a correction of the agency reversed it; settlement {response.ReplacedBy} stands in its place");
    }
}
