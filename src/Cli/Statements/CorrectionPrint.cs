using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Statements;

/// <summary>The report of a correction as a table: each settlement, what each payer paid, pays, and the difference.</summary>
internal static class CorrectionPrint
{
    /// <summary>Writes it, amounts in yuan.</summary>
    public static void Write(CorrectResponse answer, Words words, TextWriter output)
    {
        bool chinese = words.Language == "zh";
        output.WriteLine(answer.Preview ? words.CorrectionPreview : $"{words.Correction} {answer.CorrectionId}  {answer.CorrectedAt}");
        output.WriteLine($"{words.Person} {Show.Masked(answer.Person)}  {words.BenefitYear} {answer.BenefitYear}");
        output.WriteLine($"{words.CorrectionReason} {answer.Reason}");
        output.WriteLine();
        Table table = new(words.SettlementId, words.Discharge, words.Payer, ">" + words.Before, ">" + words.After, ">" + words.Difference);
        foreach (CorrectedSettlement row in answer.Settlements)
        {
            Add(table, words, row.SettlementId, row.DischargeDate, row.Before, row.After, row.Difference);
            table.Rule();
        }

        Add(table, words, words.Sum, "", answer.Before, answer.After, answer.Difference);
        table.Write(output);
        output.WriteLine();
        foreach (CorrectedSettlement row in answer.Settlements)
        {
            output.WriteLine(chinese ? row.TextZh : row.Text);
            if (row.ReplacedBy.Length > 0) output.WriteLine($"  {words.ReplacedBy} {row.ReplacedBy}");
            foreach (string notice in row.Notices) output.WriteLine($"  ! {Words.Named(words.Notices, notice)}");
        }

        output.WriteLine(chinese ? answer.TextZh : answer.Text);
        foreach (string notice in answer.Notices) output.WriteLine($"  ! {Words.Named(words.Notices, notice)}");
    }

    /// <summary>One line a payer who pays anything before or after.</summary>
    private static void Add(Table table, Words words, string title, string date, Payments before, Payments after, Payments difference)
    {
        bool first = true;
        foreach ((string payer, Func<Payments, long> of) in Payers(words))
        {
            if (of(before) == 0 && of(after) == 0) continue;
            table.Row(first ? title : "", first ? date : "", payer, Show.Yuan(of(before)), Show.Yuan(of(after)), Signed(of(difference)));
            first = false;
        }
    }

    private static (string Name, Func<Payments, long> Of)[] Payers(Words words) =>
    [
        (words.Pooled, payments => payments.Pooled),
        (words.SeriousIllness, payments => payments.SeriousIllness),
        (words.AssistanceBasic, payments => payments.AssistanceBasic),
        (words.AssistanceTilt, payments => payments.AssistanceTilt),
        (words.AssistanceOutpatient, payments => payments.AssistanceOutpatient),
        (words.AssistanceOther, payments => payments.AssistanceOther),
        (words.PersonPays, payments => payments.PersonPays),
        (words.Total, payments => payments.Total),
    ];

    private static string Signed(long fen) => fen > 0 ? $"+{Show.Yuan(fen)}" : Show.Yuan(fen);
}
