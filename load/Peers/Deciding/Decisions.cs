using System.Collections.Immutable;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using Claim = Settlement.Policy.Claim;
using Fact = Settlement.Policy.Fact;

namespace Settlement.Peers.Deciding;

/// <summary>
/// What the product decides, for peers that keep it in other ways: the same rules, the same sealed entry with the same bytes, the same
/// answer. Where and when it becomes durable is the peer's own.
/// </summary>
internal sealed class Decisions(Adjudicator adjudicator, TimeProvider time)
{
    /// <summary>Registers a person of whom nothing is known.</summary>
    public Decided<RecordResponse> Register(RegisterRequest request)
    {
        int region = ClaimMapping.Division(request.Region);
        ImmutableArray<Fact> facts = [new BirthFact(Dates.Day(request.BirthDate)), .. request.Facts.Select(FactMapping.ToPolicy)];
        return Decide(PersonHead.Unknown, new RecordChange
        {
            Origin = Reversals.Agency,
            RequestId = request.RequestId,
            Event = EventCodec.Encode(new FactsRecorded(region, facts)),
            IsRegistration = true,
            Adjudicator = adjudicator,
            Person = request.Person,
            Region = region,
            Facts = facts,
        });
    }

    /// <summary>Settles a claim on what is known of the person.</summary>
    public Decided<SettleAnswer> Settle(SettleRequest request, PersonHead head)
    {
        Claim claim = ClaimMapping.ToPolicy(request.Claim);
        return Decide(head, new SettleChange
        {
            Origin = claim.Facility.Code,
            RequestId = request.RequestId,
            Event = EventCodec.Encode(new ClaimSettled(claim)),
            ChargeKey = LedgerKey.ForCharge(claim.Facility.Code, request.VisitId, request.ChargeBatch),
            Adjudicator = adjudicator,
            Request = request,
            Claim = claim,
        });
    }

    private Decided<TAnswer> Decide<TAnswer>(PersonHead head, Change<TAnswer> change)
        where TAnswer : class
    {
        Change<TAnswer>.Proposal proposal = change.Propose(head, time.GetUtcNow());
        return proposal.Refusal is { } refusal
            ? new Decided<TAnswer>(null, head, refusal)
            : new Decided<TAnswer>(
                proposal.Entry, new PersonHead(proposal.Entry!.Sequence, proposal.Entry.Hash, proposal.After!), proposal.Answer!);
    }
}

/// <summary>
/// A decision: the entry to be kept, the person's head after it, and the answer; or no entry, the head as it was, and the refusal.
/// </summary>
internal readonly record struct Decided<TAnswer>(LedgerEntry? Entry, PersonHead After, Reply<TAnswer> Reply)
    where TAnswer : class;
