using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Settlement.Policy;

/// <summary>Collects what is wrong with packs, each as <c>file:line: reason</c>.</summary>
internal sealed class PackErrors
{
    private readonly List<(string File, long Line, string Reason)> found = [];

    public bool Any => found.Count > 0;

    public int Count => found.Count;

    public void Add(string file, long line, string reason) => found.Add((file, line, reason));

    public IReadOnlyList<string> Sorted()
        => [.. found.OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Line).Select(e => $"{e.File}:{e.Line}: {e.Reason}")];
}

/// <summary>A YAML mapping being read: each key is taken once, what is left over is an error.</summary>
internal sealed class YamlMap
{
    private readonly YamlMappingNode node;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly PackErrors errors;

    private YamlMap(YamlMappingNode node, string file, PackErrors errors)
    {
        this.node = node;
        File = file;
        this.errors = errors;
    }

    public string File { get; }

    public int Line => LineOf(node);

    public static int LineOf(YamlNode node) => (int)node.Start.Line;

    /// <summary>The node as a mapping; an error and null when it is something else.</summary>
    public static YamlMap? From(YamlNode? node, string file, string what, PackErrors errors)
    {
        if (node is YamlMappingNode map)
            return new YamlMap(map, file, errors);

        if (node is not null)
            errors.Add(file, LineOf(node), $"{what} must be a mapping of keys to values");

        return null;
    }

    /// <summary>All keys with their values, in order; keys that are not plain text are reported.</summary>
    public IEnumerable<(string Key, YamlNode Value)> Entries()
    {
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } text })
                yield return (text, value);
            else
                errors.Add(File, LineOf(key), "a key must be plain text");
        }
    }

    public YamlNode? Take(string key)
    {
        taken.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    public string? TakeText(string key, string what, bool required = true)
    {
        var value = Take(key);
        if (value is YamlScalarNode { Value: { Length: > 0 } text })
            return text;

        if (value is not null)
            errors.Add(File, LineOf(value), $"{what}: '{key}' must be text");
        else if (required)
            errors.Add(File, Line, $"{what}: missing '{key}'");

        return null;
    }

    public DateOnly? TakeDate(string key, string what, bool required)
    {
        var text = TakeText(key, what, required);
        if (text is null)
            return null;

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;

        errors.Add(File, LineOf(Take(key)!), $"{what}: '{key}' is no date (YYYY-MM-DD): {text}");
        return null;
    }

    public YamlMap? TakeMap(string key, string what, bool required)
    {
        var value = Take(key);
        if (value is null && required)
            errors.Add(File, Line, $"{what}: missing '{key}'");

        return From(value, File, $"{what}: '{key}'", errors);
    }

    /// <summary>A count, 0 when it is not given.</summary>
    public int TakeCount(string key, string what)
    {
        var text = TakeText(key, what, required: false);
        if (text is null)
            return 0;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            return count;

        errors.Add(File, LineOf(Take(key)!), $"{what}: '{key}' must be a whole number above 0: {text}");
        return 0;
    }

    /// <summary>A list of mappings, empty when it is not given.</summary>
    public IReadOnlyList<YamlMap> TakeMaps(string key, string what)
    {
        var value = Take(key);
        if (value is YamlSequenceNode list)
            return [.. list.Children.Select(c => From(c, File, $"{what}: '{key}'", errors)).OfType<YamlMap>()];

        if (value is not null)
            errors.Add(File, LineOf(value), $"{what}: '{key}' must be a list");

        return [];
    }

    /// <summary>Reports the keys nobody took.</summary>
    public void Finish(string what)
    {
        foreach (var (key, value) in Entries())
            if (!taken.Contains(key))
                errors.Add(File, LineOf(value), $"{what}: unknown key '{key}'");
    }
}

/// <summary>Opens YAML files.</summary>
internal static class YamlFile
{
    /// <summary>The one document of a file as a mapping; an error and null when it is something else.</summary>
    public static YamlMap? Root(string path, byte[] content, PackErrors errors)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StreamReader(new MemoryStream(content)));
            if (yaml.Documents.Count == 1)
                return YamlMap.From(yaml.Documents[0].RootNode, path, "the file", errors);

            errors.Add(path, 1, "the file must hold one YAML document");
        }
        catch (YamlException e)
        {
            errors.Add(path, e.Start.Line, $"no valid YAML: {e.InnerException?.Message ?? e.Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NotSupportedException or IndexOutOfRangeException)
        {
            // The YAML reader's own way to fail at some texts, without a place.
            errors.Add(path, 1, $"no valid YAML: {e.Message}");
        }

        return null;
    }
}
