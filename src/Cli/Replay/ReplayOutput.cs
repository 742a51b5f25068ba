using System.Text.Json;
using Settlement.Cli.Text;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>A replay as tables and a chart in yuan, or as JSON in fen.</summary>
internal sealed class ReplayOutput(ReplayReport report, string ledger, Pack changed, DateOnly from)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly Payer[] Payers = Enum.GetValues<Payer>();

    /// <summary>Writes tables and chart.</summary>
    public void WriteText(TextWriter output)
    {
        PersonCounts persons = report.All.Persons;
        output.WriteLine($"{ledger}: {Show.Count(report.Persons)} persons, {Show.Count(report.Entries)} entries");
        output.WriteLine($"Pack {changed.Label} from {from:yyyy-MM-dd}: {Show.Count(report.Replayed)} payments decided again, "
            + $"{Show.Count(persons.Gain)} persons gain, {Show.Count(persons.Lose)} lose, {Show.Count(persons.Stay)} stay");
        WritePayers(output);
        WriteGroups(output, "Visit type", report.ByVisitType);
        WriteGroups(output, "Category", report.ByCategory);
        WriteByPayer(output, "visit type", report.ByVisitType);
        WriteByPayer(output, "category", report.ByCategory);
        WriteRefused(output);
        output.WriteLine();
        output.WriteLine("Difference by payer, in yuan:");
        BarChart chart = new();
        foreach (Payer payer in Payers) chart.Add(NameOf(payer), report.All.Payments.Difference(payer));
        chart.Write(output);
    }

    /// <summary>Draws the differences as SVG: by payer, visit type and category.</summary>
    public string DrawSvg() => ReplaySvg.Draw(
        $"{changed.Label} from {from:yyyy-MM-dd}: difference in yuan",
        [
            ("By payer", [.. Payers.Select(payer => (NameOf(payer), report.All.Payments.Difference(payer)))]),
            ("All funds, by visit type", Bars(report.ByVisitType)),
            ("All funds, by category", Bars(report.ByCategory)),
        ]);

    private static (string Name, long Fen)[] Bars(SortedDictionary<string, ReplayGroup> groups) =>
        [.. groups.Select(group => (group.Key, group.Value.Payments.FundsDifference))];

    /// <summary>Writes JSON.</summary>
    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(new
    {
        Ledger = ledger,
        Pack = changed.Label,
        From = from,
        report.Persons,
        report.Entries,
        report.Replayed,
        All = Json(report.All),
        Payers = Payers.Select(payer => new
        {
            Payer = JsonNamingPolicy.CamelCase.ConvertName($"{payer}"),
            Recorded = report.All.Payments.Recorded[payer],
            WhatIf = report.All.Payments.WhatIf[payer],
            Difference = report.All.Payments.Difference(payer),
            Persons = report.ByPayer[payer],
        }),
        VisitTypes = report.ByVisitType.ToDictionary(group => group.Key, group => Json(group.Value)),
        Categories = report.ByCategory.ToDictionary(group => group.Key, group => Json(group.Value)),
        Refused = report.Refused.Select(
            refused => new { Kind = $"{refused.Key.Kind}", Code = refused.Key.Code.Text(), refused.Value.Entries, refused.Value.Lost }),
    }, Indented));

    private static object Json(ReplayGroup group) => new
    {
        group.Payments.Recorded,
        group.Payments.WhatIf,
        FundsDifference = group.Payments.FundsDifference,
        group.Persons,
    };

    private void WritePayers(TextWriter output)
    {
        Table table = new("Payer", ">Recorded", ">What if", ">Difference", ">Gain", ">Lose", ">Stay");
        Comparison all = report.All.Payments;
        foreach (Payer payer in Payers)
            table.Row([NameOf(payer), .. Figures(all.Recorded[payer], all.WhatIf[payer]), .. Counts(report.ByPayer[payer])]);
        output.WriteLine();
        table.Write(output);
    }

    private static void WriteGroups(TextWriter output, string title, SortedDictionary<string, ReplayGroup> groups)
    {
        Table table = new(title, ">Funds recorded", ">What if", ">Difference", ">Gain", ">Lose", ">Stay");
        foreach ((string name, ReplayGroup group) in groups)
            table.Row([name, .. Figures(group.Payments.Recorded.Funds, group.Payments.WhatIf.Funds), .. Counts(group.Persons)]);
        output.WriteLine();
        table.Write(output);
    }

    /// <summary>Whose part changes in which group; a payer whose part changes in none has no column.</summary>
    private static void WriteByPayer(TextWriter output, string title, SortedDictionary<string, ReplayGroup> groups)
    {
        Payer[] moved = [.. Payers.Where(payer => groups.Values.Any(group => group.Payments.Difference(payer) != 0))];
        if (moved.Length == 0) return;
        Table table = new([$"Difference by {title}", .. moved.Select(payer => '>' + NameOf(payer))]);
        foreach ((string name, ReplayGroup group) in groups)
            table.Row([name, .. moved.Select(payer => Show.Yuan(group.Payments.Difference(payer)))]);
        output.WriteLine();
        table.Write(output);
    }

    private void WriteRefused(TextWriter output)
    {
        output.WriteLine();
        if (report.Refused.Count == 0)
        {
            output.WriteLine("Nothing is refused that was settled.");
            return;
        }

        Table table = new("Refused now", "Code", ">Entries", ">Funds had paid");
        foreach (((LedgerEntryKind kind, RefusalCode code), ReplayRefusals refused) in report.Refused)
            table.Row($"{kind}", code.Text(), Show.Count(refused.Entries), Show.Yuan(refused.Lost));
        table.Write(output);
    }

    private static string[] Figures(long recorded, long whatIf) => [Show.Yuan(recorded), Show.Yuan(whatIf), Show.Yuan(whatIf - recorded)];

    private static string[] Counts(PersonCounts persons) => [Show.Count(persons.Gain), Show.Count(persons.Lose), Show.Count(persons.Stay)];

    private static string NameOf(Payer payer) => payer switch
    {
        Payer.Pooled => "Pooled fund",
        Payer.SeriousIllness => "Serious illness",
        Payer.AssistanceBasic => "Assistance, basic",
        Payer.AssistanceTilt => "Assistance, tilt",
        Payer.AssistanceOutpatient => "Assistance, outpatient",
        Payer.AssistanceOther => "Assistance, other",
        _ => "Person",
    };
}
