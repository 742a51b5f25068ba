using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace Settlement.Policy;

/// <summary>Reads the files of one pack. Whatever is wrong goes to the list of errors; a pack comes back only when nothing is.</summary>
internal sealed class PackReader
{
    private const string HeaderFile = "pack.yaml";
    private const string CountersFile = "counters.yaml";

    private readonly string folder;
    private readonly PackErrors errors;
    private readonly PackHeader header = new();
    private readonly Dictionary<Scheme, Dictionary<Parameter, ParsedParameter>> schemes = [];
    private readonly List<CounterDeclaration> counters = [];
    private readonly List<RatioBand[]> bands = [];
    private readonly List<int[]> codes = [];

    private PackReader(string folder, PackErrors errors)
    {
        this.folder = folder;
        this.errors = errors;
    }

    /// <summary>The pack, or null with its errors added to the list.</summary>
    public static Pack? Read(string folder, IReadOnlyList<PackFile> files, PackErrors errors)
    {
        var mine = new PackErrorsBefore(errors);
        var reader = new PackReader(folder, errors);
        reader.ReadFiles(files);
        return mine.NothingAdded ? reader.Build(PackArchive.Write(folder, files)) : null;
    }

    /// <summary>
    /// The pack of a folder, or null with its errors added to the list; a file that would be overlooked is an error beside a pack.
    /// </summary>
    public static Pack? ReadFolder(string folder, PackErrors errors)
    {
        var name = Path.GetFileName(folder);
        foreach (var other in Directory.GetFiles(folder, "*.yml"))
            errors.Add($"{name}/{Path.GetFileName(other)}", 1, "the files of a pack end in .yaml");

        var files = Directory.GetFiles(folder, "*.yaml").Select(f => new PackFile(Path.GetFileName(f), File.ReadAllBytes(f))).ToArray();
        return Read(name, files, errors);
    }

    private void ReadFiles(IReadOnlyList<PackFile> files)
    {
        var headerFile = files.FirstOrDefault(f => f.Name == HeaderFile);
        if (headerFile is null)
        {
            errors.Add($"{folder}/{HeaderFile}", 1, "the folder has no such file; every pack begins with it");
            return;
        }

        if (Root(headerFile) is { } root)
            header.Read(root, errors);

        foreach (var file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (file.Name == HeaderFile || Root(file) is not { } content)
                continue;

            if (file.Name == CountersFile)
                ReadCounters(content);
            else
                ReadParameters(content);
        }

        foreach (var (scheme, parameters) in schemes)
            CheckRequired(scheme, parameters, $"{folder}/{HeaderFile}");
    }

    private YamlMap? Root(PackFile file) => YamlFile.Root($"{folder}/{file.Name}", file.Content, errors);

    private void ReadCounters(YamlMap root)
    {
        var list = root.TakeMap("counters", "the file", required: true);
        root.Finish("the file");
        if (list is null)
            return;

        foreach (var (name, node) in list.Entries())
        {
            if (!CounterNames.TryParse(name, out var id))
            {
                errors.Add(root.File, YamlMap.LineOf(node), $"unknown counter '{name}'");
                continue;
            }

            if (YamlMap.From(node, root.File, name, errors) is { } counter)
                ReadCounter(name, id, counter);
        }
    }

    private void ReadCounter(string name, CounterId id, YamlMap counter)
    {
        var code = counter.TakeText("code", name);
        var period = counter.TakeText("period", name);
        var zh = counter.TakeText("zh", name);
        var en = counter.TakeText("en", name);
        counter.Finish(name);
        if (code is not null && code != ((int)id).ToString(CultureInfo.InvariantCulture))
            errors.Add(counter.File, counter.Line, $"{name}: its code is {(int)id}, not {code}: codes stand in stored accounts");

        if (period is null || zh is null || en is null)
            return;

        if (!Names.TryParse<CounterPeriod>(period, out var parsed) || parsed != CounterNames.PeriodOf(id))
            errors.Add(counter.File, counter.Line, $"{name}: its period is '{CounterNames.PeriodOf(id).Text()}', not '{period}'");
        else
            counters.Add(new CounterDeclaration(id, parsed, zh, en));
    }

    private void ReadParameters(YamlMap root)
    {
        var schemeText = root.TakeText("scheme", "the file");
        var list = root.TakeMap("parameters", "the file", required: true);
        root.Finish("the file");
        if (schemeText is null || list is null)
            return;

        foreach (var name in schemeText.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Names.TryParse<Scheme>(name, out var scheme))
                ReadParameters(root, list, scheme);
            else
                errors.Add(root.File, root.Line, $"unknown scheme '{name}'");
        }
    }

    private void ReadParameters(YamlMap root, YamlMap list, Scheme scheme)
    {
        if (!schemes.TryGetValue(scheme, out var parameters))
            schemes.Add(scheme, parameters = []);

        foreach (var (name, node) in list.Entries())
        {
            if (ParameterSchema.Find(name) is not { } info)
                errors.Add(root.File, YamlMap.LineOf(node), $"unknown parameter '{name}'");
            else if (YamlMap.From(node, root.File, name, errors) is not { } map)
                continue;
            else if (new ParameterReader(info, scheme, header, bands, codes, errors).Read(map) is { } parsed
                && !parameters.TryAdd(info.Id, parsed))
                errors.Add(root.File, map.Line, $"{name} is given twice for {scheme.Text()}");
        }
    }

    /// <summary>A scheme whose claims are settled must give what every claim needs, for every day.</summary>
    private void CheckRequired(Scheme scheme, Dictionary<Parameter, ParsedParameter> parameters, string file)
    {
        if (!parameters.TryGetValue(Parameter.BenefitVisitTypes, out var settled) || settled.Definition.Values.All(v => v.Unpublished))
            return;

        foreach (var info in ParameterSchema.All.Where(i => i.Required))
            CheckGiven(info.Id, scheme, parameters, file, "a scheme whose claims are settled must give it");

        var byContributions = parameters.TryGetValue(Parameter.CoverageBasis, out var basis)
            && basis.Cells.Any(c => c[0] == (long)CoverBasis.Contributions);
        if (!byContributions)
            return;

        foreach (var needed in ContributionCover.Needs)
            CheckGiven(needed, scheme, parameters, file, "cover by contributions needs it");
    }

    private void CheckGiven(Parameter parameter, Scheme scheme, Dictionary<Parameter, ParsedParameter> parameters, string file, string why)
    {
        if (!parameters.TryGetValue(parameter, out var given))
            errors.Add(file, 1, $"{scheme.Text()}: parameter '{ParameterSchema.NameOf(parameter)}' is missing; {why}");
        else if (given.Definition.Values.FirstOrDefault(v => v.Unpublished) is { } hole)
            errors.Add(hole.File, hole.Line, $"{ParameterSchema.NameOf(parameter)} may not be unpublished; {why}");
    }

    private Pack Build(byte[] archive)
    {
        var hash = SHA256.HashData(archive);
        return new Pack(
            header,
            schemes.ToDictionary(s => s.Key, s => new PackScheme(s.Key, header.InForceFrom, s.Value, bands, codes)),
            [.. counters])
        {
            Name = folder,
            Version = header.Version,
            Region = header.Region,
            Hash = [.. hash],
            PackKey = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(hash),
            Archive = [.. archive],
        };
    }

    /// <summary>Remembers how many errors there were before this pack.</summary>
    private readonly struct PackErrorsBefore(PackErrors errors)
    {
        private readonly int count = errors.Count;

        public bool NothingAdded => errors.Count == count;
    }
}
