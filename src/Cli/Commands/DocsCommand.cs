using System.CommandLine;
using Settlement.Cli.Docs;

namespace Settlement.Cli.Commands;

/// <summary><c>docs api</c> and <c>docs fields</c>.</summary>
internal static class DocsCommand
{
    public static Command Create(CliHost host)
    {
        Command api = new("api", "The API reference, from the comments of the contract.");
        api.SetAction(_ => Write(ApiReference.Write, host));
        Command fields = new("fields", "The field table: name in the national interface, Chinese term, field here.");
        fields.SetAction(_ => Write(FieldTable.Write, host));
        return new Command("docs", "Print reference pages as Markdown.") { api, fields };
    }

    private static int Write(Action<ContractDocs, TextWriter> page, CliHost host)
    {
        page(ContractDocs.OfThisProgram(), host.Out);
        return ExitCode.Ok;
    }
}
