using System.Collections.Immutable;
using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>The one-off grant for a person impoverished by illness, over the settlements that stand in its window.</summary>
internal sealed class GrantChange : MessageChange<GrantForIllnessResponse>
{
    private const int Page = 1_000;
    private ImmutableArray<GrantSettlement> standing = [];
    private DetachedPart? detached;

    /// <inheritdoc/>
    public override LedgerEntryKind Kind => LedgerEntryKind.Grant;

    /// <inheritdoc/>
    public override bool ReadsHistory => true;

    /// <summary>The rules.</summary>
    public required Adjudicator Adjudicator { get; init; }

    /// <summary>The person.</summary>
    public required string Person { get; init; }

    /// <summary>Region whose grant it is.</summary>
    public required int Region { get; init; }

    /// <summary>Day of the application.</summary>
    public required DateOnly AppliedOn { get; init; }

    /// <summary>Reads the settlements that stand, with assistance claimed later for them.</summary>
    public override async ValueTask Prepare(ILedgerStore store)
    {
        StandingSettlements settlements = new();
        for (int from = 1; ;)
        {
            IReadOnlyList<LedgerEntry> entries = await store.ReadPersonAsync(Person, from, Page);
            foreach (LedgerEntry entry in entries)
                settlements.Add(entry.Sequence, EventCodec.Decode(entry.Event.Span), StoredResult.AmountsOf(entry));
            if (entries.Count < Page) break;
            from = entries[^1].Sequence + 1;
        }

        standing = settlements.ToImmutable();
        detached = await store.ReadDetachedPartAsync(Person);
    }

    /// <inheritdoc/>
    public override bool IsRepeatOf(LedgerEntry entry, string person) =>
        entry.Kind == Kind && entry.PersonId == person && EventCodec.Decode(entry.Event.Span) is GrantPaid { Grant: var grant }
        && (grant.AppliedOn, grant.Region) == (AppliedOn, Region);

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (!head.IsRegistered) return Refuse.NotRegistered;
        int sequence = head.Sequence + 1;
        Decision decision = Adjudicator.Grant(head.Account, new GrantApplication(AppliedOn, Region, standing), sequence);
        if (decision is Policy.Refusal refusal) return RefusalMapping.ToInfo(refusal);

        IllnessGrant granted = (IllnessGrant)decision;
        // What was discharged before a period was closed may be in it.
        if (detached is { } part && granted.Window.From <= Dates.DayOf(part.ClosedAt)) return Refuse.PeriodDetached(part.Period);
        GrantForIllnessResponse answer = new()
        {
            GrantId = RequestKey.ToString(),
            RequestId = RequestId,
            Person = Person,
            Sequence = sequence,
            GrantedAt = Dates.Text(now),
            BurdenBasic = granted.BurdenBasic,
            BurdenTilt = granted.BurdenTilt,
            GrantBasic = granted.Grant.Basic,
            GrantTilt = granted.Grant.Tilt,
        };
        foreach (RuleStep step in granted.Steps) answer.Steps.Add(StepMapping.ToWire(step));
        LedgerEntry entry = new()
        {
            PersonId = Person,
            Sequence = sequence,
            Kind = Kind,
            Origin = Origin,
            RequestId = RequestId,
            RequestKey = RequestKey,
            BenefitYear = AppliedOn.Year,
            EffectiveDate = AppliedOn,
            Region = Region,
            PackKey = granted.PackKey,
            Total = granted.Grant.Basic + granted.Grant.Tilt,
            AssistanceBasic = granted.Grant.Basic,
            AssistanceTilt = granted.Grant.Tilt,
            Event = EventCodec.Encode(new GrantPaid(granted.Grant, granted.BurdenBasic, granted.BurdenTilt)),
            Answer = answer.ToByteArray(),
            AccountAfter = AccountCodec.Encode(granted.After),
            RecordedAt = now,
            PreviousHash = head.Hash,
        };
        return new Proposal(entry.Seal(), granted.After, answer, null);
    }
}
