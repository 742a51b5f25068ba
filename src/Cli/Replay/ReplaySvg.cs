using System.Security;
using System.Text;
using Settlement.Cli.Text;

namespace Settlement.Cli.Replay;

/// <summary>The differences of a replay as an SVG drawing: one panel for each table, bars left and right of a middle line.</summary>
internal static class ReplaySvg
{
    private const int Width = 900;
    private const int Middle = 480;
    private const int Arm = 180;
    private const int RowHeight = 24;
    private const int Margin = 20;

    /// <summary>Draws the panels below a title; each panel has its own scale.</summary>
    /// <param name="title">First line; what it holds is escaped.</param>
    /// <param name="panels">Name of each panel, and its bars in fen.</param>
    public static string Draw(string title, IReadOnlyList<(string Name, IReadOnlyList<(string Name, long Fen)> Bars)> panels)
    {
        int height = 2 * Margin + RowHeight * (1 + panels.Sum(panel => panel.Bars.Count + 2));
        StringBuilder svg = new();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"14\">\n");
        svg.Append($"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        int y = Margin;
        Text(svg, Margin, y, title, "start", "bold");
        y += RowHeight;
        foreach ((string name, IReadOnlyList<(string Name, long Fen)> bars) in panels)
        {
            y += RowHeight;
            Text(svg, Margin, y, name, "start", "bold");
            y += RowHeight;
            Panel(svg, y, bars);
            y += bars.Count * RowHeight;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int top, IReadOnlyList<(string Name, long Fen)> bars)
    {
        Int128 most = bars.Count == 0 ? 0 : bars.Max(bar => Int128.Abs(bar.Fen));
        for (int row = 0; row < bars.Count; row++)
        {
            (string name, long fen) = bars[row];
            int y = top + row * RowHeight;
            int length = BarChart.Length(fen, most, Arm);
            Text(svg, Margin, y, name, "start", "normal");
            if (length > 0)
            {
                svg.Append($"<rect x=\"{(fen < 0 ? Middle - length : Middle)}\" y=\"{y + 4}\" width=\"{length}\" height=\"{RowHeight - 8}\" "
                    + $"fill=\"{(fen < 0 ? "#b2182b" : "#2166ac")}\"/>\n");
            }

            Text(svg, Width - Margin, y, $"{(fen > 0 ? "+" : "")}{Show.Yuan(fen)}", "end", "normal");
        }

        svg.Append($"<line x1=\"{Middle}\" x2=\"{Middle}\" y1=\"{top}\" y2=\"{top + bars.Count * RowHeight}\" stroke=\"#444444\"/>\n");
    }

    private static void Text(StringBuilder svg, int x, int top, string text, string anchor, string weight) =>
        svg.Append($"<text x=\"{x}\" y=\"{top + 17}\" text-anchor=\"{anchor}\" font-weight=\"{weight}\">{SecurityElement.Escape(text)}</text>\n");
}
