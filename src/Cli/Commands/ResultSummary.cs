using Settlement.Cli.Cases;
using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary>A result in a few lines: who pays how much.</summary>
internal static class ResultSummary
{
    /// <summary>Writes the summary, amounts in yuan.</summary>
    public static void Write(SettlementResult result, TextWriter output)
    {
        output.WriteLine(result.SettlementId.Length == 0
            ? $"Quote for person {Show.Masked(result.Person)} by {result.Policy}"
            : $"Settlement {result.SettlementId} of person {Show.Masked(result.Person)}, {result.SettledAt}, by {result.Policy}");
        foreach ((string name, long fen) in Amounts(result))
        {
            if (fen != 0 || name is "total" or "person pays") output.WriteLine($"  {name,-24}{Show.Yuan(fen),16}");
        }

        if (result.AssistanceReason.Length > 0) output.WriteLine($"  assistance withheld: {result.AssistanceReason}");
        foreach (string warning in result.Warnings) output.WriteLine($"  warning: {warning}");
        WriteAlerts(result.Alerts, output);
    }

    /// <summary>Writes alerts on the yearly burden, one a line.</summary>
    public static void WriteAlerts(IEnumerable<Alert> alerts, TextWriter output)
    {
        foreach (Alert alert in alerts)
            output.WriteLine(
                $"  alert {WireClaim.WireName(alert.State)}: {WireClaim.WireName(alert.Kind)}, burden of {alert.BenefitYear} {Show.Yuan(alert.Burden)}");
    }

    private static (string Name, long Fen)[] Amounts(SettlementResult result) =>
    [
        ("total", result.Totals?.Total ?? 0),
        ("deductible paid", result.DeductiblePaid),
        ("pooled fund", result.Pooled),
        ("serious illness", result.SeriousIllness),
        ("assistance, basic", result.AssistanceBasic),
        ("assistance, tilt", result.AssistanceTilt),
        ("assistance, outpatient", result.AssistanceOutpatient),
        ("assistance, other", result.AssistanceOther),
        ("person pays", result.PersonPays),
    ];
}
