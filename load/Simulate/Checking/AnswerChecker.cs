using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Refusals;
using Claim = Settlement.Policy.Claim;
using Refusal = Settlement.Policy.Refusal;

namespace Settlement.Simulate;

/// <summary>Holds what leaves a grain against what the ledger holds at that moment.</summary>
internal sealed class AnswerChecker(HistoryChecker history, Adjudicator adjudicator, CorrectionReplay corrections)
{
    /// <summary>Whether a client is to send the same request again: nothing is decided, or nobody knows.</summary>
    public static bool IsRetryable(RefusalInfo refusal) =>
        refusal.Code is RefusalCodes.Busy or RefusalCodes.LedgerUnavailable or RefusalCodes.OutcomeUnknown;

    /// <summary>Checks one answer.</summary>
    public void Check(Operation operation, Answer answer, long committedAtDelivery)
    {
        if (answer.Defect is { } defect) Broken(Invariant.NoDefect, operation, $"the grain threw {defect}");
        else if (answer.Refusal is { } refusal) CheckRefusal(operation, refusal, committedAtDelivery);
        else CheckValue(operation, answer.Value!);
    }

    private void CheckValue(Operation operation, IMessage value)
    {
        switch (value)
        {
            case SettleResponse { AlreadySettled: { } already } again:
                CheckSettledCharge(operation, again, already);
                break;
            case QuoteResponse quote:
                CheckQuote(operation, quote);
                break;
            case GetAccountResponse account:
                CheckAccount(operation, account);
                break;
            case CorrectResponse { Preview: true } preview:
                CheckPreview(operation, preview);
                break;
            case VoidResponse ended:
                CheckVoid(operation, ended);
                break;
            case SettlementView view:
                if (!view.Result.ToByteArray().AsSpan().SequenceEqual(ResultOf(history.EntryOf(operation.Target!.RequestKey))))
                    Broken(Invariant.Read, operation, "the settlement shown is not the one that the ledger holds");
                break;
            default:
                CheckChange(operation, value.ToByteArray());
                break;
        }
    }

    private void CheckChange(Operation operation, byte[] answer)
    {
        if (operation.IsConflict)
        {
            Broken(Invariant.SameAnswer, operation, "other content under an accepted id was not refused");
        }
        else if (history.EntryOf(operation.RequestKey) is not { } entry)
        {
            Broken(Invariant.Durable, operation, "it is answered and its entry is not in the ledger");
        }
        else if (!entry.Answer.Span.SequenceEqual(answer) || (operation.FirstAnswer is { } first && !first.AsSpan().SequenceEqual(answer)))
        {
            Broken(Invariant.SameAnswer, operation, $"the answer is not that of entry {entry.Sequence}");
        }
        else
        {
            history.Acknowledge(operation, entry);
            operation.FirstAnswer ??= answer;
        }
    }

    private void CheckSettledCharge(Operation operation, SettleResponse again, AlreadySettled already)
    {
        LedgerEntry? first = history.EntryOf(LedgerKey.ForRequest(operation.Origin, already.FirstRequestId));
        SettleResponse plain = new() { Result = again.Result };
        if (first is null)
            Broken(Invariant.Durable, operation, $"it is answered with {already.FirstRequestId}, whose entry is not in the ledger");
        else if (first.ChargeKey != operation.ChargeKey || first.PersonId != operation.Person)
            Broken(Invariant.ChargeOnce, operation, $"it is answered with {already.FirstRequestId}, which settled another charge");
        else if (!first.Answer.Span.SequenceEqual(plain.ToByteArray()))
            Broken(Invariant.SameAnswer, operation, $"the result is not that of entry {first.Sequence}");
        else history.Of(operation.Person).Answered = Math.Max(history.Of(operation.Person).Answered, first.Sequence);
    }

