using System.Text;

namespace Settlement.Policy;

/// <summary>Explains a parameter of a pack: its value on a day, its history, and where each value stands. Text for people.</summary>
public static class ParameterExplainer
{
    /// <summary>
    /// What a pack says of a parameter on a day: terms, value cell by cell with unit, citation with the document's standing, note, then the
    /// history. Null when the pack does not give the parameter at all.
    /// </summary>
    /// <param name="pack">Pack of the city.</param>
    /// <param name="scheme">Scheme.</param>
    /// <param name="parameter">Parameter.</param>
    /// <param name="on">Day.</param>
    /// <param name="register">Register of documents, for their standing.</param>
    /// <param name="language">Language.</param>
    public static string? Explain(Pack pack, Scheme scheme, Parameter parameter, DateOnly on, PolicyRegister register, Language language)
    {
        if (pack.Find(scheme, parameter) is not { } definition)
            return null;

        var say = new Words(language);
        var text = new StringBuilder();
        text.Append(definition.Name).Append("  ").Append(say.Of(definition.Zh, definition.En)).Append('\n');
        text.Append(say.Of(pack.Zh, pack.En)).Append(", ").Append(scheme.Text()).Append(", ").Append($"{on:yyyy-MM-dd}").Append(":\n");
        if (on < pack.InForceFrom || definition.On(on) is not { } value)
            text.Append("  ").Append(say.NotYet(pack.InForceFrom)).Append('\n');
        else
            AppendValue(text, definition, value, register, say);

        text.Append(say.History).Append(":\n");
        foreach (var entry in definition.Values)
            text.Append("  ").Append(Range(entry)).Append("  ").Append(Short(definition, entry, say)).Append("  [").Append(entry.Citation)
                .Append("]\n");

        return text.ToString();
    }

    private static void AppendValue(
        StringBuilder text, ParameterDefinition definition, ValueEntry value, PolicyRegister register, Words say)
    {
        if (value.Unpublished)
            text.Append("  ").Append(say.Unpublished).Append('\n');

        var width = value.Cells.IsEmpty ? 0 : value.Cells.Max(c => c.Cell.Length);
        foreach (var cell in value.Cells)
            text.Append("  ").Append(cell.Cell.Length == 0 ? "" : cell.Cell.PadRight(width) + "  ").Append(WithUnit(definition, cell.Text))
                .Append('\n');

        text.Append("  ").Append(Range(value)).Append('\n');
        text.Append("  ").Append(value.Unpublished ? say.ShouldStand : say.Stands).Append(": ").Append(value.Citation).Append(' ')
            .Append(value.Citation.Document.Zh).Append(" (").Append(Standing(value.Citation.Document, register)).Append(")\n");
        if (value.Note is { } note)
            text.Append("  ").Append(say.Note).Append(": ").Append(note).Append('\n');
    }

    private static string Short(ParameterDefinition definition, ValueEntry entry, Words say) => entry.Unpublished
        ? say.Unpublished
        : string.Join(
            "; ", entry.Cells.Select(c => c.Cell.Length == 0 ? WithUnit(definition, c.Text) : $"{c.Cell}: {WithUnit(definition, c.Text)}"));

    private static string WithUnit(ParameterDefinition definition, string text) => definition.Unit switch
    {
        "yuan" when text != "none" => $"{text} yuan",
        "percent" when !text.Contains(' ', StringComparison.Ordinal) => $"{text} %",
        "points" or "months" or "years" or "working days" or "times" => $"{text} {definition.Unit}",
        _ => text.Length == 0 ? "-" : text,
    };

    /// <summary>Standing by the register, which knows more than the pack.</summary>
    private static string Standing(PolicyDocument document, PolicyRegister register)
    {
        var known = register.Find(document.Number);
        var status = (known?.Status ?? document.Status).Text();
        var to = known?.To ?? document.To;
        return to is { } end ? $"{status}, {end:yyyy-MM-dd}" : status;
    }

    private static string Range(ValueEntry entry) =>
        $"{entry.From:yyyy-MM-dd} – {(entry.To is { } to ? $"{to:yyyy-MM-dd}" : "")}".TrimEnd();

    private sealed class Words(Language language)
    {
        public string Unpublished => Of("没有公布", "unpublished");

        public string Stands => Of("依据", "stands in");

        public string ShouldStand => Of("应见", "should stand in");

        public string Note => Of("说明", "note");

        public string History => Of("沿革", "history");

        public string Of(string zh, string en) => language == Language.Zh ? zh : en;

        public string NotYet(DateOnly from) => Of($"政策包自 {from:yyyy-MM-dd} 起适用", $"the pack begins on {from:yyyy-MM-dd}");
    }
}
