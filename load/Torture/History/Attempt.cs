using System.Text.Json.Serialization;
using Settlement.Refusals;

namespace Settlement.Torture.History;

/// <summary>What a client asks for.</summary>
internal enum OperationKind
{
    Register,
    Record,
    Settle,
    Reverse,
    Correct,
    Grant,
    Quote,
    Account,
    Get,

    /// <summary>What became of a request.</summary>
    Ask,
}

/// <summary>How an attempt ended, as its client saw it.</summary>
internal enum Outcome
{
    /// <summary>Accepted, with its answer; a read: answered.</summary>
    Acknowledged,

    /// <summary>The charge had been settled under another request id; nothing was written under this one.</summary>
    AlreadySettled,

    /// <summary>Refused: nothing was written.</summary>
    Refused,

    /// <summary>Nobody knows: no answer in time, connection lost, or the server says that it does not know.</summary>
    Indeterminate,

    /// <summary>The server failed in a way that it did not foresee.</summary>
    Defect,
}

/// <summary>
/// One sending of one operation, and what came back. Times are microseconds of one monotonic clock, from the begin of the run.
/// </summary>
internal sealed record Attempt
{
    /// <summary>Number of the operation; its attempts share it.</summary>
    public required long Operation { get; init; }

    public required OperationKind Kind { get; init; }

    public required string Person { get; init; }

    /// <summary>Facility or agency.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Empty for reads.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The silo it was sent to.</summary>
    public required int Silo { get; init; }

    public required long Invoked { get; init; }

    public long Returned { get; init; }

    public Outcome Outcome { get; init; }

    /// <summary>Refusal, gRPC status, or the state that an ask was answered with.</summary>
    public string Code { get; init; } = "";

    /// <summary>SHA-256 of the answer's bytes as the ledger keeps them; of a view, of the result in it.</summary>
    public string Answer { get; init; } = "";

    /// <summary>Entry number in the answer.</summary>
    public int Sequence { get; init; }

    /// <summary>Total of the claim sent, fen.</summary>
    public long Total { get; init; }

    /// <summary>Key of the charge sent.</summary>
    public string Charge { get; init; } = "";

    /// <summary>Other content under the id of an accepted request: it must be refused.</summary>
    public bool Conflict { get; init; }

    /// <summary>The settlement that is reversed, corrected or shown.</summary>
    public string Target { get; init; } = "";

    /// <summary>Already settled: the request id that settled the charge.</summary>
    public string First { get; init; } = "";

    /// <summary>Quote: the claim, as base64 of its message.</summary>
    public string Claim { get; init; } = "";

    /// <summary>
    /// Quote: pooled, serious illness, assistance, person pays, deductible. Account: sum of the pooled fund's counters, number of counters.
    /// </summary>
    public IReadOnlyList<long> Figures { get; init; } = [];

    /// <summary>Asked after all faults had ended and nothing was under way.</summary>
    public bool AtRest { get; init; }

    /// <summary>Refused for the moment: nothing was written, and the same request may be sent again.</summary>
    [JsonIgnore]
    public bool IsBusy => Outcome == Outcome.Refused && Code is RefusalCodes.Busy or RefusalCodes.LedgerUnavailable;

    /// <summary>Whether it would change the ledger.</summary>
    [JsonIgnore]
    public bool IsChange =>
        Kind is OperationKind.Register or OperationKind.Record or OperationKind.Settle or OperationKind.Reverse or OperationKind.Correct
        or OperationKind.Grant;
}
