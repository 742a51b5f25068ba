namespace Settlement.Cli.Importing;

/// <summary>The first line of an import file: which cell of a row is which column.</summary>
internal sealed class ImportHead
{
    /// <summary>Columns that an error file adds. A corrected one is read again, so they are passed over.</summary>
    public static readonly string[] ErrorColumns = ["line", "refusal_code", "refusal_field", "refusal_message"];

    private readonly Dictionary<string, int> positions = [];

    private ImportHead(string[] cells) => Cells = cells;

    /// <summary>The cells as they stand in the file.</summary>
    public string[] Cells { get; }

    /// <summary>Positions of the cells that are the file's own: all but those of an error file.</summary>
    public required int[] Own { get; init; }

    /// <summary>Reads a head.</summary>
    /// <param name="kind">What the file holds.</param>
    /// <param name="cells">Its first record.</param>
    /// <param name="hasRegion">Whether the region of all rows is given beside the file.</param>
    /// <exception cref="FormatException">A column is unknown, there twice, or missing; names it.</exception>
    public static ImportHead Read(ImportKind kind, string[] cells, bool hasRegion)
    {
        List<string> unknown = [];
        List<int> own = [];
        Dictionary<string, int> found = [];
        for (int i = 0; i < cells.Length; i++)
        {
            string title = cells[i].Trim();
            if (ErrorColumns.Contains(title)) continue;
            own.Add(i);
            ImportColumn? column = kind.Columns.FirstOrDefault(each => each.IsCalled(title));
            if (column is null) unknown.Add($"'{title}'");
            else if (!found.TryAdd(column.Name, i)) throw new FormatException($"column {column} is there twice");
        }

        if (unknown.Count > 0)
        {
            string known = string.Join(", ", kind.Columns);
            throw new FormatException(
                $"column{Plural(unknown.Count)} {string.Join(", ", unknown)} not known in a file of {kind.Name}; known are {known}");
        }

        ImportColumn[] missing = [
            .. kind.Required.Where(column => !found.ContainsKey(column.Name) && !(hasRegion && column == ImportColumn.Region))];
        if (missing.Length > 0)
            throw new FormatException(
                $"column{Plural(missing.Length)} {string.Join<ImportColumn>(", ", missing)} missing in a file of {kind.Name}");
        ImportHead head = new(cells) { Own = [.. own] };
        foreach ((string name, int at) in found) head.positions.Add(name, at);
        return head;
    }

    /// <summary>The position of a column, or -1 where the file does not have it.</summary>
    public int PositionOf(ImportColumn column) => positions.GetValueOrDefault(column.Name, -1);

    private static string Plural(int count) => count > 1 ? "s" : "";
}
