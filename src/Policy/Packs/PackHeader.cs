using System.Globalization;

namespace Settlement.Policy;

/// <summary>What <c>pack.yaml</c> says: name, region, first day, the documents the pack cites.</summary>
internal sealed class PackHeader
{
    private readonly Dictionary<string, PolicyDocument> documents = new(StringComparer.Ordinal);

    public string Zh { get; private set; } = "";

    public string En { get; private set; } = "";

    public string Version { get; private set; } = "";

    public int Region { get; private set; }

    public DateOnly InForceFrom { get; private set; }

    public DateOnly ReviewedUntil { get; private set; }

    public IReadOnlyDictionary<string, PolicyDocument> Documents => documents;

    public void Read(YamlMap root, PackErrors errors)
    {
        Zh = root.TakeText("zh", "the pack") ?? "";
        En = root.TakeText("en", "the pack") ?? "";
        Version = root.TakeText("version", "the pack") ?? "";
        InForceFrom = root.TakeDate("inForceFrom", "the pack", required: true) ?? default;
        ReviewedUntil = root.TakeDate("reviewedUntil", "the pack", required: true) ?? default;
        var region = root.TakeText("region", "the pack");
        if (region is not null)
        {
            if (region.Length == 6 && int.TryParse(region, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                Region = code;
            else
                errors.Add(root.File, root.Line, $"the pack: 'region' must be a division code of six digits: {region}");
        }

        if (root.TakeMap("documents", "the pack", required: true) is { } list)
            foreach (var (key, node) in list.Entries())
                if (YamlMap.From(node, root.File, $"document {key}", errors) is { } map)
                    ReadDocument(key, map, errors);

        root.Finish("the pack");
    }

    private void ReadDocument(string key, YamlMap map, PackErrors errors)
    {
        var what = $"document {key}";
        var number = map.TakeText("number", what);
        var zh = map.TakeText("zh", what);
        var en = map.TakeText("en", what);
        var status = map.TakeText("status", what);
        var from = map.TakeDate("from", what, required: false);
        var to = map.TakeDate("to", what, required: false);
        map.Finish(what);
        if (!Names.TryParse<DocumentStatus>(status, out var parsed) && status is not null)
            errors.Add(map.File, map.Line, $"{what}: unknown status '{status}'");

        // Kept even when it is faulty: what cites it should not be reported as well.
        documents[key] = new PolicyDocument(key, number ?? "", zh ?? "", en ?? "", parsed, from, to);
    }
}
