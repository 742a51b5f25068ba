using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Cli.Statements;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>account PERSON</c>.</summary>
internal static class AccountCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> person = new("PERSON") { Description = "The insured person (psn_no)." };
        Option<string> language = StatementCommand.LanguageOption("en");
        Command command = new("account", "Show a person's counters and the ledger position they stand at.") { person, language };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            Words words = Words.Of(parsed.GetValue(language)!);
            using Connection connection = client.Open(parsed, host);
            GetAccountRequest request = new() { Person = parsed.GetValue(person)! };
            GetAccountResponse account = await connection.AskAsync(
                options => connection.Settlement.GetAccountAsync(request, options), cancellation);
            if (parsed.GetValue(client.Json))
            {
                Output.WriteJson(host.Out, account);
                return ExitCode.Ok;
            }

            host.Out.WriteLine($"Person {account.Person}, after entry {account.Sequence}");
            foreach (Counter counter in account.Counters) Statement.CounterLine(words, counter, host.Out, 2);
            if (account.Counters.Count == 0) host.Out.WriteLine("  no counter has moved");
            ResultSummary.WriteAlerts(account.Alerts, host.Out);
            return ExitCode.Ok;
        });
        return command;
    }
}
