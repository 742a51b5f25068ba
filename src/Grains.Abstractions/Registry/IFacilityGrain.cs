using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Registry;

/// <summary>What the agency registered of one facility; <see cref="FacilityKey"/> makes the key of its code.</summary>
[Alias("settlement.facility")]
public interface IFacilityGrain : IGrainWithStringKey
{
    /// <summary>The record; version 0 when the facility is not registered.</summary>
    [Alias("read"), ReadOnly]
    Task<Immutable<FacilityRecord>> Read();

    /// <summary>Registers the facility; the same again is answered as before.</summary>
    [Alias("register")]
    Task<Reply<FacilityRecord>> Register(Immutable<RegisterFacilityRequest> request);

    /// <summary>Replaces a version of the record.</summary>
    [Alias("change")]
    Task<Reply<FacilityRecord>> Change(Immutable<ChangeFacilityRequest> request);
}

/// <summary>Keys of facilities' grains. The word before the code keeps Orleans from reading a code of digits as a number.</summary>
public static class FacilityKey
{
    /// <summary>The key of a facility code.</summary>
    public static string Of(string code) => "facility/" + code;
}
