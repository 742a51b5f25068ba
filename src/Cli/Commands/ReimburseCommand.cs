using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>reimburse FILE</c>.</summary>
internal static class ReimburseCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> file = new("FILE")
        {
            Description = "A settlement.v1.ReimburseRequest in protobuf JSON; '-' reads the standard input.",
        };
        Command command = new(
            "reimburse", "Reimburse by hand (手工报销) a visit that was not settled at the counter. Repeating a file pays nothing twice.")
        {
            file,
        };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string name = parsed.GetValue(file)!;
            ReimburseRequest request = InputFile.Parse<ReimburseRequest>(InputFile.ReadText(name, host), name);
            using Connection connection = client.Open(parsed, host);
            ReimburseResponse response = await connection.MoveAsync(
                options => connection.Agency.ReimburseAsync(request, options), cancellation);
            if (parsed.GetValue(client.Json))
            {
                Output.WriteJson(host.Out, response);
                return ExitCode.Ok;
            }

            if (response.AlreadySettled) host.Out.WriteLine("This charge had been settled before: nothing was written.");
            ResultSummary.Write(response.Result, host.Out);
            if (response.Due is { } due)
                host.Out.WriteLine(
                    $"  due on {due.DueOn} ({due.WorkingDays} working days, public holidays not counted){(response.Late ? ": settled late" : "")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
