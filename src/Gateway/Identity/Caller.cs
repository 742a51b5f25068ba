using Settlement.Gateway.Refusals;
using Settlement.Identity;
using Settlement.Refusals;

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

    /// <summary>What binds the caller when it settles.</summary>
    public SettlerTerms Terms => Facility is { } own ? new SettlerTerms(true, own.ContractFrom, own.ContractTo) : SettlerTerms.Agency;

    /// <summary>Lets the agency pass.</summary>
    /// <exception cref="RefusalException">NOT_ALLOWED: the caller is a facility.</exception>
    public void RequireAgency(string what)
    {
        if (IsAgency) return;
        throw new RefusalException(new RefusalInfo(RefusalCodes.NotAllowed, $"Only the agency may {what}.", "只有经办机构可以办理此业务。"));
    }
}
