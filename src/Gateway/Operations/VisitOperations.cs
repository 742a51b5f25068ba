using System.Security.Cryptography;
using System.Text;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Refusals;
using Settlement.Visits;

namespace Settlement.Gateway.Operations;

/// <summary>
/// What facilities report of their visits before they settle them. A facility reaches its own visits only: its code is part of their
/// key.
/// </summary>
public sealed class VisitOperations(IGrainFactory grains)
{
    private const int IdBytes = 14;

    /// <summary>
    /// The id of a visit that a message opens: always the same for the same message, so that a repeat opens the same visit. 28
    /// characters (<c>mdtrt_id</c> is C30).
    /// </summary>
    public static string IdFor(string facility, string messageId) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"visit {facility} {messageId}")).AsSpan(0, IdBytes));

    /// <summary>Records a report of the caller's own visit, durably.</summary>
    /// <returns>The report as kept: a repeat of its message id gets the first one.</returns>
    /// <exception cref="RefusalException">INVALID_FIELD, NOT_FOUND, VISIT_CONFLICT, REQUEST_CONFLICT, TOTALS_DO_NOT_ADD_UP,
    /// LEDGER_UNAVAILABLE.</exception>
    public async Task<VisitReport> Report(string visitId, VisitReport report, Caller caller)
    {
        caller.Require(Scope.Settle);
        Check.Id("messageId", report.MessageId);
        Check.Person(report.Person);
        Reply<VisitReport> reply = await Visit(visitId, caller).Report(new Immutable<VisitReport>(report));
        return SettlementOperations.Value(reply);
    }

    /// <summary>The report as kept that this one repeats; null when its message id is new.</summary>
    /// <exception cref="RefusalException">REQUEST_CONFLICT: it was kept with other content. LEDGER_UNAVAILABLE.</exception>
    public async Task<VisitReport?> FindRepeated(string visitId, VisitReport report, Caller caller)
    {
        caller.Require(Scope.Settle);
        Check.Id("messageId", report.MessageId);
        Reply<VisitReport> reply = await Visit(visitId, caller).FindRepeated(new Immutable<VisitReport>(report));
        return reply.Refusal is { Code: RefusalCodes.NotFound } ? null : SettlementOperations.Value(reply);
    }

    /// <summary>The caller's own visit as it is known; null when nothing was reported of it.</summary>
    public async Task<VisitState?> Find(string visitId, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        Reply<VisitState> reply = await Visit(visitId, caller).Read();
        return reply.Refusal is { Code: RefusalCodes.NotFound } ? null : SettlementOperations.Value(reply);
    }

    private IVisitGrain Visit(string visitId, Caller caller)
    {
        Check.Id("visitId", visitId);
        return grains.GetGrain<IVisitGrain>(FacilityKey.Of(FacilityFacts.Acting(caller, ""), visitId));
    }
}