    /// <summary>
    /// Never settled: the ledger has the void and nothing else under the id. Reversed: it has the settlement, and the reversal answered.
    /// </summary>
    private void CheckVoid(Operation operation, VoidResponse ended)
    {
        byte[] answer = ended.ToByteArray();
        LedgerEntry? entry = history.EntryOf(operation.RequestKey);
        LedgerEntry? reversal = ended.Reversal is { } reversed ? history.EntryOf(LedgerKey.Parse(reversed.ReversalId)) : null;
        bool isTrue = ended.State switch
        {
            VoidResponse.Types.State.NeverSettles => entry is { Kind: LedgerEntryKind.Void } && entry.Answer.Span.SequenceEqual(answer),
            VoidResponse.Types.State.Reversed =>
                entry is { Kind: LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater } && reversal?.Reverses == entry.Sequence
                && reversal.PersonId == entry.PersonId && reversal.Answer.Span.SequenceEqual(ended.Reversal!.ToByteArray()),
            _ => false,
        };
        if (!isTrue) Broken(Invariant.Durable, operation, $"it is answered {ended.State}, which the ledger does not hold");
        else if (operation.FirstAnswer is { } first && !first.AsSpan().SequenceEqual(answer))
            Broken(Invariant.SameAnswer, operation, "the second answer is not the first");
        else history.Acknowledge(operation, reversal ?? entry!);
        operation.FirstAnswer ??= answer;
    }

    private void CheckRefusal(Operation operation, RefusalInfo refusal, long committedAtDelivery)
    {
        if (IsRetryable(refusal)) return;
        if (operation.IsConflict)
        {
            if (refusal.Code != RefusalCodes.RequestConflict)
                Broken(Invariant.Refusal, operation, $"a conflict is refused as {refusal.Code}");
            return;
        }

        LedgerEntry? entry = operation.RequestId.Length > 0 ? history.EntryOf(operation.RequestKey) : null;
        if (refusal.Code == RefusalCodes.RequestVoided)
        {
            if (entry?.Kind != LedgerEntryKind.Void) Broken(Invariant.Refusal, operation, "nothing in the ledger voided it");
            return;
        }

        bool isAccepted = operation.Kind != OperationKind.Void && entry is not null && entry.Position <= committedAtDelivery;
        if (isAccepted)
            Broken(Invariant.Refusal, operation, $"it was accepted as entry {entry!.Sequence} and is refused as {refusal.Code}");
        else if (!IsExplained(operation, refusal, history.Of(operation.Person).VersionAt(committedAtDelivery)))
            Broken(Invariant.Refusal, operation,
                $"{refusal.Code}: the person was in no state since it was asked that gives this refusal ({refusal.Message})");
    }

    /// <summary>
    /// Whether the person was, since a version, in a state in which this is what the rules say. The newest is tried first: it mostly is the
    /// one.
    /// </summary>
    private bool IsExplained(Operation operation, RefusalInfo refusal, int since)
    {
        PersonModel person = history.Of(operation.Person);
        for (int version = person.Accounts.Count - 1; version >= since; version--)
        {
            if (IsExplained(operation, refusal.Code, person, version)) return true;
        }

        return false;
    }

