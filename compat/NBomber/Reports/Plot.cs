using System.Globalization;
using System.Net;
using System.Text;

namespace NBomber.Reports;

/// <summary>A line of a plot.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">By rising x.</param>
internal sealed record Curve(string Name, (double X, double Y)[] Points);

/// <summary>Lines over two axes from zero, as SVG to stand inside HTML.</summary>
/// <param name="XUnit">Unit of the horizontal axis.</param>
/// <param name="YUnit">Unit of the vertical axis.</param>
/// <param name="Curves">The lines.</param>
internal sealed record Plot(string XUnit, string YUnit, Curve[] Curves)
{
    private const int Width = 960;
    private const int Height = 300;
    private const int Left = 70;
    private const int Right = 150;
    private const int Top = 12;
    private const int Bottom = 36;
    private const int Marks = 5;
    private static readonly int[] RoundSteps = [1, 2, 5, 10];
    private static readonly string[] Colours = ["#1565c0", "#c62828", "#2e7d32", "#6a1b9a", "#ef6c00", "#00838f"];

    /// <summary>Draws it.</summary>
    public string ToSvg()
    {
        double xTop = RoundUp(Curves.SelectMany(curve => curve.Points).Select(point => point.X).DefaultIfEmpty().Max());
        double yTop = RoundUp(Curves.SelectMany(curve => curve.Points).Select(point => point.Y).DefaultIfEmpty().Max());
        StringBuilder svg = new();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" font-size=\"11\" fill=\"#555\">\n");
        for (int mark = 0; mark <= Marks; mark++)
        {
            double x = Across(mark, Marks);
            double y = Up(mark, Marks);
            svg.Append(Invariant($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#e4e4e4\"/>\n"));
            svg.Append(Invariant($"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{yTop * mark / Marks:#,0.##}</text>\n"));
            svg.Append(Invariant(
                $"<text x=\"{x:0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{xTop * mark / Marks:#,0.##}</text>\n"));
        }

        svg.Append($"<text x=\"{Width - Right}\" y=\"{Height - 4}\" text-anchor=\"end\">{XUnit}</text>\n<text x=\"4\" y=\"{Top + 4}\">{YUnit}</text>\n");
        for (int number = 0; number < Curves.Length; number++)
        {
            string colour = Colours[number % Colours.Length];
            IEnumerable<string> points = Curves[number]
                .Points.Select(point => Invariant($"{Across(point.X, xTop):0.#},{Up(point.Y, yTop):0.#}"));
            svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{string.Join(' ', points)}\"/>\n");
            svg.Append($"<text x=\"{Width - Right + 10}\" y=\"{Top + 12 + (number * 16)}\" fill=\"{colour}\">{WebUtility.HtmlEncode(Curves[number].Name)}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double Across(double value, double top) => Left + (value / top * (Width - Left - Right));

    private static double Up(double value, double top) => Height - Bottom - (value / top * (Height - Top - Bottom));

    // 1, 2 or 5 with zeros: marks then fall on round numbers.
    private static double RoundUp(double value)
    {
        if (value <= 0) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return RoundSteps.Select(step => step * power).First(top => top >= value);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
