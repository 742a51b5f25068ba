using Settlement.Capacity;

const string usage = """
    Usage: settlement capacity [--assume NAME=VALUE]... [--write docs/capacity.md]
    How many silos and ledger shards a city, a province and the country need, from load/Capacity/assumptions.json and the measured costs
    in load/Capacity/measured.json. --assume changes a figure for this run. --write puts the tables into the document.
    Exit code 0: printed or written; 2: a wrong argument or file.
    """;
try
{
    Figures figures = Figures.Load(AppContext.BaseDirectory);
    string? document = null;
    for (int i = 0; i < args.Length; i++)
    {
        if (args[i] is "--help" or "-h")
        {
            Console.WriteLine(usage);
            return 0;
        }

        if (args[i] is not ("--assume" or "--write")) throw new ArgumentException($"'{args[i]}' is not an option.\n{usage}");
        if (i + 1 == args.Length) throw new ArgumentException($"{args[i]} needs a value.\n{usage}");
        if (args[i++] == "--write") document = args[i];
        else figures = figures.With(args[i]);
    }

    IReadOnlyDictionary<string, string> tables = Tables.Of(figures);
    if (document is null) Console.Write(string.Join('\n', tables.Values));
    else File.WriteAllText(document, Document.With(File.ReadAllText(document), tables));
    return 0;
}
catch (Exception error) when (error is ArgumentException or InvalidDataException or IOException)
{
    Console.Error.WriteLine($"settlement capacity: {error.Message}");
    return 2;
}
