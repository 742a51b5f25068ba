using Google.Protobuf;
using Settlement.Ledger;
using Settlement.Refusals;

namespace Settlement.Simulate;

/// <summary>What left a grain: an answer, a refusal, or an exception.</summary>
internal readonly record struct Answer(IMessage? Value, RefusalInfo? Refusal, Exception? Defect);

/// <summary>Everything of a run that can be held against the product, told at the moment it happens.</summary>
internal interface IHistory
{
    /// <summary>A client is about to send something for the first time.</summary>
    void Sent(Operation operation);

    /// <summary>The database committed an entry.</summary>
    void Committed(LedgerEntry entry);

    /// <summary>An answer leaves a grain.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="answer">What is answered.</param>
    /// <param name="committedAtDelivery">Position of the newest commit when the request arrived at the silo.</param>
    void Left(Operation operation, Answer answer, long committedAtDelivery);

    /// <summary>The run is at rest.</summary>
    /// <param name="ledger">All entries by person and sequence, as a reader finds them.</param>
    void Rested(IReadOnlyList<LedgerEntry> ledger);
}
