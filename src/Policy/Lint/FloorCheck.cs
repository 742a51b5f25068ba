namespace Settlement.Policy;

/// <summary>How a pack stands to a floor.</summary>
public enum Verdict : byte
{
    Conforms = 0,

    /// <summary>Below the floor.</summary>
    Below = 1,

    /// <summary>Other than the principle asks.</summary>
    Differs = 2,

    /// <summary>The pack has no value.</summary>
    NotPublished = 3,
}

/// <summary>A row of the conformance table: one requirement, one pack.</summary>
/// <param name="Pack">Name of the pack.</param>
/// <param name="Floor">The requirement.</param>
/// <param name="Parameter">Parameter that holds the value; <see cref="Parameter.None"/> when none does.</param>
/// <param name="PackValue">Value of the pack in words, with the cell where it is one of many; <c>-</c> when there is none.</param>
/// <param name="FloorValue">What the province asks, in words.</param>
/// <param name="Verdict">How they stand to each other.</param>
/// <param name="Citation">Where the pack has its value from.</param>
/// <param name="FloorCitation">Document and section of the floor.</param>
public sealed record ConformanceRow(
    string Pack, Floor Floor, Parameter Parameter, string PackValue, string FloorValue, Verdict Verdict, Citation? Citation,
    string FloorCitation);

/// <summary>Compares one pack with the floors of its province on a day.</summary>
internal sealed class FloorCheck(Pack pack, ProvincialFloors floors, DateOnly day)
{
    public IEnumerable<ConformanceRow> Rows() => floors.Floors.Where(f => pack.For(f.Scheme)?.Scheme == f.Scheme).Select(Row);

    private ConformanceRow Row(Floor floor)
    {
        var rules = pack.For(floor.Scheme)!.On(day);
        foreach (var source in floor.Of)
        {
            var cells = new SourceCells(rules, source);
            if (!cells.Any)
                continue;

            var (verdict, value) = source.Implied ? (Verdict.Conforms, "none, as the benefit is built") : Judge(floor, cells);
            return Of(floor, source.Parameter, verdict, value);
        }

        return Of(floor, Parameter.None, Verdict.NotPublished, "-");
    }

    private ConformanceRow Of(Floor floor, Parameter parameter, Verdict verdict, string value) => new(
        pack.Name,
        floor,
        parameter,
        value,
        Asked(floor),
        verdict,
        pack.CitationOf(floor.Scheme, parameter == Parameter.None && floor.Of.Length > 0 ? floor.Of[0].Parameter : parameter, day),
        $"{floors.Document} {floor.Section}");

    private static (Verdict Verdict, string Value) Judge(Floor floor, SourceCells cells) => floor.Rule switch
    {
        FloorRule.AtLeast => cells.Lowest() is var (lowest, text) && lowest >= floor.Limit
        ? (Verdict.Conforms, text)
        : (Verdict.Below, cells.Lowest().Text),
        FloorRule.None => cells.Highest() is var (highest, text) && highest is 0 or RuleSet.NoLimit
        ? (Verdict.Conforms, text)
        : (Verdict.Differs, cells.Highest().Text),
        FloorRule.Contains => cells.Contains(floor.Member!),
        FloorRule.DiffersByLevel => cells.ByLevel(),
        FloorRule.SameForInsured => cells.ByInsured(),
        _ => cells.ByBill(),
    };

    private static string Asked(Floor floor)
    {
        if (floor.Rule != FloorRule.AtLeast)
            return floor.Rule == FloorRule.Contains ? $"contains {floor.Member}" : floor.Rule.Text();

        var percent = floor.Of.Length > 0 && ParameterSchema.Info(floor.Of[0].Parameter).Kind is ValueKind.Percent or ValueKind.Bands;
        return $">= {(percent ? Explanation.Percent(floor.Limit) : Explanation.Yuan(floor.Limit))}";
    }
}
