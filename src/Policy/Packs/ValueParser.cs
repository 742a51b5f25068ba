using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Settlement.Policy;

/// <summary>Reads the values of one parameter over one range of dates into cells.</summary>
internal sealed class ValueParser(string file, ParameterInfo info, List<RatioBand[]> bands, List<int[]> codes, PackErrors errors)
{
    private readonly long[] cells = FilledWithUnpublished(info.CellCount);
    private readonly List<CellText> texts = [];

    public ImmutableArray<CellText> Texts => [.. texts];

    public long[] Parse(YamlNode value)
    {
        Descend(value, 0, [0], "");
        return cells;
    }

    public static long[] FilledWithUnpublished(int count)
    {
        var cells = new long[count];
        Array.Fill(cells, RuleSet.Unpublished);
        return cells;
    }

    private void Descend(YamlNode node, int depth, int[] at, string name)
    {
        if (node is YamlMappingNode map && depth < info.Dimensions.Length)
        {
            foreach (var (key, value) in map.Children)
                DescendInto(key, value, depth, at, name);

            return;
        }

        if (ParseLeaf(node) is not { } parsed)
            return;

        var span = info.Dimensions.Skip(depth).Aggregate(1, (n, d) => n * d.Size);
        foreach (var start in at)
            for (var cell = start * span; cell < (start + 1) * span; cell++)
                Place(cell, parsed, node);

        texts.Add(new CellText(name, Describe(node)));
    }

    private void DescendInto(YamlNode key, YamlNode value, int depth, int[] at, string name)
    {
        var dimension = info.Dimensions[depth];
        var members = (key as YamlScalarNode)?.Value ?? "";
        var cellsHere = new List<int>();
        foreach (var member in members.Split(',', StringSplitOptions.TrimEntries))
        {
            var found = dimension.CellsOf(member);
            if (found.Length == 0)
                Fail(key, $"unknown {dimension.Name} '{member}'");

            cellsHere.AddRange(found);
        }

        if (cellsHere.Count > 0)
        {
            var next = at.SelectMany(a => cellsHere.Select(c => (a * dimension.Size) + c)).ToArray();
            Descend(value, depth + 1, next, name.Length == 0 ? members : $"{name}; {members}");
        }
    }

    private void Place(int cell, long value, YamlNode node)
    {
        if (cells[cell] != RuleSet.Unpublished)
            Fail(node, info.Dimensions.Length == 0 ? "two values" : $"two values for {info.CellName(cell)}");
        else
            cells[cell] = value;
    }

    private long? ParseLeaf(YamlNode node) => info.Kind switch
    {
        ValueKind.Bands => ParseBands(node),
        ValueKind.Set => ParseSet(node),
        ValueKind.Codes => ParseCodes(node),
        _ => node is YamlScalarNode { Value: { } text } ? ParseScalar(text, node) : Fail(node, $"must be one value in {info.Unit}"),
    };

