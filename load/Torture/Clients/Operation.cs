using System.Security.Cryptography;
using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Torture.History;

namespace Settlement.Torture.Clients;

/// <summary>Something that a client asks for, under one request id, however often it is sent.</summary>
internal sealed record Operation
{
    public required long Number { get; init; }

    public required OperationKind Kind { get; init; }

    public required string Person { get; init; }

    /// <summary>Who asks: a facility or the agency. Empty for reads of a person.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Empty for reads.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>What is sent.</summary>
    public required IMessage Request { get; init; }

    /// <summary>Other content under the id of an accepted request.</summary>
    public bool Conflict { get; init; }

    /// <summary>The settlement that is reversed, corrected or shown.</summary>
    public string Target { get; init; } = "";

    /// <summary>Asked when everything rests.</summary>
    public bool AtRest { get; init; }

    /// <summary>Id of the settlement that this request makes.</summary>
    public string SettlementId => LedgerKey.ForRequest(Origin, RequestId).ToString();

    /// <summary>The attempt, as far as it is known before its outcome.</summary>
    public Attempt At(int silo, long invoked)
    {
        Attempt attempt = new()
        {
            Operation = Number,
            Kind = Kind,
            Person = Person,
            Origin = Origin,
            RequestId = RequestId,
            Silo = silo,
            Invoked = invoked,
            Conflict = Conflict,
            Target = Target,
            AtRest = AtRest,
        };
        return Request switch
        {
            SettleRequest settle => attempt with
            {
                Total = settle.Claim.Totals.Total,
                Charge = LedgerKey.ForCharge(settle.Claim.Facility.Code, settle.VisitId, settle.ChargeBatch).ToString(),
            },
            QuoteRequest quote => attempt with { Claim = quote.Claim.ToByteString().ToBase64() },
            _ => attempt,
        };
    }

    /// <summary>The attempt with the answer that came.</summary>
    public static Attempt Answered(Attempt attempt, IMessage answer) => answer switch
    {
        SettleResponse { AlreadySettled: { } already } again => attempt with
        {
            Outcome = Outcome.AlreadySettled,
            Code = already.Code,
            First = already.FirstRequestId,
            Sequence = (int)again.Result.Sequence,
            Answer = Digest(new SettleResponse { Result = again.Result }),
        },
        SettleResponse settled => attempt with { Sequence = (int)settled.Result.Sequence, Answer = Digest(settled) },
        ReverseResponse reversed => attempt with { Sequence = (int)reversed.Sequence, Answer = Digest(reversed) },
        RecordResponse recorded => attempt with { Sequence = (int)recorded.Sequence, Answer = Digest(recorded) },
        GrantForIllnessResponse granted => attempt with { Sequence = (int)granted.Sequence, Answer = Digest(granted) },
        CorrectResponse corrected => attempt with { Sequence = (int)corrected.Sequence, Answer = Digest(corrected) },
        SettlementView view => attempt with { Answer = Digest(view.Result) },
        QuoteResponse { Result: var quoted } => attempt with
        {
            Figures = [quoted.Pooled, quoted.SeriousIllness, AssistanceOf(quoted), quoted.PersonPays, quoted.DeductiblePaid],
        },
        GetAccountResponse account => attempt with
        {
            Sequence = (int)account.Sequence,
            Figures = [account.Counters.Where(static counter => counter.Name == "pooledPaid")
                .Sum(static counter => counter.Value), account.Counters.Count],
        },
        GetByRequestResponse asked => Asked(attempt, asked),
        _ => throw new ArgumentException($"{answer.Descriptor.Name} is no answer known here.", nameof(answer)),
    };

    /// <summary>SHA-256 of the bytes of a message, as the ledger keeps it.</summary>
    public static string Digest(IMessage message) => Digest(message.ToByteArray());

    /// <summary>SHA-256 of bytes.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(SHA256.HashData(bytes));

    private static Attempt Asked(Attempt attempt, GetByRequestResponse asked)
    {
        IMessage? first = asked switch
        {
            { Settled: { } settled } => settled,
            { Reversed: { } reversed } => reversed,
            { Recorded: { } recorded } => recorded,
            { Granted: { } granted } => granted,
            { Corrected: { } corrected } => corrected,
            _ => null,
        };
        Attempt stated = attempt with { Code = asked.State.ToString() };
        return first is null ? stated : Answered(stated, first) with { Outcome = Outcome.Acknowledged };
    }

    private static long AssistanceOf(SettlementResult result) =>
        result.AssistanceBasic + result.AssistanceTilt + result.AssistanceOutpatient + result.AssistanceOther;
}
