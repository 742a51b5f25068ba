using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Registry;
using Settlement.Gateway.Refusals;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Identity;

/// <summary>
/// The facts of calling facilities, for keys that carry none. Records are held for a while: a facility at work is looked up in the
/// background every <see cref="Fresh"/>, so that settling makes no second grain call; one unheard of for <see cref="Stale"/> is looked
/// up before it is served. There are never more of them than keys.
/// </summary>
/// <remarks>When the registry does not answer, what was read last stays in force: it must not lock every hospital out.</remarks>
public sealed class FacilityRegistry(IGrainFactory grains, TimeProvider time, ILogger<FacilityRegistry> log)
{
    /// <summary>How long a record is used without a look at the registry.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>After how long it is no longer used before the registry was asked: a change holds everywhere within this time.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Held> held = [];

    /// <summary>The caller with what is registered of it; what the key itself says goes before.</summary>
    /// <param name="caller">Any caller.</param>
    /// <param name="dischargeDate">The day whose contract matters, as the claim writes it; an unreadable one is refused later.</param>
    /// <exception cref="RefusalException">FACILITY_REGISTRY_UNAVAILABLE: the facts are nowhere to be had.</exception>
    public async ValueTask<Caller> Complete(Caller caller, string? dischargeDate)
    {
        if (caller.Facility is not { } own || IsComplete(own)) return caller;
        FacilityRecord record = await Find(own.Code);
        return record.Version == 0 ? caller : caller with { Facility = Joined(own, record, dischargeDate) };
    }

    /// <summary>Takes a record that was just written.</summary>
    internal void Put(string code, FacilityRecord record)
    {
        if (held.ContainsKey(code)) held[code] = new Held(record, time.GetTimestamp());
    }

    /// <summary>Reads a record from the registry.</summary>
    /// <exception cref="RefusalException">FACILITY_REGISTRY_UNAVAILABLE.</exception>
    internal async Task<T> Ask<T>(string code, Func<IFacilityGrain, Task<T>> question)
    {
        try
        {
            return await question(grains.GetGrain<IFacilityGrain>(FacilityKey.Of(code)));
        }
        catch (Exception error) when (error is not RefusalException)
        {
            log.RegistryUnavailable(error, code);
            throw new RefusalException(new RefusalInfo(
                RefusalCodes.FacilityRegistryUnavailable,
                "The registry of facilities cannot be read or written now; what became of a change is told by reading it later.",
                "机构登记信息暂时无法访问，请稍后重试。",
                new Dictionary<string, string> { ["facility"] = code }));
        }
    }

    private static bool IsComplete(RegisteredFacility own) =>
        own.Level is not null && own.Kind is not null && own.Division is not null
            && (own.Designated is not null || own.ContractFrom is not null);

    private static RegisteredFacility Joined(RegisteredFacility own, FacilityRecord record, string? dischargeDate)
    {
        Facility known = record.Facility;
        ContractPeriod? contract = own.ContractFrom is null ? Contract(record, dischargeDate ?? "") : null;
        return own with
        {
            Level = own.Level ?? FacilityNames.Of(known.Level),
            Kind = own.Kind ?? FacilityNames.Of(known.Kind),
            Division = own.Division ?? known.Division,
            Designated = own.Designated ?? (record.Contracts.Count > 0 || own.ContractFrom is not null || known.Designated),
            AssistanceDesignated = own.AssistanceDesignated ?? known.AssistanceDesignated,
            ContractFrom = own.ContractFrom ?? Day(contract?.From),
            ContractTo = own.ContractFrom is null ? Day(contract?.To) : own.ContractTo,
        };
    }

    /// <summary>
    /// The period that holds on the day; where none does, the last that began before it, or else the first: what a refusal names.
    /// </summary>
    private static ContractPeriod? Contract(FacilityRecord record, string day) =>
        record.Contracts.LastOrDefault(period => string.CompareOrdinal(period.From, day) <= 0) ?? record.Contracts.FirstOrDefault();

    private static DateOnly? Day(string? text) => IsoDay.TryParse(text, out DateOnly day) ? day : null;

    private ValueTask<FacilityRecord> Find(string code)
    {
        if (!held.TryGetValue(code, out Held? known)) return new(Read(code, null));
        TimeSpan age = time.GetElapsedTime(known.ReadAt);
        if (age >= Stale) return new(Read(code, known));
        if (age >= Fresh && known.MayRefresh()) _ = Read(code, known);
        return new(known.Record);
    }

    private async Task<FacilityRecord> Read(string code, Held? known)
    {
        try
        {
            FacilityRecord record = (await Ask(code, static facility => facility.Read())).Value;
            held[code] = new Held(record, time.GetTimestamp());
            return record;
        }
        catch (RefusalException) when (known is not null)
        {
            held[code] = new Held(known.Record, time.GetTimestamp()); // logged; asked again after a while, not by every call
            return known.Record;
        }
    }

    /// <summary>A record as it was read; version 0 when the facility was not registered.</summary>
    private sealed class Held(FacilityRecord record, long readAt)
    {
        private int refreshing;

        public FacilityRecord Record => record;

        public long ReadAt => readAt;

        /// <summary>True for the first who asks.</summary>
        public bool MayRefresh() => Interlocked.Exchange(ref refreshing, 1) == 0;
    }
}
