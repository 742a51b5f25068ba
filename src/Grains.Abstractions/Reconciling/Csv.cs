using System.Text;

namespace Settlement.Reconciling;

/// <summary>Comma-separated values as RFC 4180 has them, UTF-8.</summary>
public static class Csv
{
    /// <summary>Longest field that is read, in characters: a quote that is never closed would take in the whole file.</summary>
    private const int MaxField = 100_000;

    /// <summary>Writes a line.</summary>
    public static void WriteLine(TextWriter output, params IEnumerable<string> cells) =>
        output.Write(string.Join(',', cells.Select(Quoted)) + "\r\n");

    /// <summary>
    /// A text of a stranger: one that a spreadsheet would take for a formula gets an apostrophe in front.
    /// </summary>
    public static string Harmless(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;

    /// <summary>Reads records one by one, each with the number of its first line, from 1. Empty lines are left out.</summary>
    /// <exception cref="FormatException">A quote is out of place or never closed; names the line.</exception>
    public static IEnumerable<(int Line, string[] Cells)> Read(TextReader input)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        int line = 1;
        while (input.Peek() >= 0)
        {
            int first = line;
            bool isOpen = true;
            while (isOpen)
            {
                cell.Clear();
                int end = input.Peek() == '"' ? ReadQuoted(input, cell, ref line) : ReadPlain(input, cell, line);
                cells.Add(cell.ToString());
                isOpen = end == ',';
            }

            line++;
            if (cells is not [""]) yield return (first, [.. cells]);
            cells.Clear();
        }
    }

    /// <summary>Reads up to a comma or the end of the line; gives the character that ended it.</summary>
    private static int ReadPlain(TextReader input, StringBuilder cell, int line)
    {
        while (true)
        {
            int c = input.Read();
            switch (c)
            {
                case -1 or ',' or '\n':
                    return c;
                case '\r' when input.Peek() == '\n':
                    break;
                case '"':
                    throw new FormatException(
                        $"line {line}: a quote inside a cell; a cell with quotes is quoted as a whole, and its quotes are doubled");
                default:
                    Append(cell, (char)c, line);
                    break;
            }
        }
    }

    private static int ReadQuoted(TextReader input, StringBuilder cell, ref int line)
    {
        int first = line;
        input.Read();
        while (true)
        {
            int c = input.Read();
            if (c < 0) throw new FormatException($"line {first}: a quote is never closed");
            if (c == '\n') line++;
            if (c != '"')
            {
                Append(cell, (char)c, first);
                continue;
            }

            if (input.Peek() == '"')
            {
                cell.Append((char)input.Read());
                continue;
            }

            int end = input.Read();
            if (end == '\r' && input.Peek() == '\n') end = input.Read();
            return end is -1 or ',' or '\n' ? end : throw new FormatException($"line {line}: '{(char)end}' after a closing quote");
        }
    }

    private static void Append(StringBuilder cell, char c, int line)
    {
        if (cell.Length == MaxField) throw new FormatException($"line {line}: a cell of more than {MaxField} characters");
        cell.Append(c);
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
