using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>A section of a document changed by another document; parts the register does not give are null.</summary>
public sealed record DocumentChange(string Section, string? By, string? BySection, DateOnly? From, string? Note);

/// <summary>The list of a register in which a document stands.</summary>
public enum RegisterList : byte
{
    [Name("in-force")]
    InForce = 0,
    [Name("repealed")]
    Repealed = 1,
    [Name("lapsed")]
    Lapsed = 2,

    /// <summary>Not listed itself, but cited by the register or by a pack.</summary>
    [Name("cited")]
    Cited = 3,
}

/// <summary>A policy document and its standing.</summary>
/// <param name="Register">Name of the register: its file without ending.</param>
/// <param name="Number">Number of the document, for example 本医保发〔2022〕26号.</param>
/// <param name="Title">Title in Chinese.</param>
/// <param name="Status">Standing.</param>
/// <param name="List">List in which it stands.</param>
/// <param name="Place">Number in that list, 0 for a cited one.</param>
/// <param name="From">First day of force, where known.</param>
/// <param name="To">Last day of force, where it ended and the day is known.</param>
/// <param name="Changes">What later documents changed in it.</param>
/// <param name="Note">Note, if any.</param>
public sealed record RegisteredDocument(
    string Register,
    string Number,
    string Title,
    DocumentStatus Status,
    RegisterList List,
    int Place,
    DateOnly? From,
    DateOnly? To,
    ImmutableArray<DocumentChange> Changes,
    string? Note)
{
    /// <summary>Whether the document has ended.</summary>
    public bool HasEnded => Status is DocumentStatus.Repealed or DocumentStatus.Lapsed;
}

/// <summary>The documents behind the packs: which is in force, amended (by which, from when), repealed or lapsed (section 10).</summary>
public sealed class PolicyRegister
{
    /// <summary>Folder of the registers beside the packs.</summary>
    public const string Folder = "register";

    private readonly Dictionary<string, RegisteredDocument> byNumber;

    private PolicyRegister(Dictionary<string, RegisteredDocument> byNumber) => this.byNumber = byNumber;

    /// <summary>All documents, register by register, as they stand there.</summary>
    public IEnumerable<RegisteredDocument> Documents => byNumber.Values;

    /// <summary>A document by its number, or null.</summary>
    public RegisteredDocument? Find(string number) => byNumber.GetValueOrDefault(number);

    /// <summary>Loads the registers of a policy directory; without the folder the register is empty.</summary>
    /// <exception cref="InvalidPackException">A register is not valid; the message lists every error as <c>file:line:
    /// reason</c>.</exception>
    public static PolicyRegister Load(string policies)
    {
        var errors = new PackErrors();
        var documents = new Dictionary<string, RegisteredDocument>(StringComparer.Ordinal);
        var folder = Path.Combine(policies, Folder);
        if (Directory.Exists(folder))
            foreach (var file in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
                Read(file, documents, errors);

        return errors.Any ? throw new InvalidPackException(errors.Sorted()) : new PolicyRegister(documents);
    }

    private static void Read(string file, Dictionary<string, RegisteredDocument> documents, PackErrors errors)
    {
        if (YamlFile.Root($"{Folder}/{Path.GetFileName(file)}", File.ReadAllBytes(file), errors) is not { } root)
            return;

        root.TakeText("zh", "the register");
        root.TakeText("en", "the register");
        var list = root.TakeMap("documents", "the register", required: true);
        root.Finish("the register");
        if (list is null)
            return;

        foreach (var (number, node) in list.Entries())
            if (YamlMap.From(node, list.File, number, errors) is { } map
                && ReadDocument(Path.GetFileNameWithoutExtension(file), number, map, errors) is { } document)
                if (!documents.TryAdd(number, document))
                    errors.Add(map.File, map.Line, $"{number} stands in a register already");
    }

    private static RegisteredDocument? ReadDocument(string register, string number, YamlMap map, PackErrors errors)
    {
        var before = errors.Count;
        var title = map.TakeText("title", number);
        var status = Member<DocumentStatus>(map, "status", number, errors);
        var list = Member<RegisterList>(map, "list", number, errors);
        var place = map.TakeCount("no", number);
        var from = map.TakeDate("from", number, required: false);
        var to = map.TakeDate("to", number, required: false);
        var note = map.TakeText("note", number, required: false);
        var changes = map.TakeMaps("changes", number).Select(c => ReadChange(number, c)).ToImmutableArray();
        map.Finish(number);
        if (list == RegisterList.Cited ? place != 0 : place == 0)
            errors.Add(map.File, map.Line, $"{number}: a listed document has its 'no', a cited one has none");

        if (to is not null && status is DocumentStatus.InForce or DocumentStatus.Amended)
            errors.Add(map.File, map.Line, $"{number}: 'to' is for documents that have ended");

        if (changes.Length > 0 != (status == DocumentStatus.Amended))
            errors.Add(map.File, map.Line, $"{number}: an amended document has 'changes', no other has");

        return errors.Count > before
            ? null
            : new RegisteredDocument(register, number, title!, status, list, place, from, to, changes, note);
    }

    private static DocumentChange ReadChange(string number, YamlMap map)
    {
        var what = $"{number}: a change";
        var change = new DocumentChange(
            map.TakeText("section", what) ?? "",
            map.TakeText("by", what, required: false),
            map.TakeText("bySection", what, required: false),
            map.TakeDate("from", what, required: false),
            map.TakeText("note", what, required: false));
        map.Finish(what);
        return change;
    }

    private static T Member<T>(YamlMap map, string key, string what, PackErrors errors)
        where T : struct, Enum
    {
        var text = map.TakeText(key, what);
        if (Names.TryParse<T>(text, out var value) || text is null)
            return value;

        errors.Add(map.File, map.Line, $"{what}: unknown {key} '{text}', must be one of {string.Join(", ", Names.All<T>())}");
        return default;
    }
}
