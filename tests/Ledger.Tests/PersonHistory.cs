using System.Text;

namespace Settlement.Ledger.Tests;

/// <summary>Makes the entries of one person, each following the one before.</summary>
internal sealed class PersonHistory(string person, LedgerEntry? newest = null)
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public string Person { get; } = person;

    /// <summary>Who asks.</summary>
    public string Origin { get; init; } = "H21010500001";

    /// <summary>The time that entries are given; each a minute after the one before when null.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    public LedgerEntry? Newest { get; private set; } = newest;

    /// <summary>A settlement of 100.00 yuan that follows the newest entry, which it becomes.</summary>
    public LedgerEntry Settle(string requestId, LedgerKey? charge = null, int generation = 0, string content = "settled")
    {
        Newest = Build(LedgerEntryKind.Settlement, requestId, charge, generation, null, content);
        return Newest;
    }

    /// <summary>A reversal of an earlier entry that follows the newest one.</summary>
    public LedgerEntry Reverse(int sequence, string requestId)
    {
        Newest = Build(LedgerEntryKind.Reversal, requestId, null, 0, sequence, "reversed");
        return Newest;
    }

    /// <summary>The entry that closes a correction and follows the newest one.</summary>
    public LedgerEntry Close(string requestId)
    {
        Newest = Build(LedgerEntryKind.Correction, requestId, null, 0, null, "corrected");
        return Newest;
    }

    /// <summary>The void of a request that never arrived; follows the newest entry, or is the first.</summary>
    public LedgerEntry Void(string requestId)
    {
        Newest = Build(LedgerEntryKind.Void, requestId, null, 0, null, "voided");
        return Newest;
    }

    /// <summary>Forgets what came after an entry: the next one follows it.</summary>
    public void ReturnTo(LedgerEntry? entry) => Newest = entry;

    private LedgerEntry Build(LedgerEntryKind kind, string requestId, LedgerKey? charge, int generation, int? reverses, string content)
    {
        int sequence = (Newest?.Sequence ?? 0) + 1;
        long unit = kind is LedgerEntryKind.Correction or LedgerEntryKind.Void ? 0 : 1_00;
        return new LedgerEntry
        {
            PersonId = Person,
            Sequence = sequence,
            Kind = kind,
            Origin = Origin,
            RequestId = requestId,
            RequestKey = LedgerKey.ForRequest(Origin, requestId),
            ChargeKey = charge,
            ChargeGeneration = generation,
            BenefitYear = 2026,
            EffectiveDate = new DateOnly(2026, 6, 15),
            VisitType = 21,
            Region = 210100,
            PackKey = 42,
            Reverses = reverses,
            Total = 100 * unit,
            Pooled = 60 * unit,
            SeriousIllness = 10 * unit,
            AssistanceBasic = 5 * unit,
            PersonPays = 25 * unit,
            Event = Encoding.UTF8.GetBytes($"{content} event {sequence}"),
            Answer = Encoding.UTF8.GetBytes($"{content} answer {sequence}"),
            AccountAfter = Encoding.UTF8.GetBytes($"{content} account {sequence}"),
            RecordedAt = RecordedAt ?? Noon.AddMinutes(sequence),
            PreviousHash = Newest?.Hash ?? LedgerHash.Zero,
        }.Seal();
    }
}
