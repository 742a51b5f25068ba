using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Settlement.Cluster.Tests.Deploy;

/// <summary>The files of <c>deploy/</c> in the checkout these tests were built from.</summary>
internal static class DeployFolder
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "deploy"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories);

    /// <summary>Every document of a YAML file, anchors and merges resolved.</summary>
    public static IReadOnlyList<Node> Yaml(string path) => YamlText(Read(path));

    /// <summary>Every document of a YAML text.</summary>
    public static IReadOnlyList<Node> YamlText(string text)
    {
        List<Node> documents = [];
        IDeserializer deserializer = new DeserializerBuilder().Build();
        MergingParser parser = new(new Parser(new StringReader(text)));
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _)) documents.Add(new Node(deserializer.Deserialize(parser)));
        return documents;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}

/// <summary>A value of a YAML document; what is not there has no value and no parts.</summary>
internal readonly record struct Node(object? Value)
{
    public Node this[string name] =>
        new(Value is Dictionary<object, object> map && map.TryGetValue(name, out object? value) ? value : null);

    public bool IsPresent => Value is not null;

    public string Text => Value as string ?? "";

    public IEnumerable<Node> Items => Value is List<object> list ? list.Select(item => new Node(item)) : [];

    public IEnumerable<(string Name, Node Value)> Entries =>
        Value is Dictionary<object, object> map ? map.Select(pair => ((string)pair.Key, new Node(pair.Value))) : [];
}
