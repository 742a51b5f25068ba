using Settlement.Gateway.Overload;
using Settlement.Gateway.Refusals;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Identity;

/// <summary>Who sent a request.</summary>
/// <param name="Role">Facility or agency.</param>
/// <param name="KeyId">Public id of the key or certificate used.</param>
/// <param name="Facility">What is registered of the calling facility; null for the agency.</param>
public sealed record Caller(Role Role, string KeyId, RegisteredFacility? Facility)
{
    /// <summary>What the key may be used for.</summary>
    public Scope Scopes { get; init; } = RoleScopes.All(Role);

    /// <summary>Where its operations are counted; null: nowhere.</summary>
    public FacilityLane? Lane { get; init; }

    /// <summary>Whether the caller is the agency.</summary>
    public bool IsAgency => Role == Role.Agency;

    /// <summary>Whom it speaks for, as the ledger names them.</summary>
    public string Holder => Facility?.Code ?? Origins.Agency;

    /// <summary>What binds the caller when it settles.</summary>
    public SettlerTerms Terms => Facility is { } own ? new SettlerTerms(true, own.ContractFrom, own.ContractTo) : SettlerTerms.Agency;

    /// <summary>Lets a key pass that has one of the scopes. Every operation begins with this or with <see cref="RequireAgency"/>.</summary>
    /// <exception cref="RefusalException">NOT_ALLOWED: it has none of them.</exception>
    public void Require(Scope anyOf)
    {
        if ((Scopes & anyOf) != 0) return;
        throw new RefusalException(new RefusalInfo(
            RefusalCodes.NotAllowed,
            $"The key '{KeyId}' may not be used for this: it needs the scope {RoleScopes.Names(anyOf)}.",
            "该密钥没有办理此业务的权限。",
            new Dictionary<string, string> { ["scope"] = RoleScopes.Names(anyOf) }));
    }

    /// <summary>Lets the agency pass, with a key that has the scope.</summary>
    /// <exception cref="RefusalException">NOT_ALLOWED: the caller is a facility, or the key lacks the scope.</exception>
    public void RequireAgency(string what, Scope scope = Scope.Agency)
    {
        if (!IsAgency)
            throw new RefusalException(new RefusalInfo(RefusalCodes.NotAllowed, $"Only the agency may {what}.", "只有经办机构可以办理此业务。"));
        Require(scope);
    }
}
