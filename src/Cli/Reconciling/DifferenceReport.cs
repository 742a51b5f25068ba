using Settlement.Cli.Cases;
using Settlement.Cli.Text;
using Settlement.Contract;
using Settlement.Reconciling;

namespace Settlement.Cli.Reconciling;

/// <summary>Differences of two lists, for the clerk: a table on the screen in yuan.</summary>
internal static class DifferenceReport
{
    /// <summary>Writes the table and the summary. Persons are masked.</summary>
    public static void WriteTable(IReadOnlyList<Difference> differences, DetailsSummary summary, TextWriter output)
    {
        if (differences.Count > 0)
        {
            Table table = new("difference", "settlement", "request", "person", "field", ">ledger", ">facility", "note");
            foreach (Difference difference in differences)
            {
                foreach ((string field, string here, string there) in DifferenceFile.FieldsOf(difference, Show.Yuan, Show.Masked))
                {
                    DetailItem row = DifferenceFile.RowOf(difference);
                    table.Row(
                        WireClaim.WireName(difference.Kind), row.SettlementId, row.RequestId, Show.Masked(row.Person), field, here, there,
                        NoteOf(difference));
                }
            }

            table.Write(output);
        }

        output.WriteLine($"{Show.Count(summary.ItemsHere)} rows of the ledger, {Show.Count(summary.ItemsThere)} of the facility, "
            + $"{Show.Count(summary.Matched)} on both sides: "
            + (summary.Differences == 0 ? "no difference" : $"{Show.Count(summary.Differences)} differences"));
        if (!summary.Complete) output.WriteLine("The last day is not over: rows may still come.");
    }

    private static string NoteOf(Difference difference)
    {
        string row = difference.Item == 0 ? "" : $"row {difference.Item}";
        return difference.OtherDay.Length == 0 ? row : $"{row}, in the ledger on {difference.OtherDay}";
    }
}
