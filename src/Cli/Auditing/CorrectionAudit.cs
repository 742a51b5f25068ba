using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>The entry that closes a correction: its report must be that of the entries before it, all of them and no others.</summary>
internal static class CorrectionAudit
{
    /// <summary>What of the answer is not that of the entries, or null.</summary>
    /// <param name="closing">The entry that closes the correction.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="earlier">The person's entries before it.</param>
    public static string? Differs(LedgerEntry closing, CorrectResponse answer, IReadOnlyDictionary<int, LedgerEntry> earlier)
    {
        if (answer.Person != closing.PersonId) return "person";
        if (answer.Sequence != closing.Sequence) return "sequence";
        if (answer.RequestId != closing.RequestId || answer.CorrectionId != closing.RequestKey.ToString())
            return "request or correction id";
        if (EventCodec.Decode(closing.Event.Span) is not SettlementsCorrected corrected) return "event";
        if (answer.Reason != corrected.Reason) return "reason";
        if (!earlier.TryGetValue((int)corrected.Wrong, out LedgerEntry? wrong) || answer.SettlementId != wrong.RequestKey.ToString())
            return "settlement";
        return Entries(closing, (int)corrected.First, answer, earlier);
    }

    private static string? Entries(LedgerEntry closing, int first, CorrectResponse answer, IReadOnlyDictionary<int, LedgerEntry> earlier)
    {
        Dictionary<string, LedgerEntry> reversals = [];
        Dictionary<string, LedgerEntry> made = [];
        for (int sequence = first; sequence < closing.Sequence; sequence++)
        {
            if (!earlier.TryGetValue(sequence, out LedgerEntry? entry) || CorrectionOf(entry) != answer.CorrectionId)
                return $"entry {sequence}";
            (entry.Kind == LedgerEntryKind.Reversal ? reversals : made).Add(entry.RequestKey.ToString(), entry);
        }

        // The entry before the first must not be of the correction: a report that leaves some out would hide what they paid.
        if (earlier.TryGetValue(first - 1, out LedgerEntry? outside) && CorrectionOf(outside) == answer.CorrectionId)
            return $"entry {first - 1}";
        Payments before = new();
        Payments after = new();
        foreach (CorrectedSettlement row in answer.Settlements)
        {
            if (!reversals.Remove(row.ReversalId, out LedgerEntry? reversal)
                || !earlier.TryGetValue(reversal.Reverses ?? 0, out LedgerEntry? reversed)
                    || reversed.RequestKey.ToString() != row.SettlementId)
                return $"reversal of {row.SettlementId}";
            LedgerEntry? replacement = null;
            if (row.ReplacedBy.Length > 0 && !made.Remove(row.ReplacedBy, out replacement)) return $"replacement of {row.SettlementId}";
            if (!row.Before.Equals(PaidBy(reversed)) || !row.After.Equals(replacement is null ? new Payments() : PaidBy(replacement)))
                return $"amounts of {row.SettlementId}";
            (before, after) = (Sum(before, row.Before), Sum(after, row.After));
        }

        if (reversals.Count + made.Count > 0) return "list of settlements";
        return answer.Before.Equals(before) && answer.After.Equals(after) ? null : "total";
    }

    /// <summary>Id of the correction that made an entry, empty when none did.</summary>
    public static string CorrectionOf(LedgerEntry entry) => entry.Kind switch
    {
        LedgerEntryKind.Settlement => SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result?.CorrectionId ?? "",
        LedgerEntryKind.Reversal => ReverseResponse.Parser.ParseFrom(entry.Answer.Span).CorrectionId,
        LedgerEntryKind.AssistanceLater => AssistLaterResponse.Parser.ParseFrom(entry.Answer.Span).CorrectionId,
        _ => "",
    };

    private static Payments PaidBy(LedgerEntry entry)
    {
        bool settled = entry.Kind == LedgerEntryKind.Settlement;
        return new Payments
        {
            Total = settled ? entry.Total : 0,
            Pooled = entry.Pooled,
            SeriousIllness = entry.SeriousIllness,
            AssistanceBasic = entry.AssistanceBasic,
            AssistanceTilt = entry.AssistanceTilt,
            AssistanceOutpatient = entry.AssistanceOutpatient,
            AssistanceOther = entry.AssistanceOther,
            PersonPays = settled ? entry.PersonPays : -entry.Total,
        };
    }

    private static Payments Sum(Payments left, Payments right) => new()
    {
        Total = left.Total + right.Total,
        Pooled = left.Pooled + right.Pooled,
        SeriousIllness = left.SeriousIllness + right.SeriousIllness,
        AssistanceBasic = left.AssistanceBasic + right.AssistanceBasic,
        AssistanceTilt = left.AssistanceTilt + right.AssistanceTilt,
        AssistanceOutpatient = left.AssistanceOutpatient + right.AssistanceOutpatient,
        AssistanceOther = left.AssistanceOther + right.AssistanceOther,
        PersonPays = left.PersonPays + right.PersonPays,
    };
}
