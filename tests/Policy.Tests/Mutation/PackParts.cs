using YamlDotNet.RepresentationModel;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>The parameters of a pack's residents, read once, so that a pack with another value of one of them is made without reading its files again.</summary>
internal sealed class PackParts
{
    private readonly Pack pack;
    private readonly PackHeader header = new();
    private readonly Dictionary<Parameter, ParsedParameter> parsed = [];
    private readonly Dictionary<string, YamlMappingNode> nodes = [];
    private readonly List<RatioBand[]> bands = [];
    private readonly List<int[]> codes = [];

    public PackParts(Pack pack)
    {
        this.pack = pack;
        var errors = new PackErrors();
        var roots = PackArchive.Read(pack.Archive.AsSpan()).Files.ToDictionary(f => f.Name, Root);
        header.Read(Map(roots["pack.yaml"], errors), errors);
        foreach (var (_, root) in roots.Where(r => r.Value.Children.ContainsKey("parameters")))
            foreach (var (key, node) in ((YamlMappingNode)root["parameters"]).Children)
            {
                nodes.Add($"{key}", (YamlMappingNode)node);
                var read = Read($"{key}", (YamlMappingNode)node, bands, codes, errors)!;
                parsed.Add(read.Definition.Id, read);
            }

        Assert.False(errors.Any);
    }

    public IReadOnlyDictionary<string, YamlMappingNode> Parameters => nodes;

    /// <summary>The pack with one parameter given otherwise, or null when the reader refuses it.</summary>
    public Pack? With(string name, YamlMappingNode node)
    {
        var errors = new PackErrors();
        var (allBands, allCodes) = (bands.ToList(), codes.ToList());
        if (Read(name, node, allBands, allCodes, errors) is not { } read || errors.Any)
            return null;

        var parameters = new Dictionary<Parameter, ParsedParameter>(parsed) { [read.Definition.Id] = read };
        var scheme = new PackScheme(Scheme.Resident, header.InForceFrom, parameters, allBands, allCodes);
        return new Pack(header, new() { [Scheme.Resident] = scheme }, pack.Counters)
        {
            PackKey = pack.PackKey,
            Hash = pack.Hash,
            Name = pack.Name,
            Version = pack.Version,
            Region = pack.Region,
            Archive = pack.Archive,
        };
    }

    private ParsedParameter? Read(string name, YamlMappingNode node, List<RatioBand[]> intoBands, List<int[]> intoCodes, PackErrors errors)
        => new ParameterReader(ParameterSchema.Find(name)!, Scheme.Resident, header, intoBands, intoCodes, errors).Read(Map(node, errors));

    private static YamlMap Map(YamlMappingNode node, PackErrors errors) => YamlMap.From(node, "mutant", "mutant", errors)!;

    private static YamlMappingNode Root(PackFile file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StreamReader(new MemoryStream(file.Content)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
