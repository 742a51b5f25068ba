using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Visits;

/// <summary>One visit of a facility before it is settled, by <see cref="VisitKey"/>: keeps what was reported of it, durably. It moves no account.</summary>
[Alias("settlement.visit")]
public interface IVisitGrain : IGrainWithStringKey
{
    /// <summary>Records a report, at most once for its message id, and answers when it is durable.</summary>
    /// <returns>The report as it is kept, with the parts of each charge worked out; a repeat gets the first one.</returns>
    [Alias("report")]
    Task<Reply<VisitReport>> Report(Immutable<VisitReport> report);

    /// <summary>The visit as its reports leave it.</summary>
    [Alias("get")]
    Task<Reply<VisitState>> Get();
}

/// <summary>The key of a visit's grain: facility and visit id, neither of which holds a blank.</summary>
public static class VisitKey
{
    /// <summary>The key of a visit.</summary>
    public static string Of(string facility, string visitId) => $"{facility} {visitId}";

    /// <summary>Facility and visit id of a key.</summary>
    public static (string Facility, string VisitId) Parse(string key)
    {
        int blank = key.IndexOf(' ', StringComparison.Ordinal);
        return (key[..blank], key[(blank + 1)..]);
    }
}
