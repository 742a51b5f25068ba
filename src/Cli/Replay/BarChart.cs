using Settlement.Cli.Text;

namespace Settlement.Cli.Replay;

/// <summary>
/// Bars to the left and right of a middle line, for differences in fen; signs of one cell only, so that it fits every terminal.
/// </summary>
internal sealed class BarChart
{
    private const int Arm = 24;
    private readonly List<(string Name, long Fen)> bars = [];

    /// <summary>Adds a bar.</summary>
    public void Add(string name, long fen) => bars.Add((name, fen));

    /// <summary>Writes the chart; the longest bar fills its side, and a difference of a fen is still seen.</summary>
    public void Write(TextWriter output)
    {
        Int128 most = bars.Max(bar => Int128.Abs(bar.Fen));
        int names = bars.Max(bar => DisplayWidth.Of(bar.Name));
        foreach ((string name, long fen) in bars)
        {
            string bar = new('#', Length(fen, most, Arm));
            string left = fen < 0 ? bar.PadLeft(Arm) : new string(' ', Arm);
            string right = fen > 0 ? $"{bar} +{Show.Yuan(fen)}" : fen < 0 ? $" {Show.Yuan(fen)}" : " 0.00";
            output.WriteLine($"  {DisplayWidth.PadRight(name, names)}  {left}|{right}");
        }
    }

    /// <summary>Length of a bar: that of the largest difference fills the arm, any other than none is at least 1.</summary>
    internal static int Length(long fen, Int128 most, int arm) =>
        fen == 0 ? 0 : (int)Int128.Max(1, (Int128.Abs(fen) * arm + most / 2) / most);
}
