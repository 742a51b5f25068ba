using System.Collections.Immutable;
using System.Globalization;

namespace Settlement.Policy;

/// <summary>What a floor asks of a pack.</summary>
public enum FloorRule : byte
{
    /// <summary>The lowest published value is not below the floor.</summary>
    [Name("at-least")]
    AtLeast = 0,

    /// <summary>Nothing of the kind is taken: 0, or "none".</summary>
    [Name("none")]
    None = 1,

    /// <summary>The list has the member.</summary>
    [Name("contains")]
    Contains = 2,

    /// <summary>The value differs between level 3, level 2, and level 1 and below.</summary>
    [Name("differs-by-level")]
    DiffersByLevel = 3,

    /// <summary>The same for every insured category.</summary>
    [Name("same-for-insured")]
    SameForInsured = 4,

    /// <summary>The same whatever the size of the bill.</summary>
    [Name("one-band")]
    OneBand = 5,
}

/// <summary>A parameter that may hold what a floor is about; <c>Rows</c> are members of its first dimension (all when empty), <c>Times</c>
/// how often a year it holds;
/// <c>Implied</c>: a pack that gives it fulfils the floor by the way the benefit is built (no deductible is taken from it).</summary>
public sealed record FloorSource(Parameter Parameter, ImmutableArray<string> Rows, int Times, bool Implied);

/// <summary>One requirement of the province.</summary>
/// <param name="Id">Name of the row.</param>
/// <param name="Scheme">Scheme it binds.</param>
/// <param name="Zh">What it asks, in Chinese.</param>
/// <param name="En">What it asks, in English.</param>
/// <param name="Section">Section of the document.</param>
/// <param name="Rule">Kind of requirement.</param>
/// <param name="Of">Where a pack may hold the value, the first published counts.</param>
/// <param name="Limit">Floor in fen or basis points, for <see cref="FloorRule.AtLeast"/>.</param>
/// <param name="Member">Member, for <see cref="FloorRule.Contains"/>.</param>
public sealed record Floor(
    string Id, Scheme Scheme, string Zh, string En, string Section, FloorRule Rule, ImmutableArray<FloorSource> Of, long Limit,
    string? Member);

/// <summary>The floors of one province (section 9).</summary>
public sealed record ProvincialFloors(
    string Zh, string En, string Document, int Province, DateOnly From, DateOnly ConformBy, DateOnly Latest, ImmutableArray<Floor> Floors)
{
    /// <summary>Folder of the floors beside the packs.</summary>
    public const string Folder = "floors";

    /// <summary>Whether a pooling region lies in the province.</summary>
    public bool Binds(int region) => Places.ProvinceOf(region) == Province;

    /// <summary>Loads the floors of a policy directory, one file a province.</summary>
    /// <exception cref="InvalidPackException">A file is not valid; the message lists every error as <c>file:line: reason</c>.</exception>
    public static ImmutableArray<ProvincialFloors> Load(string policies)
    {
        var errors = new PackErrors();
        var folder = Path.Combine(policies, Folder);
        var found = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
                .Select(f => new FloorReader($"{Folder}/{Path.GetFileName(f)}", errors).Read(File.ReadAllBytes(f))).ToArray()
            : [];
        return errors.Any ? throw new InvalidPackException(errors.Sorted()) : [.. found.OfType<ProvincialFloors>()];
    }
}

/// <summary>Reads a file of floors.</summary>
internal sealed class FloorReader(string path, PackErrors errors)
{
    public ProvincialFloors? Read(byte[] content)
    {
        if (YamlFile.Root(path, content, errors) is not { } root)
            return null;

        const string what = "the floors";
        var (zh, en, document) = (root.TakeText("zh", what), root.TakeText("en", what), root.TakeText("document", what));
        var province = root.TakeCount("province", what);
        var (from, by, latest) = (
            root.TakeDate("from", what, true), root.TakeDate("conformBy", what, true), root.TakeDate("latest", what, true));
        var list = root.TakeMap("floors", what, required: true);
        root.Finish(what);
        if (list is null)
            return null;

        var floors = ImmutableArray.CreateBuilder<Floor>();
        foreach (var (id, node) in list.Entries())
            if (YamlMap.From(node, path, id, errors) is { } map && ReadFloor(id, map) is { } floor)
                floors.Add(floor);

        return errors.Any
            ? null
            : new ProvincialFloors(zh!, en!, document!, province, from!.Value, by!.Value, latest!.Value, floors.DrainToImmutable());
    }

    private Floor? ReadFloor(string id, YamlMap map)
    {
        var before = errors.Count;
        var (zh, en, section) = (map.TakeText("zh", id), map.TakeText("en", id), map.TakeText("section", id));
        var scheme = Member<Scheme>(map, "scheme", id);
        var rule = Member<FloorRule>(map, "rule", id);
        var sources = map.TakeMaps("of", id).Select(s => ReadSource(id, s)).OfType<FloorSource>().ToImmutableArray();
        var limit = map.TakeText("floor", id, required: rule == FloorRule.AtLeast);
        var member = map.TakeText("member", id, required: rule == FloorRule.Contains);
        map.Finish(id);
        if (limit is not null && !long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            errors.Add(path, map.Line, $"{id}: 'floor' must be a whole number of yuan or percent: {limit}");

        // Yuan and percent alike are kept in hundredths: fen, basis points.
        return errors.Count > before
            ? null
            : new Floor(id, scheme, zh!, en!, section!, rule, sources, limit is null
                ? 0
                : long.Parse(limit, CultureInfo.InvariantCulture) * 100, member);
    }

    private FloorSource? ReadSource(string id, YamlMap map)
    {
        var name = map.TakeText("parameter", id);
        var rows = map.TakeText("rows", id, required: false);
        var times = map.TakeCount("times", id);
        var implied = map.TakeText("implied", id, required: false) == "yes";
        map.Finish(id);
        if (name is null)
            return null;

        if (ParameterSchema.Find(name) is not { } info)
        {
            errors.Add(path, map.Line, $"{id}: unknown parameter '{name}'");
            return null;
        }

        var members = rows?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        foreach (var unknown in members.Where(m => info.Dimensions.Length == 0 || info.Dimensions[0].CellsOf(m).Length == 0))
            errors.Add(path, map.Line, $"{id}: {name} has no row '{unknown}'");

        return new FloorSource(info.Id, [.. members], Math.Max(1, times), implied);
    }

    private T Member<T>(YamlMap map, string key, string what)
        where T : struct, Enum
    {
        var text = map.TakeText(key, what);
        if (!Names.TryParse<T>(text, out var value) && text is not null)
            errors.Add(path, map.Line, $"{what}: unknown {key} '{text}', must be one of {string.Join(", ", Names.All<T>())}");

        return value;
    }
}
