using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Visits;

/// <summary>
/// One visit of a facility before it is settled, by <see cref="FacilityKey"/>: keeps what was reported of it, durably. It moves no
/// account.
/// </summary>
[Alias("settlement.visit")]
public interface IVisitGrain : IGrainWithStringKey
{
    /// <summary>Records a report, at most once for its message id, and answers when it is durable.</summary>
    /// <returns>The report as it is kept, with the parts of each charge worked out; a repeat gets the first one.</returns>
    [Alias("report")]
    Task<Reply<VisitReport>> Report(Immutable<VisitReport> report);

    /// <summary>The report as it is kept that this one repeats, whatever the catalogue says by now; NOT_FOUND: its id is new.</summary>
    [Alias("find-repeated")]
    Task<Reply<VisitReport>> FindRepeated(Immutable<VisitReport> report);

    /// <summary>The visit as its reports leave it.</summary>
    [Alias("read")]
    Task<Reply<VisitState>> Read();
}

/// <summary>One file of a facility, by <see cref="FacilityKey"/> of facility and file id: kept durably, never changed.</summary>
[Alias("settlement.facility-file")]
public interface IFacilityFileGrain : IGrainWithStringKey
{
    /// <summary>Keeps a file. The same message with the same content changes nothing.</summary>
    [Alias("put")]
    Task<Reply<FacilityFile>> Put(Immutable<FacilityFile> file);

    /// <summary>The file.</summary>
    [Alias("read")]
    Task<Reply<FacilityFile>> Read();
}

/// <summary>The key of a visit's or file's grain: facility and id, neither of which holds a blank.</summary>
public static class FacilityKey
{
    /// <summary>The key of a visit or file.</summary>
    public static string Of(string facility, string id) => $"{facility} {id}";

    /// <summary>Facility and id of a key.</summary>
    public static (string Facility, string Id) Parse(string key)
    {
        int blank = key.IndexOf(' ', StringComparison.Ordinal);
        return (key[..blank], key[(blank + 1)..]);
    }
}
