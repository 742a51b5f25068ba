using System.Text.RegularExpressions;

namespace Settlement.Cli.Docs;

/// <summary>
/// The field table against the national interface: its name, its Chinese term, and which fields here are the same thing, by the comments
/// of the contract.
/// </summary>
internal static partial class FieldTable
{
    /// <summary>Writes the table as Markdown.</summary>
    public static void Write(ContractDocs docs, TextWriter output)
    {
        ILookup<string, string> ours = Ours(docs);
        output.WriteLine("# Fields of the national interface and here");
        output.WriteLine();
        output.WriteLine(
            "Without a field of ours: only the adapter reads or writes it (docs/national-interface.md); nothing here decides by it.");
        output.WriteLine("\n| national | term | here |\n|---|---|---|");
        foreach ((string name, string term) in NationalTerms.All.OrderBy(row => row.Key, StringComparer.Ordinal))
            output.WriteLine($"| `{name}` | {term} | {string.Join(", ", ours[name].Select(field => $"`{field}`"))} |");
    }

    /// <summary>National names that the contract's comments give, each with the fields that are it.</summary>
    public static ILookup<string, string> Ours(ContractDocs docs) => (
        from type in docs.Files.SelectMany(file => file.Types)
        where type.Kind == "message"
        from field in type.Members
        from Match match in NationalName().Matches(field.Comment)
        where NationalTerms.All.ContainsKey(match.Value)
        select (match.Value, Field: $"{type.Name}.{field.Name}")).Distinct().ToLookup(pair => pair.Value, pair => pair.Field);

    /// <summary>Names at the head of a comment that look like national ones: what stands there must be in the terms.</summary>
    public static IEnumerable<string> HeadNames(ContractDocs docs) =>
        from type in docs.Files.SelectMany(file => file.Types)
        where type.Kind == "message"
        from field in type.Members
        let head = HeadName().Match(field.Comment)
        where head.Success
        select head.Groups[1].Value;

    [GeneratedRegex(@"\b[a-z]+(_[a-z0-9]+)*\b")]
    private static partial Regex NationalName();

    [GeneratedRegex(@"^([a-z]+(_[a-z0-9]+)+)\b")]
    private static partial Regex HeadName();
}
