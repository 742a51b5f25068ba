namespace Settlement.Policy;

/// <summary>The published cells of a parameter that a floor is about, as they stand on a day.</summary>
internal sealed class SourceCells
{
    private readonly ParameterInfo info;
    private readonly FloorSource source;
    private readonly RuleSet rules;
    private readonly List<int> cells = [];

    public SourceCells(RuleSet rules, FloorSource source)
    {
        this.rules = rules;
        this.source = source;
        info = ParameterSchema.Info(source.Parameter);
        var rows = source.Rows.SelectMany(r => info.Dimensions[0].CellsOf(r)).ToHashSet();
        for (var cell = 0; cell < info.CellCount; cell++)
            if (rules[source.Parameter, cell] != RuleSet.Unpublished && (rows.Count == 0 || rows.Contains(RowOf(cell))))
                cells.Add(cell);
    }

    public bool Any => cells.Count > 0;

    /// <summary>Lowest value over all cells and bands, in fen or basis points a year, and where it stands.</summary>
    public (long Value, string Text) Lowest() => Extreme(Values().MinBy(v => v.Value));

    /// <summary>Highest value over all cells.</summary>
    public (long Value, string Text) Highest() => Extreme(Values().MaxBy(v => v.Value));

    /// <summary>Whether the list has a member; an empty one says nothing.</summary>
    public (Verdict Verdict, string Text) Contains(string member)
    {
        var mask = rules[source.Parameter];
        if (mask == 0)
            return (Verdict.NotPublished, "-");

        var ordinal = Enum.GetValues(info.Enum!).Cast<object>().Select(Convert.ToInt32).Zip(MemberNames()).First(m => m.Second == member)
            .First;
        return ((mask & (1L << ordinal)) != 0
            ? Verdict.Conforms
            : Verdict.Differs, string.Join(", ", MemberNames().Where((_, i) => (mask & (1L << OrdinalAt(i))) != 0)));
    }

    /// <summary>Whether each insured category finds other values at level 3, at level 2, and at level 1 and below.</summary>
    public (Verdict Verdict, string Text) ByLevel()
    {
        var low = Set(FacilityTier.Primary, FacilityTier.Level1);
        var middle = Set(FacilityTier.Level2);
        var high = Set(FacilityTier.Level3Ungraded, FacilityTier.Level3A, FacilityTier.Level3B);
        var text = $"{string.Join("/", low.Order().Select(Explanation.Yuan))} < {string.Join("/", middle.Order().Select(Explanation.Yuan))} < {string.Join("/", high.Order().Select(Explanation.Yuan))}";
        return low.SetEquals(middle) || middle.SetEquals(high) ? (Verdict.Differs, text.Replace('<', '|')) : (Verdict.Conforms, text);

        HashSet<long> Set(params ReadOnlySpan<FacilityTier> tiers)
        {
            var found = new HashSet<long>();
            foreach (var tier in tiers)
                found.UnionWith(cells.Where(c => RowOf(c) == (int)tier).Select(c => rules[source.Parameter, c]));

            return found;
        }
    }

    /// <summary>Whether every insured category has the same value at each level.</summary>
    public (Verdict Verdict, string Text) ByInsured()
    {
        var split = cells.GroupBy(RowOf).Where(row => row.Select(TextOf).Distinct().Count() > 1)
            .Select(row => info.Dimensions[0].NameOf(row.Key)).ToArray();
        return split.Length == 0 ? (Verdict.Conforms, "same for all") : (Verdict.Differs, $"differs at {string.Join(", ", split)}");
    }

    /// <summary>Whether every cell has one ratio whatever the bill.</summary>
    public (Verdict Verdict, string Text) ByBill()
    {
        var split = cells.Where(c => BandsOf(c).Length > 1).Select(c => $"{info.CellName(c)}: {TextOf(c)}").ToArray();
        return split.Length == 0 ? (Verdict.Conforms, "one ratio") : (Verdict.Differs, string.Join("; ", split));
    }

    private (long Value, string Text) Extreme((int Cell, long Value, RatioBand? Band) found)
    {
        var yearly = found.Value is RuleSet.NoLimit ? found.Value : found.Value * source.Times;
        var text = found.Value is RuleSet.NoLimit ? "none" : Unit(yearly);
        if (source.Times > 1)
            text = $"{source.Times} x {Unit(found.Value)} = {text}";

        var uniform = Values().Select(v => v.Value).Distinct().Count() == 1;
        return (yearly, uniform ? text : $"{text} ({Where(found)})");
    }

    private string Where((int Cell, long Value, RatioBand? Band) found)
    {
        var name = info.CellName(found.Cell);
        return found.Band is { } band && (band.Above > 0 || band.UpTo < long.MaxValue)
            ? $"{name}, above {Explanation.Yuan(band.Above)} up to {Explanation.Yuan(band.UpTo)}"
            : name;
    }

    private IEnumerable<(int Cell, long Value, RatioBand? Band)> Values()
        => info.Kind == ValueKind.Bands
            ? cells.SelectMany(c => BandsOf(c).Select(b => (c, (long)b.RateBp, (RatioBand?)b)))
            : cells.Select(c => (c, rules[source.Parameter, c], (RatioBand?)null));

    private RatioBand[] BandsOf(int cell) => info.Kind == ValueKind.Bands ? rules.Bands(source.Parameter, cell)! : [];

    private string TextOf(int cell) => info.Kind == ValueKind.Bands
        ? string.Join(", ", BandsOf(cell)
            .Select(b => b is { Above: 0, UpTo: long.MaxValue } ? Unit(b.RateBp) : $"{Unit(b.RateBp)} above {Explanation.Yuan(b.Above)}"))
        : Unit(rules[source.Parameter, cell]);

    private string Unit(long value) =>
        info.Kind is ValueKind.Bands or ValueKind.Percent ? Explanation.Percent(value) : Explanation.Yuan(value);

    private int RowOf(int cell) => info.Dimensions.Length == 0 ? 0 : cell / (info.CellCount / info.Dimensions[0].Size);

    private string[] MemberNames() => info.MemberNames();

    private int OrdinalAt(int index) =>
        Convert.ToInt32(Enum.GetValues(info.Enum!).GetValue(index), System.Globalization.CultureInfo.InvariantCulture);
}
