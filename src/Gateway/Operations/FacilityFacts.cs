using Google.Protobuf.Reflection;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Operations;

/// <summary>
/// A facility settles as itself only, and with the facts the agency registered: what its claim leaves out is filled in, what differs
/// is refused. The agency settles for any facility with the facts it sends.
/// </summary>
internal static class FacilityFacts
{
    /// <summary>The facility code a request acts for.</summary>
    public static string Acting(Caller caller, string facility)
    {
        if (caller.Facility is not { } own || facility.Length == 0) return caller.Facility?.Code ?? facility;
        return own.Code == facility
            ? facility
            : throw new RefusalException(new RefusalInfo(
                RefusalCodes.NotAllowed,
                $"The key of facility '{own.Code}' may not act for facility '{facility}'.",
                $"机构{own.Code}的密钥不能代表机构{facility}。",
                new Dictionary<string, string> { ["facility"] = facility }));
    }

    /// <summary>Fills the claim's facility from what is registered with the caller's key.</summary>
    public static void Apply(Caller caller, Claim? claim)
    {
        if (claim is null || caller.Facility is not { } own) return;
        Facility facility = claim.Facility ??= new Facility();
        facility.Code = Acting(caller, facility.Code);
        if (own.Level is { } level)
            facility.Level = Same(
                "level", facility.Level, (Facility.Types.Level)Number(own, "Level", level), Facility.Types.Level.Unspecified);
        if (own.Kind is { } kind)
            facility.Kind = Same("kind", facility.Kind, (Facility.Types.Kind)Number(own, "Kind", kind), Facility.Types.Kind.Unspecified);
        if (own.Division is { } division) facility.Division = Same("division", facility.Division, division, "");
        // A recorded contract is what designation means; whether it holds on the day is the grain's to say.
        if ((own.Designated ?? (own.ContractFrom is null ? null : true)) is { } designated)
            facility.Designated = Same("designated", facility.Designated, designated, false);
        if (own.AssistanceDesignated is { } assistance)
            facility.AssistanceDesignated = Same("assistanceDesignated", facility.AssistanceDesignated, assistance, false);
    }

    private static T Same<T>(string field, T sent, T registered, T absent)
        where T : notnull
    {
        if (sent.Equals(absent) || sent.Equals(registered)) return registered;
        throw new RefusalException(new RefusalInfo(
            RefusalCodes.FacilityFactsDiffer,
            $"claim.facility.{field} is '{sent}', but the agency registered '{registered}'.",
            $"claim.facility.{field} 为“{sent}”，与经办机构登记的“{registered}”不一致。",
            new Dictionary<string,
            string> { ["field"] = $"claim.facility.{field}", ["value"] = $"{sent}", ["registered"] = $"{registered}" }));
    }

    // The key file is written by the CLI, which checks these names; a hand-edited one fails here with its place named.
    private static int Number(RegisteredFacility own, string enumeration, string name) =>
        Facility.Descriptor.FindDescriptor<EnumDescriptor>(enumeration).FindValueByName(name)?.Number
        ?? throw new InvalidDataException(
            $"The key file registers facility '{own.Code}' with {enumeration} '{name}', which the contract does not know.");
}
