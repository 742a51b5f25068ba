using System.CommandLine;
using System.Text.Json;
using Settlement.Cli.Client;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>quote FILE</c>.</summary>
internal static class QuoteCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = new("FILE")
        {
            Description = "A settlement.v1.QuoteRequest or SettleRequest in protobuf JSON; '-' reads the standard input.",
        };
        Command command = new("quote", "Ask what settling a visit would give now. Moves nothing.") { file };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            QuoteRequest request = Read(parsed.GetValue(file)!, host);
            using Connection connection = client.Open(parsed, host);
            QuoteResponse response = await connection.AskAsync(
                options => connection.Settlement.QuoteAsync(request, options), cancellation);
            if (parsed.GetValue(client.Json)) Output.WriteJson(host.Out, response);
            else ResultSummary.Write(response.Result, host.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    // A file made for settle serves for quote too: what only a settlement needs is left aside.
    private static QuoteRequest Read(string file, CliHost host)
    {
        string text = InputFile.ReadText(file, host);
        if (!IsSettleRequest(text)) return InputFile.Parse<QuoteRequest>(text, file);
        SettleRequest settle = InputFile.Parse<SettleRequest>(text, file);
        return new QuoteRequest { Person = settle.Person, Claim = settle.Claim };
    }

    private static bool IsSettleRequest(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.EnumerateObject().Any(field =>
                field.Name is "requestId" or "request_id" or "visitId" or "visit_id" or "chargeBatch" or "charge_batch");
        }
        catch (JsonException)
        {
            return false; // the protobuf parser says what is wrong with it
        }
    }
}
