using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>The policy of one city: every parameter with its values through time, compiled for adjudication. Immutable.</summary>
public sealed class Pack
{
    private readonly PackHeader header;
    private readonly Dictionary<Scheme, PackScheme> schemes;
    private readonly Lazy<string> label;

    internal Pack(PackHeader header, Dictionary<Scheme, PackScheme> schemes, ImmutableArray<CounterDeclaration> counters)
    {
        this.header = header;
        this.schemes = schemes;
        Counters = counters;
        Resident = schemes.GetValueOrDefault(Scheme.Resident);
        Employee = schemes.GetValueOrDefault(Scheme.Employee);
        label = new Lazy<string>(() => $"{Name} {Version} {PackKey:x16}");
    }

    /// <summary>First eight bytes of <see cref="Hash"/>, big-endian: names the pack in each ledger entry.</summary>
    public required long PackKey { get; init; }

    /// <summary>SHA-256 of the canonical content (<see cref="Archive"/>).</summary>
    public required ImmutableArray<byte> Hash { get; init; }

    /// <summary>Short name: the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>Version as its authors write it.</summary>
    public required string Version { get; init; }

    /// <summary>Name, version and key: names the pack to people, in every answer it decided.</summary>
    public string Label => label.Value;

    /// <summary>Pooling region, a division code.</summary>
    public required int Region { get; init; }

    /// <summary>All its files, for the ledger to keep; <see cref="FromArchive"/> gives the same pack back.</summary>
    public required ImmutableArray<byte> Archive { get; init; }

    /// <summary>Name of the city in Chinese.</summary>
    public string Zh => header.Zh;

    /// <summary>Name of the city in English.</summary>
    public string En => header.En;

    /// <summary>First day on which the pack settles.</summary>
    public DateOnly InForceFrom => header.InForceFrom;

    /// <summary>Documents the pack cites, by key.</summary>
    public IReadOnlyDictionary<string, PolicyDocument> Documents => header.Documents;

    /// <summary>Counters the pack declares.</summary>
    public ImmutableArray<CounterDeclaration> Counters { get; }

    /// <summary>Schemes the pack has values for.</summary>
    public IEnumerable<Scheme> Schemes => schemes.Keys.Order();

    /// <summary>Every parameter the pack gives, of all schemes.</summary>
    public IEnumerable<ParameterDefinition> Parameters => schemes.Values.SelectMany(s => s.Definitions);

    internal PackScheme? Resident { get; }

    internal PackScheme? Employee { get; }

    /// <summary>Rebuilds a pack from <see cref="Archive"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no archive.</exception>
    /// <exception cref="InvalidPackException">The pack in it is not valid for this build.</exception>
    public static Pack FromArchive(ReadOnlySpan<byte> archive)
    {
        var (name, files) = PackArchive.Read(archive);
        var errors = new PackErrors();
        return PackReader.Read(name, files, errors) ?? throw new InvalidPackException(errors.Sorted());
    }

    /// <summary>Reads the pack of one folder.</summary>
    /// <exception cref="InvalidPackException">The pack is not valid; the message lists every error as <c>file:line: reason</c>.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Pack Load(string folder)
    {
        var errors = new PackErrors();
        var pack = PackReader.ReadFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), errors);
        return pack is null || errors.Any ? throw new InvalidPackException(errors.Sorted()) : pack;
    }

    /// <summary>A parameter of a scheme with its history, or null when the pack does not give it.</summary>
    public ParameterDefinition? Find(Scheme scheme, Parameter parameter) => For(scheme)?.Find(parameter);

    /// <summary>Citation of a parameter on a day, or null when the pack does not give it.</summary>
    public Citation? CitationOf(Scheme scheme, Parameter parameter, DateOnly day)
    {
        var definition = Find(scheme, parameter);
        return (definition?.On(day) ?? definition?.Values[0])?.Citation;
    }

    /// <summary>Values that hold on a day but were to be reviewed before it: start-up warns of them.</summary>
    public IEnumerable<ParameterDefinition> StaleOn(DateOnly day)
        => Parameters.Where(p => p.On(day) is { } value && value.ReviewedUntil < day);

    internal PackScheme? For(Scheme scheme) => scheme == Scheme.Employee ? Employee : Resident;
}
