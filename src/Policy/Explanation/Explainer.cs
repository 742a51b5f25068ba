using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Settlement.Policy;

/// <summary>Language of explanations.</summary>
public enum Language : byte
{
    Zh = 0,
    En = 1,
}

/// <summary>A step in words, with the parameter that decided and where that stands.</summary>
/// <param name="Text">What was done, with its figures.</param>
/// <param name="Parameter">Name of the parameter in packs, null where the step only adds up.</param>
/// <param name="Term">The parameter in the words of the pack.</param>
/// <param name="Citation">Document and section of the value of that day.</param>
public sealed record ExplainedStep(string Text, string? Parameter, string? Term, Citation? Citation);

/// <summary>
/// Turns codes and numbers into Chinese and English sentences, from the catalogue embedded in this assembly. Not on the hot path.
/// </summary>
public sealed class Explainer
{
    private readonly Dictionary<string, (string Zh, string En)> texts = new(StringComparer.Ordinal);

    private readonly Expectations expectations;

    private Explainer(YamlMappingNode root)
    {
        foreach (var (section, entries) in root.Children)
            foreach (var (key, value) in ((YamlMappingNode)entries).Children)
                texts.Add($"{section}/{key}", ($"{value["zh"]}", $"{value["en"]}"));

        expectations = new Expectations(texts.Where(t => t.Key.StartsWith("expectations/", StringComparison.Ordinal)).Select(t => t.Value));
    }

    /// <summary>Every entry, as section and key; a test asks whether each is of use.</summary>
    internal IEnumerable<string> Entries => texts.Keys;

    /// <summary>The phrases of refusals, by key and English; a test asks whether the rules still have each.</summary>
    internal IEnumerable<(string Key, string En)> Expected =>
        texts.Where(t => t.Key.StartsWith("expectations/", StringComparison.Ordinal)).Select(t => (t.Key, t.Value.En));

    /// <summary>The template of a step, with its placeholders.</summary>
    internal string TemplateOf(StepCode code, Language language) => Text("steps", code.Text(), language);

    /// <summary>The catalogue.</summary>
    public static Explainer Default { get; } = Load();

    /// <summary>A step in words.</summary>
    public ExplainedStep Explain(in RuleStep step, Adjudication adjudication, Pack pack, Language language)
        => Explain(step, adjudication.Scheme, adjudication.DecidedFor, pack, language);

    /// <summary>A step of a settlement under a scheme, decided for a day, in words.</summary>
    public ExplainedStep Explain(in RuleStep step, Scheme scheme, DateOnly decidedFor, Pack pack, Language language)
    {
        var definition = pack.Find(scheme, step.Parameter);
        var name = definition is null ? null : language == Language.Zh ? definition.Zh : definition.En;
        var text = Fill(Text("steps", step.Code.Text(), language), FiguresOf(step, name, language));
        return new ExplainedStep(text, step.Parameter == Parameter.None
            ? null
            : ParameterSchema.NameOf(step.Parameter), name, pack.CitationOf(scheme, step.Parameter, decidedFor));
    }

    /// <summary>A refusal in words.</summary>
    public string Explain(Refusal refusal, Language language) => Fill(
        Text("refusals", refusal.Code.Text(), language),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["field"] = refusal.Field ?? "-",
            ["value"] = refusal.Value ?? "-",
            ["expected"] = refusal.Expected is { } expected ? expectations.In(expected, language) : "-",
            ["parameter"] = refusal.Parameter == Parameter.None ? "-" : ParameterSchema.NameOf(refusal.Parameter),
            ["cell"] = string.IsNullOrEmpty(refusal.Cell) ? "" : language == Language.Zh ? $"({refusal.Cell})" : $" ({refusal.Cell})",
            ["document"] = refusal.Document ?? (language == Language.Zh ? "该统筹区现行文件" : "the region's documents in force"),
            ["blockedBy"] = refusal.BlockedBy.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>What became of a settlement in a correction, or of all of them, in words.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="settlement">Its id; not shown of the total.</param>
    /// <param name="fundsBefore">What all funds had paid, fen.</param>
    /// <param name="fundsAfter">What they pay now, fen.</param>
    /// <param name="personMore">What the person pays more, fen; negative: less.</param>
    /// <param name="language">Language.</param>
    public string Explain(
        CorrectionOutcome outcome, string settlement, long fundsBefore, long fundsAfter, long personMore, Language language)
    {
        var person = personMore > 0 ? "COLLECT" : personMore < 0 ? "REFUND" : "EVEN";
        return Fill(
            Text("corrections", outcome.Text(), language),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["settlement"] = settlement,
                ["before"] = Explanation.Yuan(fundsBefore),
                ["after"] = Explanation.Yuan(fundsAfter),
                ["person"] = Fill(Text("corrections", person, language), new(StringComparer.Ordinal)
                {
                    ["amount"] = Explanation.Yuan(Math.Abs(personMore)),
                }),
            });
    }

