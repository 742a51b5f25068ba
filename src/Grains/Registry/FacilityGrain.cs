using System.Globalization;
using Google.Protobuf.Collections;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Settlement.Contract;
using Settlement.Mapping;
using Settlement.Refusals;

namespace Settlement.Registry;

/// <summary>
/// One facility of the registry. Every call looks at the storage first: another silo that is not of this cluster may have written to
/// it, and a gateway asks seldom. A write that rests on a version which was replaced meanwhile is refused by the storage.
/// </summary>
[ResourceOptimizedPlacement]
public sealed class FacilityGrain(
    [PersistentState(FacilityGrain.StateName, FacilityGrain.Storage)] IPersistentState<FacilityRecord> state, TimeProvider time)
    : Grain, IFacilityGrain
{
    /// <summary>Name of the storage that keeps the records.</summary>
    public const string Storage = "registry";

    /// <summary>Name of the state in it.</summary>
    public const string StateName = "facility";

    /// <inheritdoc/>
    public async Task<Immutable<FacilityRecord>> Read()
    {
        await state.ReadStateAsync();
        return new Immutable<FacilityRecord>(state.State);
    }

    /// <inheritdoc/>
    public async Task<Reply<FacilityRecord>> Register(Immutable<RegisterFacilityRequest> request)
    {
        RegisterFacilityRequest wanted = request.Value;
        await state.ReadStateAsync();
        if (IsRecorded(wanted.Facility, wanted.Contracts)) return state.State;
        if (state.RecordExists)
        {
            return new RefusalInfo(
                RefusalCodes.FacilityRegistered,
                $"Facility '{wanted.Facility.Code}' is registered with other facts, at version {state.State.Version}: change it by that version.",
                $"机构{wanted.Facility.Code}已登记且内容不同（版本{state.State.Version}），请按版本变更。",
                Details(wanted.Facility.Code));
        }

        return await Write(wanted.Facility, wanted.Contracts);
    }

    /// <inheritdoc/>
    public async Task<Reply<FacilityRecord>> Change(Immutable<ChangeFacilityRequest> request)
    {
        ChangeFacilityRequest wanted = request.Value;
        await state.ReadStateAsync();
        if (!state.RecordExists)
        {
            return new RefusalInfo(
                RefusalCodes.NotFound,
                $"Facility '{wanted.Facility.Code}' is not registered.",
                $"机构{wanted.Facility.Code}尚未登记。",
                new Dictionary<string, string> { ["facility"] = wanted.Facility.Code });
        }

        // Sent again after its answer was lost, a change finds itself done.
        if (IsRecorded(wanted.Facility, wanted.Contracts)) return state.State;
        if (wanted.Version != 0 && wanted.Version != state.State.Version)
        {
            return new RefusalInfo(
                RefusalCodes.FacilityVersionConflict,
                $"Facility '{wanted.Facility.Code}' is at version {state.State.Version}, the change rests on version {wanted.Version}: read it and decide anew.",
                $"机构{wanted.Facility.Code}当前为版本{state.State.Version}，而变更基于版本{wanted.Version}，请重新读取后再变更。",
                Details(wanted.Facility.Code));
        }

        return await Write(wanted.Facility, wanted.Contracts);
    }

    private async Task<FacilityRecord> Write(Facility facility, RepeatedField<ContractPeriod> contracts)
    {
        FacilityRecord before = state.State;
        state.State = new FacilityRecord
        {
            Facility = facility, Contracts = { contracts }, Version = before.Version + 1, ChangedAt = Dates.Text(time.GetUtcNow()),
        };
        try
        {
            await state.WriteStateAsync();
            return state.State;
        }
        catch
        {
            state.State = before; // whether it was written is not known: the next call reads it
            throw;
        }
    }

    private bool IsRecorded(Facility facility, RepeatedField<ContractPeriod> contracts) =>
        state.RecordExists && facility.Equals(state.State.Facility) && contracts.Equals(state.State.Contracts);

    private Dictionary<string, string> Details(string code) =>
        new() { ["facility"] = code, ["version"] = state.State.Version.ToString(CultureInfo.InvariantCulture) };
}
