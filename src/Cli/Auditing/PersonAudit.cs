using Google.Protobuf;
using Settlement.Cli.Text;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>The checks on one person's entries, taken in order.</summary>
/// <param name="person">The person.</param>
/// <param name="carried">The newest entry of the detached periods, null when the person's entries are all there.</param>
/// <param name="requests">Request keys seen so far, of all persons.</param>
/// <param name="settledCharges">Charges that stand settled so far, of all persons.</param>
/// <param name="recomputation">Computes entries anew.</param>
/// <param name="report">Called with each violation.</param>
internal sealed class PersonAudit(
    string person, LedgerEntry? carried, HashSet<LedgerKey> requests, HashSet<LedgerKey> settledCharges, IRecomputation recomputation,
    Action<Violation> report)
{
    private readonly LedgerEntry? carried = carried;
    private readonly SortedDictionary<int, LedgerEntry> entries = carried is null ? [] : new() { [carried.Sequence] = carried };
    private readonly HashSet<int> reversed = [];
    private readonly Dictionary<int, List<int>> standingByYear = [];
    private LedgerEntry? last = carried;
    private bool registered = carried is not null && AccountCodec.Decode(carried.AccountAfter.Span).Facts.BirthDate is not null;
    private string correction = "";

    /// <summary>The person.</summary>
    public string Id => person;

    /// <summary>Checks the next entry. False when it could not be computed anew, since it leans on entries of a detached period.</summary>
    public async ValueTask<bool> CheckAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        CheckPlace(entry);
        CheckAmounts(entry);
        CheckKeys(entry);
        bool leans = LeansOnDetached(entry);
        ReversedEntry? taken = entry.Kind == LedgerEntryKind.Reversal && !leans ? CheckReversal(entry) : null;
        CheckAnswer(entry, taken, leans);
        // A reversal of nothing cannot be computed; it has been reported.
        if (!leans && (entry.Kind != LedgerEntryKind.Reversal || taken is not null))
        {
            foreach ((ViolationKind kind, string detail) in await recomputation.CheckAsync(last, entry, taken, entries, cancellation))
                Report(kind, entry, detail);
        }

        entries[entry.Sequence] = entry;
        if (entry.Kind is LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater) Standing(entry.BenefitYear).Add(entry.Sequence);
        last = entry;
        return !leans;
    }

    /// <summary>Checks what only the end of the person's entries can tell.</summary>
    public void End()
    {
        if (correction.Length > 0 && last is not null)
            Report(ViolationKind.Correction, last, $"correction {correction} breaks off after it");
    }

    /// <summary>
    /// Whether what the entry decides rests on entries before the carried one. A grant looks at all of a person's settlements.
    /// </summary>
    private bool LeansOnDetached(LedgerEntry entry)
    {
        if (carried is null) return false;
        try
        {
            return entry.Kind switch
            {
                LedgerEntryKind.Reversal => entry.Reverses <= carried.Sequence,
                LedgerEntryKind.Grant => true,
                LedgerEntryKind.AssistanceLater =>
                    EventCodec.Decode(entry.Event.Span) is AssistanceLater later && later.Sequence <= carried.Sequence,
                LedgerEntryKind.Correction => EventCodec.Decode(entry.Event.Span) is SettlementsCorrected of
                    && of.Wrong <= carried.Sequence,
                _ => false,
            };
        }
        catch (InvalidDataException)
        {
            // The recomputation reports it.
            return false;
        }
    }

    private void CheckPlace(LedgerEntry entry)
    {
        if (carried is not null && ReferenceEquals(last, carried) && !carried.HashIsValid())
            Report(ViolationKind.Hash, carried, "it was carried forward, and its content is not what the hash was taken of");
        if (!entry.HashIsValid()) Report(ViolationKind.Hash, entry, "the content is not what the hash was taken of");
        int expected = (last?.Sequence ?? 0) + 1;
        if (entry.Sequence != expected) Report(ViolationKind.Sequence, entry, $"expected entry {expected}, found {entry.Sequence}");
        LedgerHash previous = last?.Hash ?? LedgerHash.Zero;
        if (entry.PreviousHash != previous) Report(ViolationKind.Chain, entry, "it does not name the hash of the entry before it");
        CheckRegistration(entry);
    }

    /// <summary>A person is registered once, before anything else but voids.</summary>
    private void CheckRegistration(LedgerEntry entry)
    {
        bool registers = entry.Kind == LedgerEntryKind.Registration;
        if (entry.Kind == LedgerEntryKind.Void && !registered) return;
        if (registers == registered)
            Report(ViolationKind.Registration, entry, registered ? "registered a second time" : $"the first entry is a {entry.Kind}");
        registered = true;
    }

    private void CheckAmounts(LedgerEntry entry)
    {
        long[] payments =
        [
            entry.Pooled, entry.SeriousIllness, entry.AssistanceBasic, entry.AssistanceTilt, entry.AssistanceOutpatient,
            entry.AssistanceOther,
            entry.PersonPays,
        ];
        if (payments.Any(fen => fen < 0)) Report(ViolationKind.Identity, entry, "an amount is negative");
        Int128 sum = payments.Aggregate((Int128)0, (total, fen) => total + fen);
        if (sum != entry.Total) Report(ViolationKind.Identity, entry, $"total {entry.Total} fen, payments {sum} fen");
    }

    private void CheckKeys(LedgerEntry entry)
    {
        if (entry.RequestKey != LedgerKey.ForRequest(entry.Origin, entry.RequestId))
            Report(ViolationKind.Request, entry, "the key is not that of origin and request id");
        if (!requests.Add(entry.RequestKey))
            Report(ViolationKind.Request, entry, $"request {entry.RequestId} of {entry.Origin} made another entry too");
        if (entry is { Kind: LedgerEntryKind.Settlement, ChargeKey: { } charge } && !settledCharges.Add(charge))
            Report(ViolationKind.Charge, entry, "its charge stands settled already");
    }

    private ReversedEntry? CheckReversal(LedgerEntry entry)
    {
        if (entry.Reverses is not { } sequence || !entries.TryGetValue(sequence, out LedgerEntry? target)
            || target.Kind is not (LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater)
            || !entries.TryGetValue(sequence - 1, out LedgerEntry? before))
        {
            Report(ViolationKind.Reversal, entry, $"entry {entry.Reverses} is no settlement before it");
            return null;
        }

        bool again = !reversed.Add(sequence);
        if (again) Report(ViolationKind.Reversal, entry, $"entry {sequence} had been reversed before");
        if (!Columns(entry).SequenceEqual(Columns(target)))
            Report(ViolationKind.Reversal, entry, $"its amounts are not those of entry {sequence}");
        if (entry.BenefitYear != target.BenefitYear || entry.Region != target.Region || entry.PackKey != target.PackKey)
            Report(ViolationKind.Reversal, entry, $"year, region or pack are not those of entry {sequence}");
        if (entry.Origin != target.Origin && entry.Origin != Policy.Reversals.Agency)
            Report(ViolationKind.Reversal, entry, $"{entry.Origin} reversed a settlement of {target.Origin}");
        List<int> standing = Standing(target.BenefitYear);
        if (!again && standing.Count > 0 && standing[^1] != sequence)
            Report(ViolationKind.Reversal, entry, $"entry {standing[^1]} of the year stood in the way of reversing {sequence}");
        standing.Remove(sequence);
        if (target.ChargeKey is { } charge) settledCharges.Remove(charge);
        return new ReversedEntry(target, before, again);
    }

    private void CheckAnswer(LedgerEntry entry, ReversedEntry? taken, bool leans)
    {
        try
        {
            CheckCorrection(entry);
            string? difference = entry.Kind switch
            {
                LedgerEntryKind.Settlement => Differs(entry, SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result),
                LedgerEntryKind.Reversal => Differs(entry, ReverseResponse.Parser.ParseFrom(entry.Answer.Span), taken),
                LedgerEntryKind.AssistanceLater => Differs(entry, AssistLaterResponse.Parser.ParseFrom(entry.Answer.Span)),
                LedgerEntryKind.Grant => Differs(entry, GrantForIllnessResponse.Parser.ParseFrom(entry.Answer.Span)),
                LedgerEntryKind.Void => Differs(entry, VoidResponse.Parser.ParseFrom(entry.Answer.Span)),
                LedgerEntryKind.Correction when leans => null,
                LedgerEntryKind.Correction => CorrectionAudit.Differs(entry, CorrectResponse.Parser.ParseFrom(entry.Answer.Span), entries),
                _ => Differs(entry, RecordResponse.Parser.ParseFrom(entry.Answer.Span)),
            };
            if (difference is not null) Report(ViolationKind.Answer, entry, $"the answer's {difference} is not that of the entry");
        }
        catch (InvalidProtocolBufferException error)
        {
            Report(ViolationKind.Answer, entry, $"the answer cannot be read: {error.Message}");
        }
    }

    /// <summary>A correction is whole: its entries stand side by side, and the one that closes it follows them.</summary>
    private void CheckCorrection(LedgerEntry entry)
    {
        string of = CorrectionAudit.CorrectionOf(entry);
        bool closes = entry.Kind == LedgerEntryKind.Correction && entry.RequestKey.ToString() == correction;
        if (correction.Length > 0 && of != correction && !closes)
            Report(ViolationKind.Correction, entry, $"correction {correction} breaks off before it");
        if (entry.Kind == LedgerEntryKind.Correction && !closes) Report(ViolationKind.Correction, entry, "it closes no correction");
        correction = of;
    }

    private static string? Differs(LedgerEntry entry, SettlementResult? answer)
    {
        if (answer is null) return "result";
        if (answer.Person != entry.PersonId) return "person";
        if (answer.Sequence != entry.Sequence) return "sequence";
        if (answer.RequestId != entry.RequestId || answer.SettlementId != entry.RequestKey.ToString()) return "request or settlement id";
        long[] answered =
        [
            answer.Totals?.Total ?? 0, answer.Pooled, answer.SeriousIllness, answer.AssistanceBasic, answer.AssistanceTilt,
            answer.AssistanceOutpatient, answer.AssistanceOther, answer.PersonPays,
        ];
        return answered.SequenceEqual(Columns(entry)) ? null : "amounts";
    }

    private static string? Differs(LedgerEntry entry, ReverseResponse answer, ReversedEntry? taken)
    {
        if (answer.Person != entry.PersonId) return "person";
        if (answer.Sequence != entry.Sequence) return "sequence";
        if (answer.RequestId != entry.RequestId || answer.ReversalId != entry.RequestKey.ToString()) return "request or reversal id";
        return taken is null || answer.SettlementId == taken.Target.RequestKey.ToString() ? null : "settlement";
    }

    private static string? Differs(LedgerEntry entry, AssistLaterResponse answer)
    {
        if (answer.Person != entry.PersonId) return "person";
        if (answer.Sequence != entry.Sequence) return "sequence";
        if (answer.RequestId != entry.RequestId || answer.AssistanceId != entry.RequestKey.ToString()) return "request or assistance id";
        long[] answered = [answer.AssistanceBasic, answer.AssistanceTilt, answer.AssistanceOutpatient, answer.AssistanceOther];
        return answered.SequenceEqual([entry.AssistanceBasic, entry.AssistanceTilt, entry.AssistanceOutpatient, entry.AssistanceOther])
            ? null
            : "amounts";
    }

    private static string? Differs(LedgerEntry entry, GrantForIllnessResponse answer)
    {
        if (answer.Person != entry.PersonId) return "person";
        if (answer.Sequence != entry.Sequence) return "sequence";
        if (answer.RequestId != entry.RequestId || answer.GrantId != entry.RequestKey.ToString()) return "request or grant id";
        return (answer.GrantBasic, answer.GrantTilt) == (entry.AssistanceBasic, entry.AssistanceTilt) ? null : "amounts";
    }

    private static string? Differs(LedgerEntry entry, VoidResponse answer)
    {
        if (answer.Person != entry.PersonId) return "person";
        if (answer.Sequence != entry.Sequence) return "sequence";
        if (answer.RequestId != entry.RequestId) return "request id";
        return answer.State == VoidResponse.Types.State.NeverSettles ? null : "state";
    }

    private static string? Differs(LedgerEntry entry, RecordResponse answer)
    {
        if (answer.Person != entry.PersonId) return "person";
        if (answer.Sequence != entry.Sequence) return "sequence";
        return answer.RequestId == entry.RequestId ? null : "request id";
    }

    private static long[] Columns(LedgerEntry entry) =>
    [
        entry.Total, entry.Pooled, entry.SeriousIllness, entry.AssistanceBasic, entry.AssistanceTilt, entry.AssistanceOutpatient,
        entry.AssistanceOther, entry.PersonPays,
    ];

    private List<int> Standing(int year)
    {
        if (!standingByYear.TryGetValue(year, out List<int>? standing)) standingByYear.Add(year, standing = []);
        return standing;
    }

    private void Report(ViolationKind kind, LedgerEntry entry, string detail) =>
        report(new Violation(kind, Show.Masked(person), entry.Sequence, detail));
}
