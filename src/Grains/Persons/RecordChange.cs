using System.Collections.Immutable;
using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;
using Fact = Settlement.Policy.Fact;

namespace Settlement.Persons;

/// <summary>Registering a person, or adding facts to one.</summary>
internal sealed class RecordChange : MessageChange<RecordResponse>
{
    /// <inheritdoc/>
    public override LedgerEntryKind Kind => IsRegistration ? LedgerEntryKind.Registration : LedgerEntryKind.Facts;

    /// <summary>Whether the person becomes known by this.</summary>
    public required bool IsRegistration { get; init; }

    /// <summary>The rules.</summary>
    public required Adjudicator Adjudicator { get; init; }

    /// <summary>The person.</summary>
    public required string Person { get; init; }

    /// <summary>Region whose rules check the facts.</summary>
    public required int Region { get; init; }

    /// <summary>The facts.</summary>
    public required ImmutableArray<Fact> Facts { get; init; }

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (head.IsRegistered == IsRegistration) return IsRegistration ? Refuse.AlreadyRegistered : Refuse.NotRegistered;
        int sequence = head.Sequence + 1;
        RecordOutcome outcome = Adjudicator.Record(head.Account, Facts.AsSpan(), Region, sequence);
        if (outcome.Refusal is { } refusal) return RefusalMapping.ToInfo(refusal);

        RecordResponse answer = new() { Person = Person, Sequence = sequence, RequestId = RequestId };
        DateOnly today = Dates.DayOf(now);
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
            Region = Region,
            PackKey = Adjudicator.Catalogue.Find(Region)?.PackKey ?? 0,
            Event = Event,
            Answer = answer.ToByteArray(),
            AccountAfter = AccountCodec.Encode(outcome.After!),
            RecordedAt = now,
            PreviousHash = head.Hash,
        };
        return new Proposal(entry.Seal(), outcome.After, answer, null);
    }
}