    private long? ParseScalar(string text, YamlNode node) => info.Kind switch
    {
        ValueKind.Money when text == "none" => RuleSet.NoLimit,
        ValueKind.Money => Fixed(text, 2) is { } fen ? fen : Fail(node, $"no amount in yuan: {text}"),
        ValueKind.Percent => Ratio(text, node),
        ValueKind.Points => Fixed(text, 2) is { } points and <= 10_000
        ? points
        : Fail(node, $"no percentage points between 0 and 100: {text}"),
        ValueKind.Times => Fixed(text, 4) is { } times and > 0 and <= 100 * Limits.WholeBp
        ? times
        : Fail(node, $"no factor above 0, up to 100: {text}"),
        ValueKind.Years or ValueKind.WorkingDays =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var few) && few <= Limits.MostDaysOrYears
            ? few
            : Fail(node, $"no whole number up to {Limits.MostDaysOrYears}: {text}"),
        ValueKind.Months or ValueKind.Count =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : Fail(node, $"no whole number: {text}"),
        ValueKind.MonthDay => MonthDay(text) is { } day ? day : Fail(node, $"no month and day (MM-DD): {text}"),
        ValueKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.DayNumber
            : Fail(node, $"no date (YYYY-MM-DD): {text}"),
        ValueKind.Flag => text == "yes" ? 1 : text == "no" ? 0 : Fail(node, $"must be yes or no: {text}"),
        ValueKind.Choice => Member(text) is { } choice
        ? choice
        : Fail(node, $"must be one of {string.Join(", ", info.MemberNames())}: {text}"),
        _ => Fail(node, $"must be a {info.Unit}"),
    };

    private long? Ratio(string text, YamlNode node)
        => Fixed(text, 2) is { } bp and <= 10_000 ? bp : Fail(node, $"no ratio between 0 and 100 percent: {text}");

    /// <summary>A non-negative number with at most <paramref name="digits"/> places after the point, scaled to a whole number.</summary>
    private static long? Fixed(string text, int digits)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? text : text[..dot];
        var fraction = dot < 0 ? "" : text[(dot + 1)..];
        if (fraction.Length > digits || (dot >= 0 && fraction.Length == 0))
            return null;

        return long.TryParse(whole + fraction.PadRight(digits, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= Limits.MaxAmount
            ? value
            : null;
    }

    private static long? MonthDay(string text)
    {
        // 2000 is a leap year: 29 February is a day of the calendar.
        return text.Length == 5
            && DateOnly.TryParseExact("2000-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? (date.Month * 100) + date.Day
            : null;
    }

    private long? ParseBands(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text })
            return Ratio(text, node) is { } flat ? Keep(bands, [new RatioBand(0, long.MaxValue, (int)flat)]) : null;

        if (node is not YamlSequenceNode { Children.Count: > 0 } sequence)
            return Fail(node, "must be one ratio in percent or a list of bands");

        var parsed = new List<RatioBand>();
        foreach (var item in sequence.Children)
        {
            if (ParseBand(item) is not { } band)
                return null;

            if (parsed.Count > 0 && parsed[^1].UpTo != band.Above)
                return Fail(item, $"bands do not meet: one ends at {Yuan(parsed[^1].UpTo)}, the next begins above {Yuan(band.Above)}");

            parsed.Add(band);
        }

        return parsed[^1].UpTo == long.MaxValue
            ? Keep(bands, [.. parsed])
            : Fail(node, $"bands do not meet: nothing is said above {Yuan(parsed[^1].UpTo)}");
    }

    private RatioBand? ParseBand(YamlNode item)
    {
        var map = YamlMap.From(item, file, $"{info.Name}: a band", errors);
        if (map is null)
            return null;

        var above = map.TakeText("above", $"{info.Name}: a band");
        var upTo = map.TakeText("upTo", $"{info.Name}: a band", required: false);
        var percent = map.TakeText("percent", $"{info.Name}: a band");
        map.Finish($"{info.Name}: a band");
        if (above is null || percent is null || Ratio(percent, item) is not { } bp)
            return null;

        var from = Fixed(above, 2);
        var to = upTo is null ? long.MaxValue : Fixed(upTo, 2);
        if (from is { } low && to is { } high && low < high)
            return new RatioBand(low, high, (int)bp);

        Fail(item, $"a band must run from a lower to a higher amount in yuan: {above} to {upTo}");
        return null;
    }

    private long? ParseSet(YamlNode node)
    {
        if (node is not YamlSequenceNode sequence)
            return Fail(node, "must be a list");

        var mask = 0L;
        foreach (var item in sequence.Children)
        {
            var text = (item as YamlScalarNode)?.Value ?? "";
            if (Bits(text) is not { } bits)
                return Fail(item, $"unknown member '{text}'");

            if ((mask & bits) != 0)
                return Fail(item, $"'{text}' is listed twice");

            mask |= bits;
        }

        return mask;
    }

    private long? ParseCodes(YamlNode node)
    {
        if (node is not YamlSequenceNode sequence)
            return Fail(node, "must be a list of codes");

        var list = new List<int>();
        foreach (var item in sequence.Children)
        {
            if (!int.TryParse((item as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                return Fail(item, "a code must be a whole number");

            list.Add(code);
        }

        return Keep(codes, [.. list]);
    }

    /// <summary>Ordinal of an enumeration member, null when there is none of that name.</summary>
    private int? Member(string text)
    {
        var at = Array.IndexOf(info.MemberNames(), text);
        return at < 0 ? null : Convert.ToInt32(System.Enum.GetValues(info.Enum!).GetValue(at), CultureInfo.InvariantCulture);
    }

    /// <summary>Bits of one member, or of a member that stands for several cells (LEVEL_3).</summary>
    private long? Bits(string text)
    {
        if (info.Enum == typeof(FacilityTier))
        {
            var found = ParameterSchema.TierCells(text);
            return found.Length == 0 ? null : found.Aggregate(0L, (mask, cell) => mask | (1L << cell));
        }

        return Member(text) is not { } value ? null : info.Enum == typeof(Diagnoses) ? value : 1L << value;
    }

    private static long Keep<T>(List<T> list, T item)
    {
        list.Add(item);
        return list.Count - 1;
    }

    private static string Yuan(long fen) => Explanation.Yuan(fen);

    private static string Describe(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode sequence => string.Join(", ", sequence.Children.Select(Describe)),
        YamlMappingNode map => string.Join(" ", map.Children.Select(c => $"{Describe(c.Key)} {Describe(c.Value)}")),
        _ => node.ToString(),
    };

    private long? Fail(YamlNode node, string reason)
    {
        errors.Add(file, YamlMap.LineOf(node), $"{info.Name}: {reason}");
        return null;
    }
}

/// <summary>Bounds of the engine itself, far beyond any real bill; they keep arithmetic in 64 bits exact. Not policy.</summary>
internal static class Limits
{
    /// <summary>Largest amount in fen that a claim or a pack may name: 100 thousand million yuan.</summary>
    public const long MaxAmount = 10_000_000_000_000;

    /// <summary>Most working days or years a pack may name.</summary>
    public const int MostDaysOrYears = 1000;

    /// <summary>One whole, in basis points.</summary>
    public const int WholeBp = 10_000;
}