    /// <summary>A kind of place in words.</summary>
    public string NameOf(OutOfAreaKind kind, Language language) => Text("kinds", kind.Text(), language);

    /// <summary>A reason for withheld assistance in words.</summary>
    public string NameOf(AssistanceReason reason, Language language) => Text("reasons", reason.Text(), language);

    /// <summary>A kind of alert in words.</summary>
    public string NameOf(AlertKind kind, Language language) => Text("alerts", kind.Text(), language);

    /// <summary>A band of the cost matrix in words.</summary>
    public string NameOf(CostBand band, Language language) => Text("bands", band.Text(), language);

    /// <summary>Whether the catalogue has an entry; a test asks it for every code.</summary>
    public bool Has(string section, string key) => texts.ContainsKey($"{section}/{key}");

    private Dictionary<string, string> FiguresOf(in RuleStep step, string? parameterName, Language language) => new(StringComparer.Ordinal)
    {
        ["base"] = Explanation.Yuan(step.Base),
        ["amount"] = Explanation.Yuan(step.Amount),
        ["before"] = Explanation.Yuan(step.Before),
        ["after"] = Explanation.Yuan(step.After),
        ["from"] = Explanation.Yuan(step.From),
        ["to"] = Explanation.Yuan(step.To),
        ["count"] = step.Before.ToString(CultureInfo.InvariantCulture),
        ["countAfter"] = step.After.ToString(CultureInfo.InvariantCulture),
        ["most"] = step.To.ToString(CultureInfo.InvariantCulture),
        ["exact"] = Explanation.Exact(step.Base, step.RateBp),
        ["band"] = Band(step, language),
        ["rate"] = Explanation.Percent(step.RateBp),
        ["points"] = Explanation.Factor(step.RateBp * 100L),
        ["factor"] = Explanation.Factor(step.RateBp),
        ["fromDay"] = step.Code is StepCode.Covered or StepCode.Certified or StepCode.DiseaseFiled ? Explanation.Day(step.From) : "",
        ["toDay"] = step.Code == StepCode.Covered ? Explanation.Day(step.To) : "",
        ["kind"] = step.Code == StepCode.PlaceDerived ? NameOf((OutOfAreaKind)step.Base, language) : "",
        ["reason"] = step.Code == StepCode.AssistanceWithheld ? NameOf((AssistanceReason)step.Base, language) : "",
        ["alert"] = step.Code == StepCode.AlertRaised ? NameOf((AlertKind)step.Base, language) : "",
        ["days"] = step.Code == StepCode.AssistanceBedDays ? step.Base.ToString(CultureInfo.InvariantCulture) : "",
        ["parameter"] = parameterName ?? ParameterSchema.NameOf(step.Parameter),
    };

    /// <summary>A band in words, with a colon behind it; nothing for the band of everything.</summary>
    private static string Band(in RuleStep step, Language language)
    {
        var (from, to) = (Explanation.Yuan(step.From), Explanation.Yuan(step.To));
        return (step.From, step.To, language) switch
        {
            (0, long.MaxValue, _) => "",
            (0, _, Language.Zh) => $"{to} 元及以下部分 ",
            (_, long.MaxValue, Language.Zh) => $"{from} 元以上部分 ",
            (_, _, Language.Zh) => $"{from} 元以上至 {to} 元部分 ",
            (0, _, _) => $"up to {to}: ",
            (_, long.MaxValue, _) => $"above {from}: ",
            _ => $"above {from} up to {to}: ",
        };
    }

    private string Text(string section, string key, Language language)
    {
        var (zh, en) = texts.TryGetValue($"{section}/{key}", out var found) ? found : (key, key);
        return language == Language.Zh ? zh : en;
    }

    private static string Fill(string template, Dictionary<string, string> figures)
    {
        foreach (var (name, value) in figures)
            template = template.Replace($"{{{name}}}", value, StringComparison.Ordinal);

        return template;
    }

    private static Explainer Load()
    {
        using var stream = typeof(Explainer).Assembly.GetManifestResourceStream("catalogue.yaml")
            ?? throw new InvalidOperationException("the explanation catalogue is missing from the assembly");
        var yaml = new YamlStream();
        yaml.Load(new StreamReader(stream));
        return new Explainer((YamlMappingNode)yaml.Documents[0].RootNode);
    }
}
