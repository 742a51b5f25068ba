using Google.Protobuf.Reflection;
using Settlement.Contract;

namespace Settlement.Gateway.Identity;

/// <summary>Levels and kinds by their names in the contract, as the key file writes them.</summary>
internal static class FacilityNames
{
    public static string Of(Facility.Types.Level level) => Name("Level", (int)level);

    public static string Of(Facility.Types.Kind kind) => Name("Kind", (int)kind);

    private static string Name(string enumeration, int number) =>
        Facility.Descriptor.FindDescriptor<EnumDescriptor>(enumeration).FindValueByNumber(number)?.Name
        ?? throw new InvalidDataException($"The registry holds {enumeration} {number}, which the contract does not know.");
}
