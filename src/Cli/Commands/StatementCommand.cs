using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Cli.Statements;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>statement ID</c>.</summary>
internal static class StatementCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> id = new("ID") { Description = "Settlement id." };
        Option<string> language = LanguageOption("zh");
        Command command = new("statement", "Print the statement (结算单) of a settlement: every amount, step and source.") { id, language };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            Words words = Words.Of(parsed.GetValue(language)!);
            using Connection connection = client.Open(parsed, host);
            SettlementView view = await FetchAsync(connection, parsed.GetValue(id)!, words.Language, cancellation);
            if (parsed.GetValue(client.Json)) Output.WriteJson(host.Out, view);
            else await PrintAsync(connection, view, words, host.Out, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary><c>--language</c>.</summary>
    public static Option<string> LanguageOption(string fallback)
    {
        Option<string> option = new("--language")
        {
            Description = "zh or en.",
            HelpName = "zh|en",
            DefaultValueFactory = _ => fallback,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("zh" or "en") } token])
                result.AddError($"--language '{token.Value}' is not known: zh or en");
        });
        return option;
    }

    /// <summary>Reads a settlement with texts in a language.</summary>
    public static Task<SettlementView> FetchAsync(Connection connection, string id, string language, CancellationToken cancellation)
    {
        GetSettlementRequest request = new() { SettlementId = id, Language = language };
        return connection.AskAsync(options => connection.Settlement.GetSettlementAsync(request, options), cancellation);
    }

    /// <summary>Prints the statement with the person's counters.</summary>
    public static async Task PrintAsync(
        Connection connection, SettlementView view, Words words, TextWriter output, CancellationToken cancellation)
    {
        GetAccountRequest request = new() { Person = view.Result.Person };
        GetAccountResponse account = await connection.AskAsync(
            options => connection.Settlement.GetAccountAsync(request, options), cancellation);
        new Statement(words, output).Write(view, account);
    }
}
