using System.CommandLine;
using System.CommandLine.Parsing;
using Settlement.Cli.Client;
using Settlement.Cli.Commands;

namespace Settlement.Cli.Importing;

/// <summary>Command and options of one kind of import.</summary>
internal sealed class ImportOptions
{
    private const int MostInFlight = 1_000;

    public ImportOptions(ImportKind kind)
    {
        File = new Argument<string>("FILE")
        {
            Description = $"CSV file whose first line names the columns, in any order. Columns: {string.Join(", ", kind.Columns)}. "
                + $"Needed: {string.Join(", ", kind.Required.Select(column => column.Name))}.",
        };
        Command = new Command(kind.Name, kind.Purpose)
        {
            File, Region, Encoding, Errors, Check, FromStart, AskFirst, InFlight, Patience, Language,
        };
        Client = ClientOptions.AddTo(Command);
        Client.Json.Description = "Print the summary as JSON.";
        Region.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var region }] && !ImportRow.IsDivision(region))
                result.AddError($"--region '{region}' is no division code of six digits");
        });
        Encoding.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("utf-8" or "gb18030") } name])
                result.AddError($"--encoding '{name}' is not known: utf-8 or gb18030");
        });
        InFlight.Validators.Add(result => Within(result, 1, MostInFlight));
        Patience.Validators.Add(result => Within(result, 0, int.MaxValue));
    }

    public Command Command { get; }

    public ClientOptions Client { get; }

    public Argument<string> File { get; }

    public Option<string?> Region { get; } = new("--region") { Description = "Pooling region of rows that name none.", HelpName = "CODE" };

    public Option<string> Encoding { get; } = new("--encoding")
    {
        Description = "utf-8, or gb18030 (also GBK and GB2312). A byte order mark has precedence.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "utf-8",
    };

    public Option<string?> Errors { get; } = new("--errors")
    {
        Description = "Where the rows go that were not recorded, with the reasons (default: FILE.errors.csv).",
        HelpName = "PATH",
    };

    public Option<bool> Check { get; } = new("--check")
    {
        Description = "Read and check every row and send none; errors go to FILE.check.csv.",
    };

    public Option<bool> FromStart { get; } = new("--from-start")
    {
        Description = "Begin anew, also where an interrupted import could go on.",
    };

    public Option<bool> AskFirst { get; } = new("--ask-first")
    {
        Description = "Ask of each row whether it was recorded before, send it only if not, and count both apart.",
    };

    public Option<int> InFlight { get; } = new("--in-flight")
    {
        Description = $"Rows sent at once (1 to {MostInFlight}); those of one person or code follow each other.",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
    };

    public Option<int> Patience { get; } = new("--patience")
    {
        Description = "How long a server that is busy or away is tried again before the import stops.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 300,
    };

    public Option<string> Language { get; } = StatementCommand.LanguageOption("zh");

    private static void Within(OptionResult result, int least, int most)
    {
        if (result.Tokens is [{ } token] && (!int.TryParse(token.Value, out int number) || number < least || number > most))
            result.AddError($"{result.Option.Name} '{token.Value}': expected a whole number from {least} to {most}");
    }
}
