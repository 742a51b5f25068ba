using Settlement.Contract;
using Settlement.WebConsole.Words;

namespace Settlement.WebConsole.Parts;

/// <summary>A bar of the waterfall from the total to what the person pays.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Group">Group of steps that decided it.</param>
/// <param name="Kind">Class that gives the colour.</param>
/// <param name="Amount">Fen; taken away where it is a payer between total and person.</param>
/// <param name="From">Lower end of the bar, fen.</param>
/// <param name="To">Upper end of the bar, fen.</param>
internal sealed record WaterfallRow(string Label, string Group, string Kind, long Amount, long From, long To)
{
    /// <summary>The rows of a settlement: the total, each payer that pays something, the person.</summary>
    public static IReadOnlyList<WaterfallRow> Of(SettlementResult result, Text text)
    {
        long total = result.Totals?.Total ?? 0;
        List<WaterfallRow> rows = [new(text["医疗费总额", "Total of the bill"], StepGroups.Conditions, "total", total, 0, total)];
        long left = total;
        (string Label, string Group, string Kind, long Amount)[] payers =
        [
            (text["统筹基金支付", "Pooled fund"], StepGroups.Pooled, "pooled", result.Pooled),
            (text["大病保险支付", "Serious-illness insurance"], StepGroups.SeriousIllness, "serious", result.SeriousIllness),
            (text["医疗救助（基本）", "Assistance, basic"], StepGroups.Assistance, "assistance", result.AssistanceBasic),
            (text["医疗救助（倾斜）", "Assistance, tilt"], StepGroups.Assistance, "assistance", result.AssistanceTilt),
            (text["医疗救助（门诊）", "Assistance, outpatient"], StepGroups.Assistance, "assistance", result.AssistanceOutpatient),
            (text["医疗救助（其他）", "Assistance, other"], StepGroups.Assistance, "assistance", result.AssistanceOther),
        ];
        foreach ((string label, string group, string kind, long amount) in payers)
        {
            if (amount == 0 && kind != "pooled") continue;
            rows.Add(new WaterfallRow(label, group, kind, amount, left - amount, left));
            left -= amount;
        }

        rows.Add(new WaterfallRow(text["个人支付", "The person pays"], StepGroups.Person, "person", result.PersonPays, 0, result.PersonPays));
        return rows;
    }
}
