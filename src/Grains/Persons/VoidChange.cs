using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;

namespace Settlement.Persons;

/// <summary>
/// Taking the key of a request that made no entry, so that it makes none any more. The entry bears the request's own id: the database lets
/// one of the two have it, whoever comes first.
/// </summary>
internal sealed class VoidChange : MessageChange<VoidResponse>
{
    private LedgerEntry? accepted;

    /// <inheritdoc/>
    public override LedgerEntryKind Kind => LedgerEntryKind.Void;

    /// <summary>The person named in the request; need not be registered.</summary>
    public required string Person { get; init; }

    /// <summary>
    /// Looks whether the request made an entry: voiding what arrived is common, and a refused append would cost the person a reload.
    /// </summary>
    public override async ValueTask Prepare(ILedgerStore store) => accepted = await store.ReadByRequestAsync(RequestKey);

    /// <summary>A void is the same void whatever person it names: the request id knows none.</summary>
    public override bool IsRepeatOf(LedgerEntry entry, string person) => entry.Kind == Kind;

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (accepted is not null) return Refuse.RequestConflict(Origin, RequestId);
        int sequence = head.Sequence + 1;
        DateOnly today = Dates.DayOf(now);
        Account after = Voids.After(head.Account, sequence);
        VoidResponse answer = new()
        {
            State = VoidResponse.Types.State.NeverSettles,
            RequestId = RequestId,
            Person = Person,
            Sequence = sequence,
            VoidedAt = Dates.Text(now),
        };
        LedgerEntry entry = new()
        {
            PersonId = Person,
            Sequence = sequence,
            Kind = Kind,
            Origin = Origin,
            RequestId = RequestId,
            RequestKey = RequestKey,
            BenefitYear = today.Year,
            EffectiveDate = today,
            Region = 0,
            PackKey = 0,
            Event = EventCodec.Encode(new RequestVoided()),
            Answer = answer.ToByteArray(),
            AccountAfter = AccountCodec.Encode(after),
            RecordedAt = now,
            PreviousHash = head.Hash,
        };
        return new Proposal(entry.Seal(), after, answer, null);
    }
}
