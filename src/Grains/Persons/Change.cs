using Google.Protobuf;
using Settlement.Ledger;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>Something that would move a person's account: a settlement, a reversal, recorded facts.</summary>
/// <typeparam name="TAnswer">What answers it.</typeparam>
internal abstract class Change<TAnswer>
    where TAnswer : class
{
    /// <summary>Who asks: a facility code, or <see cref="Settlement.Policy.Reversals.Agency"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>The asker's request id.</summary>
    public required string RequestId { get; init; }

    /// <summary>What kind of entry the change makes.</summary>
    public abstract LedgerEntryKind Kind { get; }

    /// <summary>What is asked, encoded: two requests are the same when these bytes are.</summary>
    public byte[] Event { get; init; } = [];

    /// <summary>The charge settled, for a settlement.</summary>
    public LedgerKey? ChargeKey { get; init; }

    /// <summary>
    /// How often the charge was settled and reversed before; asked of the ledger when the first attempt fails, so 0 at first.
    /// </summary>
    public int ChargeGeneration { get; set; }

    /// <summary>Key of the request.</summary>
    public LedgerKey RequestKey => requestKey ??= LedgerKey.ForRequest(Origin, RequestId);

    private LedgerKey? requestKey;

    /// <summary>Whether the decision reads the person's entries: then all that is being written must be durable first.</summary>
    public virtual bool ReadsHistory => false;

    /// <summary>
    /// Newest sequence that <see cref="Prepare"/> saw; above the head, somebody else wrote for the person and the head is stale.
    /// </summary>
    public virtual int NewestSeen => 0;

    /// <summary>Reads what the decision needs from the ledger besides the account.</summary>
    public virtual ValueTask Prepare(ILedgerStore store) => ValueTask.CompletedTask;

    /// <summary>Adds to a refusal that stands what only the ledger can tell.</summary>
    public virtual ValueTask<RefusalInfo> Complete(RefusalInfo refusal, ILedgerStore store) => ValueTask.FromResult(refusal);

    /// <summary>Decides, without side effects: what the entry, the answer and the account after it would be, or why not.</summary>
    public abstract Proposal Propose(PersonHead head, DateTimeOffset now);

    /// <summary>Whether an accepted entry with this request key is this very change.</summary>
    public virtual bool IsRepeatOf(LedgerEntry entry, string person) =>
        entry.Kind == Kind && entry.PersonId == person && entry.ChargeKey == ChargeKey && entry.Event.Span.SequenceEqual(Event);

    /// <summary>The answer that an entry of such a change keeps.</summary>
    public abstract TAnswer AnswerOf(LedgerEntry entry);

    /// <summary>The answer when the charge was settled before under another request id.</summary>
    public virtual TAnswer AnswerForSettledCharge(LedgerEntry first) =>
        throw new InvalidOperationException($"An entry of kind {Kind} settles no charge.");

    /// <summary>What would be written, or why nothing is.</summary>
    internal readonly record struct Proposal(LedgerEntry? Entry, Settlement.Policy.Account? After, TAnswer? Answer, RefusalInfo? Refusal)
    {
        /// <summary>The entries that stand or fall with <see cref="Entry"/>, which is their last; null when it stands alone.</summary>
        public LedgerGroup? Group { get; init; }

        /// <summary>A refusal as proposal.</summary>
        public static implicit operator Proposal(RefusalInfo refusal) => new(null, null, null, refusal);
    }
}

/// <summary>A change answered with a message, which is made with its fields.</summary>
/// <typeparam name="TAnswer">The message.</typeparam>
internal abstract class MessageChange<TAnswer> : Change<TAnswer>
    where TAnswer : class, IMessage<TAnswer>, new()
{
    /// <inheritdoc/>
    public sealed override TAnswer AnswerOf(LedgerEntry entry) => StoredAnswer.Of<TAnswer>(entry);
}

/// <summary>The answers that entries keep.</summary>
internal static class StoredAnswer
{
    /// <summary>The message.</summary>
    public static TAnswer Of<TAnswer>(LedgerEntry entry)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        TAnswer answer = new();
        answer.MergeFrom(entry.Answer.Span);
        return answer;
    }
}