    private bool IsExplained(Operation operation, string code, PersonModel person, int version)
    {
        if (code == RefusalCodes.PersonNotRegistered) return operation.AnsweredBefore == 0 && operation.Kind != OperationKind.Register;
        if (code == RefusalCodes.AlreadyRegistered) return version > 0 && operation.Kind == OperationKind.Register;
        switch (operation.Kind)
        {
            case OperationKind.Settle:
                return version > 0
                    && adjudicator.Settle(person.Accounts[version], Claims.ToPolicy(operation.Settle.Claim), version + 1) is Refusal refused
                    && refused.Code.Text() == code;
            case OperationKind.Quote:
                Claim quoted = Claims.ToPolicy(((QuoteRequest)operation.Request!).Claim);
                return version > 0 && adjudicator.Settle(person.Accounts[version], quoted, version + 1) is Refusal unquoted
                    && unquoted.Code.Text() == code;
            case OperationKind.Reverse or OperationKind.Void:
                return history.EntryOf(operation.Target!.RequestKey) is { } target && version >= target.Sequence && code switch
                {
                    RefusalCodes.AlreadyReversed => person.IsReversed(target.Sequence),
                    RefusalCodes.NotLatest => person.Accounts[version].TipOf(target.BenefitYear) != target.Sequence,
                    _ => false,
                };
            case OperationKind.AssistLater:
                return StoredAnswer.AsSettled(history.EntryOf(operation.Target!.RequestKey)) is { } settled && version >= settled.Sequence
                    && adjudicator.AssistLater(person.Accounts[version], settled, version + 1) is Refusal unassisted
                        && unassisted.Code.Text() == code;
            case OperationKind.Correct or OperationKind.Preview:
                return corrections.Play(operation, person, version, history.EntryOf(operation.Target!.RequestKey))?.Refused == code;
            case OperationKind.Grant or OperationKind.Record:
                // The rules are replayed where they agree; here only that it is they who refuse.
                return Names.TryParse(code, out RefusalCode _);
            default:
                return false;
        }
    }

    private void CheckQuote(Operation operation, QuoteResponse quote)
    {
        PersonModel person = history.Of(operation.Person);
        Claim claim = Claims.ToPolicy(((QuoteRequest)operation.Request!).Claim);
        for (int version = person.Accounts.Count - 1; version > 0; version--)
        {
            if (adjudicator.Settle(person.Accounts[version], claim, version + 1) is Adjudication { Amounts: var amounts }
                && (amounts.Pooled, amounts.SeriousIllness, amounts.Assistance, amounts.PersonPays, amounts.DeductiblePaid)
                    == (quote.Result.Pooled, quote.Result.SeriousIllness, AssistanceOf(quote.Result), quote.Result.PersonPays,
                        quote.Result.DeductiblePaid))
                return;
        }

        Broken(Invariant.Read, operation, "no state that the person was in gives these figures");
    }

    private void CheckPreview(Operation operation, CorrectResponse preview)
    {
        PersonModel person = history.Of(operation.Person);
        LedgerEntry? wrong = history.EntryOf(operation.Target!.RequestKey);
        for (int version = person.Accounts.Count - 1; version > 0; version--)
        {
            if (corrections.Play(operation, person, version, wrong) is { Refused: null } then
                && (then.Before, then.After, then.Replaced) == (
                    preview.Before.PersonPays, preview.After.PersonPays, preview.Settlements.Count))
                return;
        }

        Broken(Invariant.Read, operation, "no state that the person was in gives this report");
    }

    private void CheckAccount(Operation operation, GetAccountResponse account)
    {
        PersonModel person = history.Of(operation.Person);
        if (account.Sequence < 1 || account.Sequence >= person.Accounts.Count)
        {
            Broken(Invariant.Read, operation, $"it shows entry {account.Sequence} of {person.Entries.Count}");
            return;
        }

        Account then = person.Accounts[(int)account.Sequence];
        long shown = account.Counters.Where(static counter => counter.Name == "pooledPaid").Sum(static counter => counter.Value);
        long held = 0;
        foreach (ref readonly Settlement.Policy.Counter counter in then.Counters.Yearly)
        {
            if (counter.Key.Id == CounterId.PooledPaid) held += counter.Value;
        }

        if (shown != held || account.Counters.Count != then.Counters.Yearly.Length + then.Counters.Referenced.Length)
            Broken(Invariant.Read, operation, $"the counters are not those after entry {account.Sequence}");
    }

    private static long AssistanceOf(SettlementResult result) =>
        result.AssistanceBasic + result.AssistanceTilt + result.AssistanceOutpatient + result.AssistanceOther;

    private static byte[] ResultOf(LedgerEntry? entry) =>
        entry is null ? [] : SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result.ToByteArray();

    private void Broken(Invariant invariant, Operation operation, string detail) =>
        history.Report(new Violation(invariant, $"{operation}: {detail}"));
}
