namespace Settlement.Policy;

/// <summary>One scheme of a pack: its parameters, cut at every date on which one changes.</summary>
internal sealed class PackScheme
{
    private readonly Dictionary<Parameter, ParsedParameter> parameters;
    private readonly RuleSet[] ruleSets;

    public PackScheme(
        Scheme scheme, DateOnly inForceFrom, Dictionary<Parameter, ParsedParameter> parameters, List<RatioBand[]> bands, List<int[]> codes)
    {
        Scheme = scheme;
        this.parameters = parameters;
        var starts = parameters.Values
            .SelectMany(p => p.Definition.Values)
            .Select(v => v.From)
            .Where(d => d > inForceFrom)
            .Append(inForceFrom)
            .Distinct()
            .Order()
            .ToArray();
        ruleSets = new RuleSet[starts.Length];
        RatioBand[][] allBands = [.. bands];
        int[][] allCodes = [.. codes];
        for (var i = 0; i < starts.Length; i++)
        {
            var to = i + 1 < starts.Length ? starts[i + 1].AddDays(-1) : DateOnly.MaxValue;
            ruleSets[i] = new RuleSet(starts[i], to, CellsOn(starts[i]), allBands, allCodes);
        }
    }

    public Scheme Scheme { get; }

    public IEnumerable<ParameterDefinition> Definitions => parameters.Values.Select(p => p.Definition);

    /// <summary>The rules on a day; before the pack's first day the first ones (they only serve to say that it is too early).</summary>
    public RuleSet On(DateOnly day)
    {
        for (var i = ruleSets.Length - 1; i > 0; i--)
            if (ruleSets[i].From <= day)
                return ruleSets[i];

        return ruleSets[0];
    }

    public ParameterDefinition? Find(Parameter parameter) => parameters.TryGetValue(parameter, out var found) ? found.Definition : null;

    private long[][] CellsOn(DateOnly day)
    {
        var cells = new long[256][];
        foreach (var info in ParameterSchema.All)
        {
            var at = -1;
            if (parameters.TryGetValue(info.Id, out var parsed))
                at = parsed.Definition.Values.AsSpan().IndexOfLast(day);

            cells[(int)info.Id] = at < 0 ? ValueParser.FilledWithUnpublished(info.CellCount) : parsed!.Cells[at];
        }

        return cells;
    }
}

/// <summary>Search in histories.</summary>
internal static class Histories
{
    /// <summary>Index of the newest entry that began on or before a day, -1 when there is none.</summary>
    public static int IndexOfLast(this ReadOnlySpan<ValueEntry> entries, DateOnly day)
    {
        for (var i = entries.Length - 1; i >= 0; i--)
            if (entries[i].From <= day)
                return i;

        return -1;
    }
}
