using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace Settlement.Policy;

/// <summary>A parameter as read: its history in words, and the compiled cells of each entry.</summary>
internal sealed record ParsedParameter(ParameterDefinition Definition, ImmutableArray<long[]> Cells);

/// <summary>Reads one parameter: terms, unit, citation and its values through time.</summary>
internal sealed class ParameterReader(
    ParameterInfo info, Scheme scheme, PackHeader header, List<RatioBand[]> bands, List<int[]> codes, PackErrors errors)
{
    private readonly List<ValueEntry> entries = [];
    private readonly List<long[]> cells = [];
    private Citation? ownCitation;
    private bool citationGiven;
    private DateOnly reviewedUntil;

    public ParsedParameter? Read(YamlMap map)
    {
        var before = errors.Count;
        var zh = map.TakeText("zh", info.Name);
        var en = map.TakeText("en", info.Name);
        var unit = map.TakeText("unit", info.Name);
        if (unit is not null && unit != info.Unit)
            errors.Add(map.File, YamlMap.LineOf(map.Take("unit")!), $"{info.Name}: its unit is '{info.Unit}', not '{unit}'");

        citationGiven = map.Take("citation") is not null;
        ownCitation = ReadCitation(map, required: false);
        reviewedUntil = map.TakeDate("reviewedUntil", info.Name, required: false) ?? header.ReviewedUntil;
        var values = map.Take("values");
        map.Finish(info.Name);
        if (values is YamlSequenceNode { Children.Count: > 0 } list)
            ReadEntries(list, map.File);
        else
            errors.Add(map.File, map.Line, $"{info.Name}: missing 'values', a list of values with 'from'");

        if (errors.Count > before || zh is null || en is null)
            return null;

        return new ParsedParameter(new ParameterDefinition(info.Id, scheme, zh, en, info.Unit, [.. entries]), [.. cells]);
    }

    private void ReadEntries(YamlSequenceNode list, string file)
    {
        ValueEntry? previous = null;
        foreach (var node in list.Children)
        {
            if (YamlMap.From(node, file, $"{info.Name}: a value", errors) is not { } map || ReadEntry(map) is not { } entry)
                return;

            CheckMeets(previous, entry);
            if (previous is { To: null })
                entries[^1] = previous with { To = entry.From.AddDays(-1) };

            entries.Add(entry);
            previous = entry;
        }

        if (previous?.To is { } end)
            errors.Add(previous.File, previous.Line,
                $"{info.Name}: gap: nothing is said from {end.AddDays(1):yyyy-MM-dd} on (write 'unpublished: true' where nothing is published)");
    }

    private ValueEntry? ReadEntry(YamlMap map)
    {
        var what = $"{info.Name}: a value";
        var from = map.TakeDate("from", what, required: true);
        var to = map.TakeDate("to", what, required: false);
        var citation = ReadCitation(map, required: !citationGiven) ?? ownCitation;
        var note = map.TakeText("note", what, required: false);
        var reviewed = map.TakeDate("reviewedUntil", what, required: false) ?? reviewedUntil;
        var unpublished = map.TakeText("unpublished", what, required: false) == "true";
        var value = map.Take("value");
        map.Finish(what);
        if (unpublished == (value is not null))
            errors.Add(map.File, map.Line, $"{what} needs either 'value' or 'unpublished: true'");

        var parser = new ValueParser(map.File, info, bands, codes, errors);
        cells.Add(value is null ? ValueParser.FilledWithUnpublished(info.CellCount) : parser.Parse(value));
        if (from is null || citation is null)
            return null;

        if (to < from)
            errors.Add(map.File, map.Line, $"{what}: 'to' {to:yyyy-MM-dd} is before 'from' {from:yyyy-MM-dd}");

        return new ValueEntry(from.Value, to, unpublished, parser.Texts, citation, note, reviewed, map.File, map.Line);
    }

    private void CheckMeets(ValueEntry? previous, ValueEntry entry)
    {
        if (previous is null)
        {
            if (entry.From > header.InForceFrom)
                errors.Add(entry.File, entry.Line,
                    $"{info.Name}: gap: nothing is said from {header.InForceFrom:yyyy-MM-dd} to {entry.From.AddDays(-1):yyyy-MM-dd}");
        }
        else if (entry.From <= previous.From || entry.From <= previous.To)
        {
            errors.Add(entry.File, entry.Line,
                $"{info.Name}: overlap: the value from {previous.From:yyyy-MM-dd} still holds on {entry.From:yyyy-MM-dd}");
        }
        else if (previous.To is { } end && end.AddDays(1) < entry.From)
        {
            errors.Add(entry.File, entry.Line,
                $"{info.Name}: gap: nothing is said from {end.AddDays(1):yyyy-MM-dd} to {entry.From.AddDays(-1):yyyy-MM-dd}");
        }
    }

    private Citation? ReadCitation(YamlMap map, bool required)
    {
        if (map.TakeMap("citation", info.Name, required) is not { } citation)
            return null;

        var key = citation.TakeText("document", $"{info.Name}: citation");
        var section = citation.TakeText("section", $"{info.Name}: citation");
        citation.Finish($"{info.Name}: citation");
        if (key is null || section is null)
            return null;

        if (header.Documents.TryGetValue(key, out var document))
            return new Citation(document, section);

        errors.Add(citation.File, citation.Line, $"{info.Name}: citation: the pack lists no document '{key}'");
        return null;
    }
}
