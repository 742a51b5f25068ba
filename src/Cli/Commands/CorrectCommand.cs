using System.CommandLine;
using System.Text.Json;
using Settlement.Cli.Client;
using Settlement.Cli.Statements;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>correct ID</c>.</summary>
internal static class CorrectCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> id = new("ID") { Description = "Id of the settlement that is wrong." };
        Option<string?> claim = new("--claim")
        {
            Description =
                "The claim as it should have been sent: a settlement.v1.Claim, SettleRequest or QuoteRequest in protobuf JSON; '-' reads the standard input.",
            HelpName = "FILE",
        };
        Option<bool> takeBack = new("--take-back") { Description = "Take the settlement back without replacement." };
        Option<string> reason = new("--reason")
        {
            Description = "Why, for those who read the ledger later.",
            HelpName = "TEXT",
            Required = true,
        };
        Option<bool> preview = new("--preview") { Description = "Show what the correction would change. Writes nothing." };
        Option<string?> person = new("--person")
        {
            Description = "The insured person; left out, the settlement id finds it.",
            HelpName = "PERSON",
        };
        Option<string?> request = new("--request-id")
        {
            Description = "Request id; give the one printed before to repeat a correction whose outcome is unknown.",
            HelpName = "ID",
        };
        Option<string> language = StatementCommand.LanguageOption("zh");
        Command command = new(
            "correct", "Settle a wrong settlement, and the later ones of its benefit year, again: all or nothing (agency key).")
        {
            id, claim, takeBack, reason, preview, person, request, language,
        };
        ClientOptions client = ClientOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(claim) is not null == result.GetValue(takeBack))
                result.AddError("Give either --claim FILE or --take-back.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            CorrectRequest correct = new()
            {
                RequestId = parsed.GetValue(request) ?? $"cli-{host.Clock.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid():N}"[..30],
                Person = parsed.GetValue(person) ?? "",
                SettlementId = parsed.GetValue(id)!,
                Reason = parsed.GetValue(reason)!,
                Preview = parsed.GetValue(preview),
            };
            if (parsed.GetValue(takeBack)) correct.TakeBack = true;
            else correct.Claim = ReadClaim(parsed.GetValue(claim)!, host);
            using Connection connection = client.Open(parsed, host);
            CorrectResponse answer;
            if (correct.Preview)
            {
                answer = await connection.AskAsync(options => connection.Agency.CorrectAsync(correct, options), cancellation);
            }
            else
            {
                host.Error.WriteLine($"request id {correct.RequestId}");
                answer = await connection.MoveAsync(options => connection.Agency.CorrectAsync(correct, options), cancellation);
            }

            if (parsed.GetValue(client.Json)) Output.WriteJson(host.Out, answer);
            else CorrectionPrint.Write(answer, Words.Of(parsed.GetValue(language)!), host.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    // A file made for settle or quote serves too: its claim is taken, all else is left aside.
    private static Claim ReadClaim(string file, CliHost host)
    {
        string text = InputFile.ReadText(file, host);
        return Has(text, "visitId", "visit_id", "requestId", "request_id") ? InputFile.Parse<SettleRequest>(text, file).Claim
            : Has(text, "claim", "person") ? InputFile.Parse<QuoteRequest>(text, file).Claim
            : InputFile.Parse<Claim>(text, file);
    }

    private static bool Has(string text, params string[] fields)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.EnumerateObject().Any(field => fields.Contains(field.Name));
        }
        catch (JsonException)
        {
            return false; // the protobuf parser says what is wrong with it
        }
    }
}
