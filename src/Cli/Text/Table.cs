namespace Settlement.Cli.Text;

/// <summary>A table of plain text for a terminal: columns as wide as their widest cell, in cells of the screen.</summary>
internal sealed class Table
{
    private const string Gap = "  ";
    private readonly bool[] right;
    private readonly List<string[]?> rows = [];

    /// <summary>Begins a table with its head.</summary>
    /// <param name="head">One title a column; one that begins with '&gt;' (not shown) aligns its column to the right.</param>
    public Table(params string[] head)
    {
        right = [.. head.Select(title => title.StartsWith('>'))];
        rows.Add([.. head.Select(title => title.TrimStart('>'))]);
        rows.Add(null);
    }

    /// <summary>Adds a row; cells left out are empty.</summary>
    public Table Row(params string[] cells)
    {
        if (cells.Length > right.Length)
            throw new ArgumentException($"{cells.Length} cells in a table of {right.Length} columns", nameof(cells));
        rows.Add([.. cells, .. Enumerable.Repeat("", right.Length - cells.Length)]);
        return this;
    }

    /// <summary>Adds a rule across the table.</summary>
    public Table Rule()
    {
        rows.Add(null);
        return this;
    }

    /// <summary>Writes the table, each line after an indent.</summary>
    public void Write(TextWriter output, int indent = 0)
    {
        int[] widths = [.. right.Select((_, column) => rows.Max(row => row is null ? 0 : DisplayWidth.Of(row[column])))];
        string margin = new(' ', indent);
        foreach (string[]? row in rows)
        {
            string line = row is null
                ? new string('-', widths.Sum() + Gap.Length * (widths.Length - 1))
                : string.Join(Gap, row.Select((cell, column) =>
                    right[column] ? DisplayWidth.PadLeft(cell, widths[column]) : DisplayWidth.PadRight(cell, widths[column])));
            output.WriteLine(margin + line.TrimEnd());
        }
    }
}
