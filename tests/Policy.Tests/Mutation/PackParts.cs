using YamlDotNet.RepresentationModel;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>A parameter as a file of a pack gives it: for one scheme, or for several at once.</summary>
internal sealed record PackPart(string Name, Scheme[] Schemes, YamlMappingNode Node)
{
    /// <summary>The parameter, with the scheme where it is not the residents'.</summary>
    public override string ToString() => Schemes.Contains(Scheme.Resident) ? Name : $"{Schemes[0].Text()} {Name}";
}

/// <summary>
/// The parameters of a pack, read once, so that a pack with another value of one of them is made without reading its files again.
/// </summary>
internal sealed class PackParts
{
    private readonly Pack pack;
    private readonly PackHeader header = new();
    private readonly Dictionary<Scheme, Dictionary<Parameter, ParsedParameter>> parsed = [];
    private readonly List<PackPart> parts = [];
    private readonly List<RatioBand[]> bands = [];
    private readonly List<int[]> codes = [];

    public PackParts(Pack pack)
    {
        this.pack = pack;
        var errors = new PackErrors();
        var roots = PackArchive.Read(pack.Archive.AsSpan()).Files.ToDictionary(f => f.Name, Root);
        header.Read(Map(roots["pack.yaml"], errors), errors);
        foreach (var root in roots.Values.Where(r => r.Children.ContainsKey("parameters")))
        {
            var schemes = $"{root["scheme"]}".Split(',', StringSplitOptions.TrimEntries).Select(Parsed).ToArray();
            parts.AddRange(((YamlMappingNode)root["parameters"])
                .Children.Select(p => new PackPart($"{p.Key}", schemes, (YamlMappingNode)p.Value)));
        }

        foreach (var part in parts)
            foreach (var scheme in part.Schemes)
            {
                var read = Read(part, scheme, bands, codes, errors)!;
                parsed.TryAdd(scheme, []);
                parsed[scheme].Add(read.Definition.Id, read);
            }

        Assert.False(errors.Any);
    }

    /// <summary>Every parameter of every file.</summary>
    public IReadOnlyList<PackPart> All => parts;

    /// <summary>The parameter of a name.</summary>
    public PackPart this[string name, Scheme scheme = Scheme.Resident] => parts.Single(p => p.Name == name && p.Schemes.Contains(scheme));

    /// <summary>The pack with one parameter given otherwise, or null when the reader refuses it.</summary>
    public Pack? With(PackPart part)
    {
        var errors = new PackErrors();
        var (allBands, allCodes) = (bands.ToList(), codes.ToList());
        var changed = parsed.ToDictionary(s => s.Key, s => new Dictionary<Parameter, ParsedParameter>(s.Value));
        foreach (var scheme in part.Schemes)
        {
            if (Read(part, scheme, allBands, allCodes, errors) is not { } read || errors.Any)
                return null;

            changed[scheme][read.Definition.Id] = read;
        }

        return new Pack(
            header, changed.ToDictionary(s => s.Key, s => new PackScheme(s.Key, header.InForceFrom, s.Value, allBands, allCodes)),
            pack.Counters)
        {
            PackKey = pack.PackKey,
            Hash = pack.Hash,
            Name = pack.Name,
            Version = pack.Version,
            Region = pack.Region,
            Archive = pack.Archive,
        };
    }

    private ParsedParameter? Read(PackPart part, Scheme scheme, List<RatioBand[]> intoBands, List<int[]> intoCodes, PackErrors errors)
        => new ParameterReader(ParameterSchema.Find(part.Name)!, scheme, header, intoBands, intoCodes, errors).Read(Map(part.Node, errors));

    private static Scheme Parsed(string name) =>
        Names.TryParse<Scheme>(name, out var scheme) ? scheme : throw new InvalidDataException(name);

    private static YamlMap Map(YamlMappingNode node, PackErrors errors) => YamlMap.From(node, "mutant", "mutant", errors)!;

    private static YamlMappingNode Root(PackFile file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StreamReader(new MemoryStream(file.Content)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
