using System.Globalization;
using Settlement.Cli.Cases;
using Settlement.Cli.Text;
using Settlement.Contract;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Cli.Reconciling;

/// <summary>Differences of two lists, for the clerk: a table on the screen in yuan, a CSV file in fen.</summary>
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
                foreach ((string field, string here, string there) in Fields(difference, Show.Yuan, Show.Masked))
                {
                    DetailItem row = RowOf(difference);
                    table.Row(
                        WireClaim.WireName(difference.Kind), row.SettlementId, row.RequestId, Show.Masked(row.Person), field, here, there, NoteOf(difference));
                }
            }

            table.Write(output);
        }

        output.WriteLine($"{Show.Count(summary.ItemsHere)} rows of the ledger, {Show.Count(summary.ItemsThere)} of the facility, "
            + $"{Show.Count(summary.Matched)} on both sides: "
            + (summary.Differences == 0 ? "no difference" : $"{Show.Count(summary.Differences)} differences"));
        if (!summary.Complete) output.WriteLine("The last day is not over: rows may still come.");
    }

    /// <summary>Writes the file: a line for each figure that differs, amounts in fen, persons in full.</summary>
    public static void WriteCsv(IReadOnlyList<Difference> differences, TextWriter output)
    {
        Csv.WriteLine(output,
            "difference", "settlement_id", "request_id", "reversal", "person", "visit_id", "field", "ledger", "facility", "recorded_at", "other_day", "row");
        foreach (Difference difference in differences)
        {
            DetailItem row = RowOf(difference);
            foreach ((string field, string here, string there) in Fields(difference, fen => fen.ToString(CultureInfo.InvariantCulture), person => person))
            {
                Csv.WriteLine(output, WireClaim.WireName(difference.Kind), row.SettlementId, Csv.Harmless(row.RequestId), row.Reversal ? "1" : "0", row.Person,
                    Csv.Harmless(row.VisitId), field, here, there, row.RecordedAt, difference.OtherDay, difference.Item == 0 ? "" : $"{difference.Item}");
            }
        }
    }

    private static DetailItem RowOf(Difference difference) => difference.Here ?? difference.There;

    private static string NoteOf(Difference difference)
    {
        string row = difference.Item == 0 ? "" : $"row {difference.Item}";
        return difference.OtherDay.Length == 0 ? row : $"{row}, in the ledger on {difference.OtherDay}";
    }

    private static IEnumerable<(string Field, string Here, string There)> Fields(
        Difference difference, Func<long, string> money, Func<string, string> person)
    {
        (DetailItem? here, DetailItem? there) = (difference.Here, difference.There);
        switch (difference.Kind)
        {
            case Kind.AmountDiffers:
                foreach (AmountDifference amount in difference.Amounts) yield return (amount.Field, money(amount.Here), money(amount.There));
                break;
            case Kind.IdentityDiffers:
                if (there.Person.Length > 0 && there.Person != here.Person) yield return ("person", person(here.Person), person(there.Person));
                if (there.VisitId.Length > 0 && there.VisitId != here.VisitId)
                    yield return ("visit_id", Csv.Harmless(here.VisitId), Csv.Harmless(there.VisitId));
                if (there.RequestId.Length > 0 && there.RequestId != here.RequestId)
                    yield return ("request_id", Csv.Harmless(here.RequestId), Csv.Harmless(there.RequestId));
                break;
            default:
                yield return ("total", here is { HasTotal: true } ? money(here.Total) : "", there is { HasTotal: true } ? money(there.Total) : "");
                break;
        }
    }
}
