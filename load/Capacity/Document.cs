namespace Settlement.Capacity;

/// <summary>
/// Puts tables into their places in a document: between <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c>.
/// </summary>
internal static class Document
{
    /// <summary>The document with its tables replaced.</summary>
    /// <exception cref="InvalidDataException">A table has no place in it.</exception>
    public static string With(string text, IReadOnlyDictionary<string, string> tables)
    {
        foreach ((string name, string table) in tables)
        {
            string begin = $"<!-- begin {name} -->\n";
            int from = text.IndexOf(begin, StringComparison.Ordinal);
            int to = text.IndexOf($"<!-- end {name} -->", StringComparison.Ordinal);
            if (from < 0 || to < from) throw new InvalidDataException($"The document has no place for the table '{name}'.");
            text = string.Concat(text.AsSpan(0, from + begin.Length), table, text.AsSpan(to));
        }

        return text;
    }
}
