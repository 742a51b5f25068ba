using System.Globalization;
using System.Text;

namespace Settlement.Cli.Text;

/// <summary>How many terminal cells a text takes: Chinese characters and full-width signs take two, combining marks none.</summary>
internal static class DisplayWidth
{
    // East Asian Width W and F (Unicode UAX #11), as ranges; characters of ambiguous width are not used in our layouts.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97C),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Cells of a text.</summary>
    public static int Of(string text)
    {
        int cells = 0;
        foreach (Rune rune in text.EnumerateRunes()) cells += Of(rune);
        return cells;
    }

    /// <summary>Cells of one character.</summary>
    public static int Of(Rune rune)
    {
        if (rune.Value < 0x300) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        foreach ((int first, int last) in Wide)
        {
            if (rune.Value < first) return 1;
            if (rune.Value <= last) return 2;
        }

        return 1;
    }

    /// <summary>The text, filled with blanks on the right up to a width in cells.</summary>
    public static string PadRight(string text, int width) => text + Blanks(width - Of(text));

    /// <summary>The text, filled with blanks on the left up to a width in cells.</summary>
    public static string PadLeft(string text, int width) => Blanks(width - Of(text)) + text;

    /// <summary>The text in the middle of a width.</summary>
    public static string Centre(string text, int width) => Blanks((width - Of(text)) / 2) + text;

    /// <summary>Breaks a text into lines of at most a width: at blanks, and between Chinese characters; a longer word is cut.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        StringBuilder line = new();
        int cells = 0;
        int breakAt = 0; // the line may end before this index
        foreach (Rune rune in text.EnumerateRunes())
        {
            int next = Of(rune);
            bool blank = Rune.IsWhiteSpace(rune);
            if (blank || next == 2) breakAt = line.Length;
            if (cells + next > width && line.Length > 0)
            {
                int end = breakAt > 0 ? breakAt : line.Length;
                string carried = line.ToString(end, line.Length - end);
                yield return line.ToString(0, end).TrimEnd();
                line.Clear().Append(carried);
                cells = Of(carried);
                breakAt = 0;
            }

            if (blank && line.Length == 0) continue;
            line.Append(rune.ToString());
            cells += next;
            if (blank || next == 2) breakAt = line.Length;
        }

        if (line.Length > 0) yield return line.ToString().TrimEnd();
    }

    private static string Blanks(int count) => new(' ', Math.Max(0, count));
}
