using Settlement.Cli.Text;
using Settlement.Contract;
using Settlement.Terms;

namespace Settlement.Cli.Statements;

/// <summary>
/// The statement 结算单 of one settlement for a terminal: head, charges, payments, the matrix of cost bands by payer, every step with
/// its source, and the counters. The person's id is masked.
/// </summary>
internal sealed class Statement(Words words, TextWriter output)
{
    /// <summary>Width of the page in cells.</summary>
    public const int Width = 104;

    private const int Indent = 2;
    private const int LabelWidth = 20;

    /// <summary>Writes the statement.</summary>
    /// <param name="view">The settlement with its claim.</param>
    /// <param name="account">The person's counters now, or null to leave them out.</param>
    public void Write(SettlementView view, GetAccountResponse? account)
    {
        Head(view);
        Charges(view.Result.Totals ?? view.Claim?.Totals ?? new Totals());
        Payments(view.Result);
        new StatementMatrix(words, output).Write(view.Result, Indent);
        Steps(view.Result);
        if (account is not null) Counters(account, view.Result.BenefitYear);
        output.WriteLine(new string('=', Width));
    }

    private void Head(SettlementView view)
    {
        SettlementResult result = view.Result;
        Claim claim = view.Claim ?? new Claim();
        string region = words.Regions.GetValueOrDefault(claim.Region, "");
        string title = result.SettlementId.Length == 0 ? words.QuoteTitle : words.Title;
        output.WriteLine(new string('=', Width));
        output.WriteLine(
            DisplayWidth.Centre(words.Language == "zh" ? region + title : region.Length == 0 ? title : $"{title}, {region}", Width));
        output.WriteLine(DisplayWidth.Centre(words.Unit, Width));
        output.WriteLine(new string('=', Width));
        if (view.ReversalId.Length > 0)
            output.WriteLine(DisplayWidth.Centre($"*** {words.Reversed}: {view.ReversalId}, {view.ReversedAt} ***", Width));
        if (view.ReplacedBy.Length > 0) output.WriteLine(DisplayWidth.Centre($"*** {words.ReplacedBy} {view.ReplacedBy} ***", Width));
        if (result.Replaces.Length > 0)
            output.WriteLine(DisplayWidth.Centre($"*** {words.Correction}: {words.Replaces} {result.Replaces} ***", Width));
        Pair(words.SettlementId, result.SettlementId, words.SettledAt, result.SettledAt);
        Pair(words.Person, Show.Masked(result.Person), words.Scheme, Words.Named(words.Schemes, claim.Scheme));
        Pair(words.Facility, FacilityText(claim.Facility), words.VisitType, Words.Named(words.Visits, claim.VisitType));
        Pair(words.Admission, claim.AdmissionDate, words.Discharge, claim.DischargeDate);
        Pair(words.VisitId, result.VisitId, words.ChargeBatch, result.ChargeBatch);
        Pair(words.BenefitYear, result.BenefitYear.ToString(), words.Place, Words.Named(words.Places, result.OutOfAreaKind));
        Line(words.Policy, result.Policy);
    }

    private string FacilityText(Facility? facility) =>
        facility is null ? "" : $"{facility.Code} {Words.Named(words.Levels, facility.Level)}";

    private void Charges(Totals totals)
    {
        Section(words.Charges);
        new Table('>' + words.Total, '>' + words.SelfFunded, '>' + words.OverLimit, '>' + words.PreSelfPay, '>' + words.InScope)
            .Row(Show.Yuan(totals.Total), Show.Yuan(totals.SelfFunded), Show.Yuan(totals.OverLimit), Show.Yuan(totals.PreSelfPay),
                Show.Yuan(totals.InScope))
            .Write(output, Indent);
    }

    private void Payments(SettlementResult result)
    {
        Section(words.Payments);
        (string Name, long Fen)[] payments =
        [
            (words.Pooled, result.Pooled), (words.SeriousIllness, result.SeriousIllness),
            (words.AssistanceBasic, result.AssistanceBasic), (words.AssistanceTilt, result.AssistanceTilt),
            (words.AssistanceOutpatient, result.AssistanceOutpatient), (words.AssistanceOther, result.AssistanceOther),
            (words.PersonPays, result.PersonPays),
        ];
        foreach ((string name, long fen) in payments)
        {
            if (fen != 0 || name == words.Pooled || name == words.PersonPays) Amount(name, fen);
        }

        output.WriteLine(new string(' ', Indent) + new string('-', LabelWidth + 18));
        Amount(words.Sum, payments.Sum(payment => payment.Fen));
        output.WriteLine(new string(' ', Indent)
            + $"{words.DeductibleStandard} {Show.Yuan(result.DeductibleStandard)}, {words.DeductiblePaid} {Show.Yuan(result.DeductiblePaid)}");
        if (result.AssistanceReason.Length > 0) Reason(words.AssistanceWithheld, result.AssistanceReason);
        foreach (string warning in result.Warnings) Reason(words.Warning, warning);
        foreach (Alert alert in result.Alerts)
            Hanging($"{words.Alert}: {Words.Named(words.Alerts, alert.Kind)}, {alert.BenefitYear}, {Show.Yuan(alert.Burden)}", Indent);
    }

