using Settlement.Identity;

namespace Settlement.Gateway.Identity;

/// <summary>Who sent a request.</summary>
/// <param name="Role">Facility or agency.</param>
/// <param name="KeyId">Public id of the key used.</param>
/// <param name="Facility">What is registered of the calling facility; null for the agency.</param>
public sealed record Caller(Role Role, string KeyId, RegisteredFacility? Facility)
{
    /// <summary>A caller on the loopback interface of a gateway started with <c>Insecure</c>.</summary>
    public static Caller Insecure { get; } = new(Role.Agency, "insecure", null);

    /// <summary>Whether the caller is the agency.</summary>
    public bool IsAgency => Role == Role.Agency;
}
