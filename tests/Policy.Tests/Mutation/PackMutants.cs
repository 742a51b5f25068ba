using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>A pack in which one value was changed; <c>Name</c> says which, for a reader.</summary>
internal sealed record Mutant(string Name, Func<Adjudicator?> Build);

/// <summary>
/// Packs made from one by changing a single value: each number, month, day and date; where a key stands for several members, each member by
/// itself too; each yes or no; each member of a list left out; each date from which a value holds.
/// </summary>
internal static class PackMutants
{
    /// <summary>Every mutant of a pack, among the other packs of the catalogue as they are.</summary>
    public static IEnumerable<Mutant> Of(PolicyCatalogue catalogue, Pack pack)
    {
        var parts = new PackParts(pack);
        foreach (var part in parts.All)
            foreach (var (what, edit) in Edits($"{part}", part.Node))
                yield return new Mutant(what, () => parts.With(part with { Node = Edited(part.Node, edit) }) is { } changed
                    ? In(catalogue, changed)
                    : null);
    }

    /// <summary>
    /// The pack put together from its parts again, with no value changed: what fails under it fails for another reason than a value.
    /// </summary>
    public static Adjudicator Unchanged(PolicyCatalogue catalogue, Pack pack)
    {
        var parts = new PackParts(pack);
        return In(catalogue, parts.With(parts.All[0])!);
    }

    private static Adjudicator In(PolicyCatalogue catalogue, Pack changed)
        => new(PolicyCatalogue.Of([.. catalogue.Packs.Select(p => p.Region == changed.Region ? changed : p)]));

    private static YamlMappingNode Edited(YamlMappingNode node, Action<YamlMappingNode> edit)
    {
        var copy = (YamlMappingNode)Copy(node);
        edit(copy);
        return copy;
    }

    private static IEnumerable<(string Name, Action<YamlMappingNode> Edit)> Edits(string parameter, YamlMappingNode node)
    {
        var values = (YamlSequenceNode)node["values"];
        for (var i = 0; i < values.Children.Count; i++)
        {
            var at = i;
            YamlMappingNode Entry(YamlMappingNode of) => (YamlMappingNode)of["values"][at];
            if (i > 0)
                yield return ($"{parameter}, from {values[i]["from"]}", of => Entry(of)
                    .Children["from"] = Changed((YamlScalarNode)Entry(of)["from"]));

            if (!((YamlMappingNode)values[i]).Children.TryGetValue("value", out var value))
                continue;

            foreach (var (name, path) in Places(value, i == 0 ? parameter : $"{parameter} of {values[i]["from"]}", []))
                yield return (name, of => Apply(Entry(of), "value", path));
        }
    }

    /// <summary>
    /// Every place of a value that can be changed: the keys on the way to it, a member of a key alone, or a member of a list.
    /// </summary>
    private static IEnumerable<(string Name, Step[] Path)> Places(YamlNode value, string name, Step[] path)
    {
        switch (value)
        {
            case YamlScalarNode scalar when Changed(scalar).Value != scalar.Value:
                yield return ($"{name} = {scalar.Value}", path);
                break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                    foreach (var place in list[i] is YamlScalarNode member
                        ? [($"{name} without {member.Value}", [.. path, new Step(null, null, i)])]
                        : Places(list[i], $"{name}[{i}]", [.. path, new Step(null, null, i)]))
                        yield return place;

                break;
            case YamlMappingNode map:
                foreach (var (key, below) in map.Children)
                {
                    // Where a band begins inside the list is where the one before ends: changed there.
                    if ($"{key}" == "above" && path is [.., { Index: > 0 }])
                        continue;

                    var members = $"{key}".Split(',', StringSplitOptions.TrimEntries);
                    foreach (var member in members)
                        foreach (var place in Places(
                            below, $"{name}, {member}", [.. path, new Step($"{key}", members.Length > 1 ? member : null, 0)]))
                            yield return place;
                }

                break;
        }
    }

    /// <summary>A step down: into a key (or one member of it, split off), or into an item of a list.</summary>
    private sealed record Step(string? Key, string? Member, int Index);

    private static void Apply(YamlMappingNode entry, string first, Step[] path)
    {
        Action<YamlNode> put = node => entry.Children[first] = node;
        var value = entry[first];
        YamlMappingNode? nextBand = null;
        foreach (var step in path)
        {
            if (value is YamlSequenceNode list)
            {
                nextBand = step.Index + 1 < list.Children.Count ? list[step.Index + 1] as YamlMappingNode : null;
                if (list[step.Index] is YamlScalarNode)
                {
                    list.Children.RemoveAt(step.Index);
                    return;
                }

                put = node => list.Children[step.Index] = node;
                value = list[step.Index];
                continue;
            }

            var map = (YamlMappingNode)value;
            var key = step.Member is null ? new YamlScalarNode(step.Key) : SplitOff(map, step);
            put = node => map.Children[key] = node;
            value = map[key];
        }

        var changed = Changed((YamlScalarNode)value);
        put(changed);
        if (path is [.., { Key: "upTo" }] && nextBand is not null)
            nextBand.Children["above"] = new YamlScalarNode(changed.Value);
    }

    /// <summary>Gives one member of a key a copy of its own of what the key holds.</summary>
    private static YamlScalarNode SplitOff(YamlMappingNode map, Step step)
    {
        var key = map.Children.Keys.First(k => $"{k}" == step.Key);
        var below = map[key];
        map.Children.Remove(key);
        var others = step.Key!.Split(',', StringSplitOptions.TrimEntries).Where(m => m != step.Member);
        map.Add(new YamlScalarNode(string.Join(", ", others)), below);
        var alone = new YamlScalarNode(step.Member);
        map.Add(alone, Copy(below));
        return alone;
    }

    private static YamlNode Copy(YamlNode node) => node switch
    {
        YamlScalarNode scalar => new YamlScalarNode(scalar.Value),
        YamlSequenceNode list => new YamlSequenceNode(list.Children.Select(Copy)),
        _ => new YamlMappingNode(((YamlMappingNode)node).Children.Select(c => KeyValuePair.Create(Copy(c.Key), Copy(c.Value)))),
    };

    /// <summary>A neighbouring value; the same when the text is no number, day or yes or no.</summary>
    private static YamlScalarNode Changed(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        return new YamlScalarNode(text switch
        {
            "yes" => "no",
            "no" => "yes",
            "none" => "1",
            "100" => "99",
            _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => $"{number + 1}",
            _ when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) =>
                (number + 0.01m).ToString("0.##", CultureInfo.InvariantCulture),
            _ when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
                $"{date.AddDays(1):yyyy-MM-dd}",
            _ when DateOnly.TryParseExact($"2001-{text}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) =>
                NextDay(day),
            _ => text,
        });
    }

    private static string NextDay(DateOnly day) => day is { Month: 12, Day: 31 } ? "12-30" : $"{day.AddDays(1):MM-dd}";
}
