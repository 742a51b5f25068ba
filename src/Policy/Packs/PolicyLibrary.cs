using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Everything a policy directory holds: the packs, the register of documents and the provincial floors.</summary>
public sealed record PolicyLibrary(PolicyCatalogue Catalogue, PolicyRegister Register, ImmutableArray<ProvincialFloors> Floors)
{
    /// <summary>Loads a policy directory.</summary>
    /// <exception cref="InvalidPackException">A pack, register or file of floors is not valid; the message lists every error as
    /// <c>file:line: reason</c>.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static PolicyLibrary Load(string directory) =>
        new(PolicyCatalogue.Load(directory), PolicyRegister.Load(directory), ProvincialFloors.Load(directory));

    /// <summary>
    /// A parameter of a region's pack with its history; refused when there is no such pack, or when it does not give the parameter at all.
    /// </summary>
    public ParameterOutcome Find(int region, Scheme scheme, Parameter parameter)
    {
        if (Catalogue.Find(region) is not { } pack)
            return new(null, null, Refusals.NoPack(region));

        return pack.Find(scheme, parameter) is { } definition
            ? new(pack, definition, null)
            : new(pack, null, new Refusal(RefusalCode.UnpublishedParameter) { Parameter = parameter });
    }

    /// <summary>Every parameter of a region's pack for a scheme, by its stable number; refused when there is no such pack.</summary>
    public ParametersOutcome Parameters(int region, Scheme scheme)
        => Catalogue.Find(region) is { } pack
            ? new(pack, [.. pack.Parameters.Where(definition => definition.Scheme == scheme).OrderBy(definition => definition.Id)], null)
            : new(null, [], Refusals.NoPack(region));

    /// <summary>Checks one region's pack on a day, or all of them; refused when the region has no pack.</summary>
    public LintOutcome Lint(int? region, DateOnly on)
    {
        if (region is not { } only)
            return new(PolicyLint.Check(this, on), null);

        return Catalogue.Find(only) is { } pack
            ? new(PolicyLint.Check(this with { Catalogue = PolicyCatalogue.Of(pack) }, on), null)
            : new(null, Refusals.NoPack(only));
    }
}

/// <summary>A parameter and the pack that gives it, or the refusal.</summary>
public readonly record struct ParameterOutcome(Pack? Pack, ParameterDefinition? Definition, Refusal? Refusal);

/// <summary>The parameters of a pack, or the refusal.</summary>
public readonly record struct ParametersOutcome(Pack? Pack, ImmutableArray<ParameterDefinition> Definitions, Refusal? Refusal);

/// <summary>The report of a lint, or the refusal.</summary>
public readonly record struct LintOutcome(LintReport? Report, Refusal? Refusal);
