namespace Settlement.Policy;

/// <summary>Checks what a pack cites against the register (section 10).</summary>
internal sealed class CitationLint(Pack pack, PolicyRegister register)
{
    public IEnumerable<LintFinding> Findings()
        => pack.Documents.Values.SelectMany(OfDocument).Concat(pack.Parameters.SelectMany(p => p.Values.SelectMany(v => OfValue(p, v))));

    private IEnumerable<LintFinding> OfDocument(PolicyDocument document)
    {
        var place = $"{pack.Name}/pack.yaml";
        if (register.Find(document.Number) is not { } known)
            yield return Error(place, $"document {document.Key} ({document.Number}) stands in no register");
        else if (known.Status != document.Status)
            yield return Error(
                place, $"document {document.Key} ({document.Number}) is {known.Status.Text()} in the register, {document.Status.Text()} in the pack");
    }

    private IEnumerable<LintFinding> OfValue(ParameterDefinition parameter, ValueEntry value)
    {
        var place = $"{value.File}:{value.Line}";
        if (register.Find(value.Citation.Document.Number) is not { } document)
            yield break;

        if (document.HasEnded && (document.To is not { } end || value.To is not { } to || to > end))
            yield return Error(
                place, $"{parameter.Name} cites {document.Number}, {document.Status.Text()}{Since(document.To)}, for {Range(value)}");

        foreach (var change in document.Changes)
            if (change.Section == value.Citation.Section && change.From is { } changed && (value.To is not { } last || last >= changed))
                yield return Error(
                    place, $"{parameter.Name} cites {value.Citation}, changed from {changed:yyyy-MM-dd} by {change.By}, for {Range(value)}");
    }

    private static string Since(DateOnly? end) => end is { } day ? $" since {day.AddDays(1):yyyy-MM-dd}" : " (the day is not known)";

    private static string Range(ValueEntry value) => $"{value.From:yyyy-MM-dd} to {(value.To is { } to ? $"{to:yyyy-MM-dd}" : "open")}";

    private static LintFinding Error(string place, string message) => new(Severity.Error, place, message);
}
