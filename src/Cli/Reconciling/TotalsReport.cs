using System.Globalization;
using Settlement.Cli.Cases;
using Settlement.Cli.Text;
using Settlement.Contract;
using Settlement.Reconciling;

namespace Settlement.Cli.Reconciling;

/// <summary>Sums of a facility: a table on the screen in yuan, a CSV file in fen.</summary>
internal static class TotalsReport
{
    private static readonly string[] Head =
    [
        "facility", "period", "scheme", "clearing_type", "visit_type", "settlements", "reversals", "total", "pooled", "serious_illness",
        "assistance_basic",
        "assistance_tilt", "assistance_outpatient", "assistance_other", "person_pays", "fund_pay",
    ];

    /// <summary>Writes the sums of some days.</summary>
    public static void WriteTable(GetTotalsResponse totals, TextWriter output)
    {
        output.WriteLine(
            $"Facility {totals.Facility}, {totals.From} to {totals.To}{Open(totals.Complete)}, settlements less reversals, yuan");
        WriteRows(totals.Rows, totals.Sum, output);
    }

    /// <summary>Writes a month's statement.</summary>
    public static void WriteTable(MonthStatement statement, TextWriter output)
    {
        output.WriteLine($"Facility {statement.Facility}, {statement.Month}{Open(statement.Complete)}, settlements less reversals, yuan");
        WriteRows(statement.Rows, statement.Sum, output);
        output.WriteLine();
        Table days = new("day", ">settlements", ">reversals", ">total", ">funds pay", ">person pays");
        foreach (DayTotals day in statement.Days)
        {
            days.Row(day.Day, Show.Count(day.Settlements), Show.Count(day.Reversals), Show.Yuan(day.Net.Total), Show.Yuan(day.FundPay),
                Show.Yuan(day.Net.PersonPays));
        }

        days.Write(output, 2);
        output.WriteLine($"The agency owes the facility {Show.Yuan(statement.Payable)} yuan for {statement.Month}.");
    }

    /// <summary>Begins a CSV file.</summary>
    public static void WriteCsvHead(TextWriter output) => Csv.WriteLine(output, Head);

    /// <summary>Writes rows of a CSV file, settlements less reversals.</summary>
    public static void WriteCsv(string facility, string period, IEnumerable<TotalsRow> rows, TextWriter output)
    {
        foreach (TotalsRow row in rows)
        {
            Payments net = row.Net;
            long[] figures =
            [
                row.Settlements, row.Reversals, net.Total, net.Pooled, net.SeriousIllness, net.AssistanceBasic, net.AssistanceTilt,
                net.AssistanceOutpatient,
                net.AssistanceOther, net.PersonPays, row.FundPay,
            ];
            Csv.WriteLine(output,
            [
                Csv.Harmless(facility), period, WireClaim.WireName(row.Scheme), WireClaim.WireName(row.ClearingType),
                WireClaim.WireName(row.VisitType),
                .. figures.Select(figure => figure.ToString(CultureInfo.InvariantCulture)),
            ]);
        }
    }

    private static string Open(bool complete) => complete ? "" : " (not over: figures may grow)";

    private static void WriteRows(IEnumerable<TotalsRow> rows, TotalsRow sum, TextWriter output)
    {
        Table table = new(
            "scheme", "visit type", "clearing", ">settlements", ">reversals", ">total", ">pooled fund", ">serious illness", ">assistance",
            ">person pays", ">funds pay");
        foreach (TotalsRow row in rows)
            Add(WireClaim.WireName(row.Scheme), WireClaim.WireName(row.VisitType), WireClaim.WireName(row.ClearingType), row);
        table.Rule();
        Add("all", "", "", sum);
        table.Write(output, 2);

        void Add(string scheme, string visit, string clearing, TotalsRow row)
        {
            Payments net = row.Net;
            long assistance = net.AssistanceBasic + net.AssistanceTilt + net.AssistanceOutpatient + net.AssistanceOther;
            table.Row(scheme, visit, clearing, Show.Count(row.Settlements), Show.Count(row.Reversals), Show.Yuan(net.Total),
                Show.Yuan(net.Pooled),
                Show.Yuan(net.SeriousIllness), Show.Yuan(assistance), Show.Yuan(net.PersonPays), Show.Yuan(row.FundPay));
        }
    }
}
