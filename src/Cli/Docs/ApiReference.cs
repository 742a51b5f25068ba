namespace Settlement.Cli.Docs;

/// <summary>The API reference as Markdown: services with their calls, then messages and enumerations, each with its comment.</summary>
internal static class ApiReference
{
    public static void Write(ContractDocs docs, TextWriter output)
    {
        output.WriteLine("# API reference, package settlement.v1");
        output.WriteLine();
        output.WriteLine(
            "Money is int64 fen, ratios are basis points, days are YYYY-MM-DD in China. As JSON: `POST /v1/{Service}/{Call}`, names in lowerCamelCase.");
        foreach (ProtoType service in docs.Files.SelectMany(file => file.Types).Where(type => type.Kind == "service"))
        {
            output.WriteLine();
            output.WriteLine($"## Service {service.Name}");
            if (service.Comment.Length > 0) output.WriteLine($"\n{service.Comment}");
            output.WriteLine("\n| call | request → answer | |\n|---|---|---|");
            foreach (ProtoMember call in service.Members) output.WriteLine($"| `{call.Name}` | {call.Signature} | {Cell(call.Comment)} |");
        }

        foreach ((string file, List<ProtoType> types) in docs.Files)
        {
            output.WriteLine($"\n## Messages of {file}");
            foreach (ProtoType type in types.Where(type => type.Kind != "service" && type.Members.Count > 0)) Write(docs, type, output);
        }
    }

    private static void Write(ContractDocs docs, ProtoType type, TextWriter output)
    {
        output.WriteLine($"\n### {type.Name}");
        if (type.Comment.Length > 0) output.WriteLine($"\n{type.Comment}");
        bool values = type.Kind == "enum";
        output.WriteLine(values ? "\n| value | number | |\n|---|---|---|" : "\n| field | type | |\n|---|---|---|");
        foreach (ProtoMember member in type.Members)
            output.WriteLine(values
                ? $"| `{member.Name}` | {member.Number} | {Cell(member.Comment)} |"
                : $"| `{member.Name}` | {member.Signature} | {Cell(docs.CommentOf(member))} |");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
