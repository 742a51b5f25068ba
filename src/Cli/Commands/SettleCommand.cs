using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>settle FILE</c>.</summary>
internal static class SettleCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = new("FILE")
        {
            Description = "A settlement.v1.SettleRequest in protobuf JSON; '-' reads the standard input.",
        };
        Command command = new("settle", "Settle one visit. Repeating a file settles nothing twice: the first answer comes back.") { file };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string name = parsed.GetValue(file)!;
            SettleRequest request = InputFile.Parse<SettleRequest>(InputFile.ReadText(name, host), name);
            using Connection connection = client.Open(parsed, host);
            SettleResponse response = await connection.MoveAsync(
                options => connection.Settlement.SettleAsync(request, options), cancellation);
            if (parsed.GetValue(client.Json))
            {
                Output.WriteJson(host.Out, response);
                return ExitCode.Ok;
            }

            if (response.AlreadySettled is { } already)
                host.Out.WriteLine($"This charge had been settled before, by request {already.FirstRequestId}: nothing was written.");
            ResultSummary.Write(response.Result, host.Out);
            host.Out.WriteLine($"Full statement: ./settlement statement {response.Result.SettlementId}");
            return ExitCode.Ok;
        });
        return command;
    }
}
