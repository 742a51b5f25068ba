using Settlement.Contract;
using Settlement.Persons;

namespace Settlement.Gateway.Operations;

/// <summary>The answer to one request of a stream, a <c>SettleManyResponse</c> of the contract: settled or refused.</summary>
public sealed class BulkAnswer
{
    /// <summary>A settlement.</summary>
    public BulkAnswer(string requestId, SettleAnswer settled) => (RequestId, Settled) = (requestId, settled);

    /// <summary>A refusal.</summary>
    public BulkAnswer(string requestId, Refusal refusal) => (RequestId, Refusal) = (requestId, refusal);

    /// <summary>The request.</summary>
    public string RequestId { get; }

    /// <summary>The settlement's answer; null when it was refused.</summary>
    public SettleAnswer? Settled { get; }

    /// <summary>Why it was not settled; null when it was.</summary>
    public Refusal? Refusal { get; }
}
