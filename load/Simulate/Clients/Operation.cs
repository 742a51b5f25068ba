using Settlement.Contract;
using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>What a client asks for.</summary>
internal enum OperationKind
{
    Register,
    Record,
    Settle,
    Reverse,
    Void,
    Grant,
    AssistLater,
    Correct,
    Preview,
    Quote,
    Account,
    Get,
}

/// <summary>Something that a client asked for, under one request id, however often it was sent.</summary>
internal sealed class Operation
{
    public required OperationKind Kind { get; init; }

    public required string Person { get; init; }

    /// <summary>Who asks: a facility or the agency.</summary>
    public required string Origin { get; init; }

    public required string RequestId { get; init; }

    /// <summary>The request as it is sent; null for a read without content.</summary>
    public Google.Protobuf.IMessage? Request { get; init; }

    /// <summary>Other content under the id of an accepted request: it must be refused.</summary>
    public bool IsConflict { get; init; }

    /// <summary>
    /// The settlement that is reversed, voided, corrected, assisted or fetched, if any; or the assistance that is reversed or voided.
    /// </summary>
    public Operation? Target { get; init; }

    /// <summary>The number of the entry that a settlement made, once that is known to a client.</summary>
    public int Sequence { get; set; }

    /// <summary>The highest number that the person had been answered when this was first asked.</summary>
    public int AnsweredBefore { get; set; } = -1;

    /// <summary>What was answered first, for comparison with every later answer.</summary>
    public byte[]? FirstAnswer { get; set; }

    /// <summary>Key of the request.</summary>
    public LedgerKey RequestKey => requestKey ??= LedgerKey.ForRequest(Origin, RequestId);

    /// <summary>Key of the charge of a settlement.</summary>
    public LedgerKey ChargeKey => chargeKey ??= LedgerKey.ForCharge(Origin, Settle.VisitId, Settle.ChargeBatch);

    /// <summary>The request of a settlement.</summary>
    public SettleRequest Settle => (SettleRequest)Request!;

    /// <summary>The request of a correction.</summary>
    public CorrectRequest Correction => (CorrectRequest)Request!;

    private LedgerKey? requestKey;
    private LedgerKey? chargeKey;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {RequestId} of {Person}";
}