    private void Steps(SettlementResult result)
    {
        if (result.Steps.Count == 0) return;
        Section(words.Steps);
        int number = 0;
        foreach (Step step in result.Steps) WriteStep(++number, step);
    }

    private void WriteStep(int number, Step step)
    {
        const int AmountWidth = 16;
        const int Hang = Indent + 5;
        string amount = StepFigures.HaveAmount(step.Code) ? Show.Yuan(step.Amount) : "";
        int room = Width - Hang - AmountWidth;
        string[] lines = [.. DisplayWidth.Wrap(step.Text.Length > 0 ? step.Text : step.Code, room)];
        output.WriteLine(($"{number,Hang - 2}. " + DisplayWidth.PadRight(lines.FirstOrDefault(""), room) + amount.PadLeft(AmountWidth))
            .TrimEnd());
        foreach (string line in lines.Skip(1)) output.WriteLine(new string(' ', Hang) + line);
        // The text tells the figures; without one they stand for themselves.
        if (step.Text.Length == 0) Hanging(string.Join("; ", Figures(step)), Hang);
        if (step.Citation.Length > 0)
            Hanging($"{words.Source}: {step.Citation} [{(step.ParameterName.Length > 0 ? $"{step.ParameterName}, " : "")}{step.Parameter}]",
                Hang);
    }

    private IEnumerable<string> Figures(Step step)
    {
        if (StepFigures.AreMoney(step.Code))
        {
            if (step.Base != 0) yield return $"{words.Base} {Show.Yuan(step.Base)}";
            if (step.RatioBp != 0) yield return $"{words.Ratio} {Show.Percent(step.RatioBp)}";
            if (step.From != 0 || step.To != 0)
                yield return $"{words.Interval} {Show.Yuan(step.From)} - {(step.To == 0 ? words.Above : Show.Yuan(step.To))}";
        }

        if (step.Parameter.Length > 0) yield return $"{words.Parameter} {step.Parameter}";
        if (step.Counter.Length > 0)
        {
            yield return $"{words.Counter} {words.CounterName(step.Counter)} {CounterValue(step.Counter, step.CounterBefore)} -> "
                + CounterValue(step.Counter, step.CounterAfter);
        }
    }

    private void Counters(GetAccountResponse account, int year)
    {
        Counter[] shown = [.. account.Counters.Where(counter => counter.Year == year || counter.Year == 0)];
        if (shown.Length == 0) return;
        Section(words.YearToDate);
        foreach (Counter counter in shown) CounterLine(words, counter, output, Indent);
    }

    /// <summary>Writes one counter: year, name, value.</summary>
    public static void CounterLine(Words words, Counter counter, TextWriter output, int indent)
    {
        string name = counter.Reference.Length > 0
        ? $"{words.CounterName(counter.Name)} {counter.Reference}"
        : words.CounterName(counter.Name);
        output.WriteLine(new string(' ', indent)
            + DisplayWidth.PadRight(counter.Year == 0 ? words.Lasting : counter.Year.ToString(), 9)
            + DisplayWidth.PadRight(name, 36)
            + CounterValue(counter.Name, counter.Value).PadLeft(16));
    }

    // Counters of things, not of money.
    private static string CounterValue(string name, long value) => ContractTerms.IsCount(name) ? Show.Count(value) : Show.Yuan(value);

    private void Section(string title)
    {
        output.WriteLine();
        output.WriteLine($"{title} {new string('-', Math.Max(0, Width - 1 - DisplayWidth.Of(title)))}");
    }

    private void Pair(string leftLabel, string left, string rightLabel, string right)
    {
        string half = DisplayWidth.PadRight(leftLabel, LabelWidth) + left;
        output.WriteLine(
            (new string(' ', Indent) + DisplayWidth.PadRight(half, Width / 2) + "  " + DisplayWidth.PadRight(rightLabel, LabelWidth)
                + right)
            .TrimEnd());
    }

    private void Line(string label, string value) =>
        output.WriteLine((new string(' ', Indent) + DisplayWidth.PadRight(label, LabelWidth) + value).TrimEnd());

    private void Amount(string name, long fen) =>
        output.WriteLine(new string(' ', Indent) + DisplayWidth.PadRight(name, LabelWidth + 2) + Show.Yuan(fen).PadLeft(16));

    private void Reason(string label, string code) =>
        Hanging($"{label}: {code} {words.Reasons.GetValueOrDefault(code, "")}".TrimEnd(), Indent);

    private void Hanging(string text, int indent)
    {
        foreach (string line in DisplayWidth.Wrap(text, Width - indent)) output.WriteLine(new string(' ', indent) + line);
    }
}
