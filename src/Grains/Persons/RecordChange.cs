using System.Collections.Immutable;
using Google.Protobuf;
using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;
using Fact = Settlement.Policy.Fact;

namespace Settlement.Persons;

/// <summary>Registering a person, or adding facts to one.</summary>
internal sealed class RecordChange : MessageChange<RecordResponse>
{
    private const int Page = 1_000;
    private readonly List<(LedgerKey Id, DateOnly CareDate)> concerned = [];

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

    // The first day that an end leaves out; null when no membership ends.
    private DateOnly? FirstLeft => Facts.OfType<GroupEndFact>().Select(static end => (DateOnly?)end.To.AddDays(1)).Min();

    /// <summary>An end in the past may concern what was settled since.</summary>
    public override bool ReadsHistory => FirstLeft is not null;

    /// <summary>Reads the settlements that stand and may have counted a membership on a day that an end leaves out.</summary>
    public override async ValueTask Prepare(ILedgerStore store)
    {
        concerned.Clear();
        if (FirstLeft is not { } firstLeft) return;
        HashSet<int> reversed = [];
        for (int? before = null; ;)
        {
            IReadOnlyList<LedgerEntry> entries = await store.ReadPersonNewestFirstAsync(Person, before, Page);
            foreach (LedgerEntry entry in entries)
            {
                // Newest first: what takes an entry back is seen before it.
                if (entry.Reverses is { } taken) reversed.Add(taken);
                if (entry.Kind != LedgerEntryKind.Settlement || reversed.Contains(entry.Sequence)) continue;
                DateOnly day = CorrectionHistory.ClaimOf(entry).CareDate;
                if (day >= firstLeft) concerned.Add((entry.RequestKey, day));
            }

            if (entries.Count < Page) break;
            before = entries[^1].Sequence;
        }

        concerned.Reverse();
    }

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (head.IsRegistered == IsRegistration) return IsRegistration ? Refuse.AlreadyRegistered : Refuse.NotRegistered;
        int sequence = head.Sequence + 1;
        RecordOutcome outcome = Adjudicator.Record(head.Account, Facts.AsSpan(), Region, sequence);
        if (outcome.Refusal is { } refusal) return RefusalMapping.ToInfo(refusal);

        RecordResponse answer = new() { Person = Person, Sequence = sequence, RequestId = RequestId };
        PersonFacts known = head.Account.Facts;
        PersonFacts after = outcome.After!.Facts;
        answer.SettlementsToCorrect.Add(concerned
            .Where(settled => known.GroupsOn(settled.CareDate) != after.GroupsOn(settled.CareDate))
            .Select(settled => settled.Id.ToString()));
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
