using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Statements;

/// <summary>
/// The matrix of cost bands by payer, with the sum of every row and every column. A payer that pays nothing has no column.
/// </summary>
internal sealed class StatementMatrix(Words words, TextWriter output)
{
    private sealed record Payer(string Name, Func<MatrixRow, long> Of);

    /// <summary>Writes the matrix, or nothing when the result has none.</summary>
    public void Write(SettlementResult result, int indent)
    {
        if (result.Matrix.Count == 0) return;
        Payer[] payers = [.. words.Payers.Select((name, column) => new Payer(name, Cells[column]))
            .Where(payer => result.Matrix.Any(row => payer.Of(row) != 0))];

        output.WriteLine();
        output.WriteLine($"{words.Matrix} {new string('-', Statement.Width - 1 - DisplayWidth.Of(words.Matrix))}");
        Table table = new([words.Band, '>' + words.Ratio, .. payers.Select(payer => '>' + payer.Name), '>' + words.Sum]);
        foreach (MatrixRow row in result.Matrix)
        {
            table.Row([
                row.Text.Length > 0 ? row.Text : row.Band,
                row.RatioBp == 0 ? "" : Show.Percent(row.RatioBp),
                .. payers.Select(payer => Cell(payer.Of(row))),
                Show.Yuan(row.Amount),
            ]);
        }

        table.Rule();
        table.Row([
            words.Sum, "",
            .. payers.Select(payer => Show.Yuan(result.Matrix.Sum(payer.Of))),
            Show.Yuan(result.Matrix.Sum(row => row.Amount)),
        ]);
        table.Write(output, indent);
    }

    private static string Cell(long fen) => fen == 0 ? "" : Show.Yuan(fen);

    // In the order of Words.Payers.
    private static readonly Func<MatrixRow, long>[] Cells =
    [
        row => row.Pooled, row => row.SeriousIllness, row => row.AssistanceBasic, row => row.AssistanceTilt, row =>
            row.AssistanceOutpatient,
        row => row.AssistanceOther, row => row.Person,
    ];
}
