using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Settlement.Cli.Commands;

namespace Settlement.Cli;

/// <summary>All commands, and the one way in.</summary>
internal static class CommandLine
{
    private const int HelpWidth = 110;

    /// <summary>Builds the tree of commands.</summary>
    public static RootCommand Build(CliHost host)
    {
        RootCommand root = new("Medical insurance settlement: server, client, audit. Money on the screen is in yuan, in files in fen.")
        {
            UpCommand.Create(host),
            ClusterCommand.Create(host),
            SettleCommand.Create(host),
            QuoteCommand.Create(host),
            ReimburseCommand.Create(host),
            ReverseCommand.Create(host),
            VoidCommand.Create(host),
            CorrectCommand.Create(host),
            AccountCommand.Create(host),
            StatementCommand.Create(host),
            GetByRequestCommand.Create(host),
            ReconcileCommand.Create(host),
            ImportCommand.Create(host),
            FeedCommand.Create(host),
            AuditCommand.Create(host),
            ExportCommand.Create(host),
            ReplayCommand.Create(host),
            LedgerCommand.Create(host),
            LintCommand.Create(host),
            ExplainCommand.Create(host),
            DueCommand.Create(host),
            CasesCommand.Create(host),
            KeyCommand.Create(host),
            SandboxCommand.Create(host),
            DocsCommand.Create(host),
        };
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help) help.Action = new HelpWithExitCodes(new HelpAction { MaxWidth = HelpWidth });
        }

        return root;
    }

    /// <summary>Parses and runs; every way out is one of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellation = default)
    {
        ParseResult parsed = Build(host).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) host.Error.WriteLine($"settlement: {error.Message}");
            host.Error.WriteLine($"Try: {PathOf(parsed.CommandResult.Command)} --help");
            return ExitCode.Usage;
        }

        InvocationConfiguration configuration = new()
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (CliException error)
        {
            host.Error.WriteLine($"settlement: {error.Message}");
            return error.ExitCode;
        }
    }

    private static string PathOf(Command command)
    {
        string path = command is RootCommand ? "./settlement" : command.Name;
        for (Command? parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null;
            parent = parent.Parents.OfType<Command>().FirstOrDefault())
            path = $"{(parent is RootCommand ? "./settlement" : parent.Name)} {path}";
        return path;
    }

    private sealed class HelpWithExitCodes(HelpAction plain) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            // The library calls the program by its file's name; people call it by the script's.
            TextWriter output = parseResult.InvocationConfiguration.Output;
            using StringWriter text = new();
            parseResult.InvocationConfiguration.Output = text;
            int code = plain.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            foreach (string line in text.ToString().TrimEnd().Split('\n'))
                output.WriteLine(line.TrimEnd().Replace($"  {RootCommand.ExecutableName} ", "  ./settlement ", StringComparison.Ordinal));
            output.WriteLine();
            output.WriteLine(Cli.ExitCode.Help);
            return code;
        }
    }
}
