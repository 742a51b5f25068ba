using System.Reflection;

namespace Settlement.Cli.Docs;

/// <summary>The contract's files with their comments, as they were when this program was built.</summary>
internal sealed class ContractDocs
{
    private const string Prefix = "proto/";
    private readonly Dictionary<string, string> commentOfName = [];
    private readonly Dictionary<string, ProtoType> byName = [];

    private ContractDocs(IEnumerable<(string File, string Text)> files)
    {
        Files = [.. files.Select(file => (file.File, ProtoFile.Read(file.Text)))];
        foreach (ProtoType type in Files.SelectMany(file => file.Types))
        {
            byName.TryAdd(type.Name.Split('.')[^1], type);
            byName.TryAdd(type.Name, type);
            if (type.Kind != "message") continue;
            foreach (ProtoMember field in type.Members.Where(field => field.Comment.Length > 0))
                commentOfName.TryAdd(field.Name, field.Comment);
        }
    }

    /// <summary>Every file with what it declares.</summary>
    public IReadOnlyList<(string File, List<ProtoType> Types)> Files { get; }

    /// <summary>The contract of this program.</summary>
    public static ContractDocs OfThisProgram()
    {
        Assembly own = typeof(ContractDocs).Assembly;
        IEnumerable<string> names = own.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));
        return new ContractDocs(names.Order(StringComparer.Ordinal).Select(name =>
        {
            using StreamReader reader = new(own.GetManifestResourceStream(name)!);
            return (name[Prefix.Length..], reader.ReadToEnd());
        }));
    }

    /// <summary>
    /// What a field is: its own comment, or that of the field of the same name elsewhere, or that of its type. A name means one thing in
    /// the whole contract.
    /// </summary>
    public string CommentOf(ProtoMember field)
    {
        if (field.Comment.Length > 0) return field.Comment;
        if (commentOfName.TryGetValue(field.Name, out string? same)) return same;
        string type = field.Signature.Split(' ')[^1];
        return (byName.GetValueOrDefault(type) ?? byName.GetValueOrDefault(type.Split('.')[^1]))?.Comment ?? "";
    }
}
