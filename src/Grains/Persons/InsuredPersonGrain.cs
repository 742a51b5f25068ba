using System.Collections.Immutable;
using System.Diagnostics;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;
using Claim = Settlement.Policy.Claim;
using Fact = Settlement.Policy.Fact;
using Scheme = Settlement.Contract.Scheme;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Persons;

/// <summary>
/// One insured person. Reentrant, so that the next request is decided while the last one's entry is still being written;
/// turns never overlap, so a decision and its append are one step (see <see cref="PersonLedger"/>).
/// </summary>
[Reentrant, ResourceOptimizedPlacement]
public sealed class InsuredPersonGrain(
    IGrainContext context, Adjudicator adjudicator, ILedgerStore store, LedgerWriter writer, TimeProvider time)
    : IGrainBase, IInsuredPersonGrain
{
    private PersonLedger? ledger;

    /// <inheritdoc/>
    public IGrainContext GrainContext => context;

    private string Person => this.GetPrimaryKeyString();

    private PersonLedger Ledger => ledger ??= new PersonLedger(Person, store, writer, time);

    /// <inheritdoc/>
    public async Task<Reply<QuoteResponse>> Quote(Immutable<QuoteRequest> request, SettlerTerms terms)
    {
        if (await Load() is { } refusal) return refusal;
        if (Refuse.WithoutContract(terms, Dates.Day(request.Value.Claim.DischargeDate)) is { } barred) return barred;
        PersonHead durable = Ledger.Durable;
        Decision decision = adjudicator.Settle(durable.Account, ClaimMapping.ToPolicy(request.Value.Claim), durable.Sequence + 1);
        if (decision is Policy.Refusal refused) return RefusalMapping.ToInfo(refused);
        SettlementResult result = ResultEncoding.Quote(Person, (Adjudication)decision, durable.Account, adjudicator.Catalogue);
        return new QuoteResponse { Result = result };
    }

    /// <inheritdoc/>
    public Task<Reply<SettleAnswer>> Settle(Immutable<SettleRequest> request, SettlerTerms terms)
    {
        SettleRequest settle = request.Value;
        Claim claim = ClaimMapping.ToPolicy(settle.Claim);
        return Commit(new SettleChange
        {
            Origin = claim.SettledBy,
            RequestId = settle.RequestId,
            Event = EventCodec.Encode(new ClaimSettled(claim)),
            // Also of what is reimbursed by hand: a charge settled at the counter is not paid again.
            ChargeKey = LedgerKey.ForCharge(claim.Facility.Code, settle.VisitId, settle.ChargeBatch),
            Adjudicator = adjudicator,
            Request = settle,
            Claim = claim,
            Terms = terms,
        });
    }

    /// <inheritdoc/>
    public Task<Reply<ReverseResponse>> Reverse(Immutable<ReverseRequest> request)
    {
        ReverseRequest reverse = request.Value;
        string by = reverse.Facility.Length > 0 ? reverse.Facility : Reversals.Agency;
        return Commit(new ReverseChange
        {
            Origin = by,
            RequestId = reverse.RequestId,
            Adjudicator = adjudicator,
            Person = Person,
            SettlementId = reverse.SettlementId,
        });
    }

    /// <inheritdoc/>
    public async Task<Reply<VoidResponse>> Void(Immutable<VoidRequest> request)
    {
        string origin = request.Value.Facility.Length > 0 ? request.Value.Facility : Reversals.Agency;
        Reply<VoidResponse> reply = await new RequestVoiding(Person, Ledger, store, adjudicator).VoidAsync(origin, request.Value.RequestId);
        LetGoIfUnknown();
        return reply;
    }

    /// <inheritdoc/>
    public Task<Reply<AssistLaterResponse>> AssistLater(Immutable<AssistLaterRequest> request) => Commit(new AssistLaterChange
    {
        Origin = Reversals.Agency,
        RequestId = request.Value.RequestId,
        Adjudicator = adjudicator,
        Person = Person,
        SettlementId = request.Value.SettlementId,
    });

    /// <inheritdoc/>
    public Task<Reply<GrantForIllnessResponse>> GrantForIllness(Immutable<GrantForIllnessRequest> request) => Commit(new GrantChange
    {
        Origin = Reversals.Agency,
        RequestId = request.Value.RequestId,
        Adjudicator = adjudicator,
        Person = Person,
        Region = ClaimMapping.Division(request.Value.Region),
        AppliedOn = Dates.Day(request.Value.ApplicationDate),
    });

    /// <inheritdoc/>
    public Task<Reply<CorrectResponse>> Correct(Immutable<CorrectRequest> request)
    {
        CorrectRequest correct = request.Value;
        CorrectChange change = new()
        {
            Origin = Reversals.Agency,
            RequestId = correct.RequestId,
            Adjudicator = adjudicator,
            Person = Person,
            SettlementId = correct.SettlementId,
            Replacement = correct.Claim is { } claim ? ClaimMapping.ToPolicy(claim) : null,
            Reason = correct.Reason,
            Preview = correct.Preview,
        };
        return correct.Preview ? Ledger.Preview(change) : Commit(change);
    }

    /// <inheritdoc/>
    public Task<Reply<RecordResponse>> Register(Immutable<RegisterRequest> request)
    {
        RegisterRequest register = request.Value;
        ImmutableArray<Fact> facts = [new BirthFact(Dates.Day(register.BirthDate)), .. register.Facts.Select(FactMapping.ToPolicy)];
        return Commit(Recorded(register.RequestId, register.Region, facts, isRegistration: true));
    }

    /// <inheritdoc/>
    public Task<Reply<RecordResponse>> Record(Immutable<RecordRequest> request)
    {
        RecordRequest record = request.Value;
        return Commit(Recorded(record.RequestId, record.Region, [.. record.Facts.Select(FactMapping.ToPolicy)], isRegistration: false));
    }

    /// <inheritdoc/>
    public async Task<Reply<GetCoverageResponse>> GetCoverage(Immutable<GetCoverageRequest> request)
    {
        if (await Load() is { } refusal) return refusal;
        Policy.Scheme scheme = request.Value.Scheme == Scheme.Types.Kind.Employee ? Policy.Scheme.Employee : Policy.Scheme.Resident;
        CoverageOutcome outcome = adjudicator.Coverage(
            Ledger.Durable.Account, ClaimMapping.Division(request.Value.Region), scheme, request.Value.Year);
        if (outcome.Refusal is { } refused) return RefusalMapping.ToInfo(refused);
        return new GetCoverageResponse { From = Dates.Text(outcome.Interval.From), To = Dates.Text(outcome.Interval.To) };
    }

    /// <inheritdoc/>
    public async Task<Reply<CheckDepositResponse>> CheckDeposit(Immutable<CheckDepositRequest> request, SettlerTerms terms)
    {
        if (await Load() is { } refusal) return refusal;
        if (Refuse.WithoutContract(terms, Dates.Day(request.Value.Claim.DischargeDate)) is { } barred) return barred;
        bool waived = adjudicator.DepositWaived(Ledger.Durable.Account, ClaimMapping.ToPolicy(request.Value.Claim));
        return new CheckDepositResponse { Waived = waived };
    }

    /// <inheritdoc/>
    public async Task<Reply<GetAccountResponse>> GetAccount()
    {
        if (await Load() is { } refusal) return refusal;
        PersonHead durable = Ledger.Durable;
        GetAccountResponse answer = new() { Person = Person, Sequence = durable.Sequence };
        answer.Counters.AddRange(AccountMapping.Counters(durable.Account));
        answer.Alerts.AddRange(AlertMapping.Standing(durable.Account));
        return answer;
    }

    /// <inheritdoc/>
    public async Task<Reply<GetLimitsResponse>> GetLimits(Immutable<GetLimitsRequest> request)
    {
        if (await Load() is { } refusal) return refusal;
        GetLimitsRequest asked = request.Value;
        PersonHead durable = Ledger.Durable;
        DateOnly on = Dates.DayOrNull(asked.On) ?? Dates.DayOf(time.GetUtcNow());
        Policy.Scheme scheme = ClaimMapping.ToPolicy(asked.Scheme);
        PersonLimitsOutcome outcome = PersonLimits.Of(
            adjudicator.Catalogue, durable.Account, ClaimMapping.Division(asked.Region), scheme, on);
        if (outcome.Refusal is { } refused) return RefusalMapping.ToInfo(refused);
        GetLimitsResponse answer = new() { Person = Person, Sequence = durable.Sequence, BenefitYear = outcome.Year, On = Dates.Text(on) };
        answer.Limits.AddRange(outcome.Limits.Select(limit => AccountMapping.ToWire(limit, outcome.Pack!, scheme, on)));
        return answer;
    }

    /// <inheritdoc/>
    public Task<Reply<SettlementView>> GetSettlement(string settlementId, string language) =>
        new SettlementHistory(Person, store, adjudicator.Catalogue).Get(settlementId, language);

    /// <inheritdoc/>
    public Task<Reply<ListSettlementsResponse>> ListSettlements(Immutable<ListSettlementsRequest> request) =>
        new SettlementHistory(Person, store, adjudicator.Catalogue).List(request.Value);

    /// <inheritdoc/>
    public Task<bool> IsInProgress(string facility, string requestId) =>
        Task.FromResult(Ledger.IsInProgress(LedgerKey.ForRequest(facility, requestId)));

    private RecordChange Recorded(string requestId, string region, ImmutableArray<Fact> facts, bool isRegistration)
    {
        int division = ClaimMapping.Division(region);
        return new RecordChange
        {
            Origin = Reversals.Agency,
            RequestId = requestId,
            Event = EventCodec.Encode(new FactsRecorded(division, facts)),
            IsRegistration = isRegistration,
            Adjudicator = adjudicator,
            Person = Person,
            Region = division,
            Facts = facts,
        };
    }

    /// <summary>
    /// A change that nobody traces, of a person who is known, goes straight to the ledger: each await on the way costs some of a turn.
    /// </summary>
    private Task<Reply<TAnswer>> Commit<TAnswer>(Change<TAnswer> change)
        where TAnswer : class => Ledger.IsRegistered && !GrainTraces.IsTraced ? Ledger.Commit(change) : CommitWatched(change);

    private async Task<Reply<TAnswer>> CommitWatched<TAnswer>(Change<TAnswer> change)
        where TAnswer : class
    {
        using Activity? span = GrainTraces.StartCommit(change.GetType().Name);
        Reply<TAnswer> reply = await Ledger.Commit(change);
        span?.Answered(reply.Refusal);
        if (reply.Refusal is not null) LetGoIfUnknown();
        return reply;
    }

    private async Task<RefusalInfo?> Load()
    {
        if (await Ledger.LoadNewest() is { } unavailable) return unavailable;
        if (Ledger.IsRegistered) return null;
        LetGoIfUnknown();
        return Refuse.NotRegistered;
    }

    /// <summary>Asking for persons who do not exist must not fill the memory with activations.</summary>
    private void LetGoIfUnknown()
    {
        if (!Ledger.IsRegistered) this.DeactivateOnIdle();
    }
}
