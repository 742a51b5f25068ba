using Google.Protobuf;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Identity;
using Settlement.Persons;
using Settlement.Refusals;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Simulate;

/// <summary>What all hospitals of a run share.</summary>
internal sealed record HospitalParts(EventLoop Loop, SimulatedNetwork Network, IHistory History, OperationBudget Budget, Journal Journal)
{
    /// <summary>Settlements whose assistance was withheld.</summary>
    public List<Operation> Withheld { get; } = [];

    /// <summary>Assistance claimed later.</summary>
    public List<Operation> Assisted { get; } = [];
}

/// <summary>
/// One client. It does what the documents ask of clients: after a time-out, BUSY or an unknown outcome it sends the same request again;
/// and what real clients do besides: settle a charge again under a new id, repeat old requests, use an id for something else.
/// </summary>
internal sealed class Hospital(HospitalParts parts, Chance chance, string name, string[] persons, List<Operation> settled)
{
    private int asked;

    /// <summary>Works until the budget is used up and the last request is decided.</summary>
    public async Task RunAsync()
    {
        while (parts.Budget.Take())
        {
            await parts.Loop.Delay(chance.Between(1, 3_000) * Ticks.Microsecond);
            int draw = chance.Below(1_000);
            Operation? old = settled.Count > 0
                ? settled[chance.OneIn(2) ? settled.Count - 1 - chance.Below(Math.Min(16, settled.Count)) : chance.Below(settled.Count)]
                : null;
            if (draw < 30) await GiveUpAsync(NewCharge());
            else if (draw < 788 || old is null) await SettleAsync(NewCharge());
            else if (draw < 836) await SettleAsync(SameCharge(old));
            else if (draw < 868) await AskAsync(old, grain => grain.Settle(old.Settle.AsImmutable(), SettlerTerms.Agency));
            else if (draw < 882) await ConflictAsync(old);
            else if (draw < 930) await ReverseAsync(old);
            else if (draw < 932) await ReverseAsync(Pick(parts.Assisted) ?? old);
            else if (draw < 942) await VoidAsync(old);
            else if (draw < 952) await RecordAsync();
            else if (draw < 955) await GrantAsync();
            else if (draw < 963) await AssistAsync(Pick(parts.Withheld) ?? old);
            else if (draw < 967) await CorrectAsync(ToCorrect(old));
            else if (draw < 968) await PreviewAsync(ToCorrect(old));
            else if (draw < 982) await QuoteAsync();
            else if (draw < 992) await AccountAsync();
            else await GetAsync(old);
        }
    }

    /// <summary>Registers a person.</summary>
    public Task RegisterAsync(string person, int number)
    {
        RegisterRequest request = Claims.Register(person, number);
        Operation operation = New(OperationKind.Register, person, Policy.Reversals.Agency, request.RequestId, request);
        return AskAsync(operation, grain => grain.Register(request.AsImmutable()));
    }

    private async Task SettleAsync(Operation operation)
    {
        // A naive client: when it hears nothing, it mints a new id for the same charge.
        bool mints = chance.OneIn(5);
        while (true)
        {
            SettleRequest request = operation.Settle;
            Reply<SettleAnswer>? reply = await AskAsync(
                operation, grain => grain.Settle(request.AsImmutable(), SettlerTerms.Agency), attempts: mints ? 1 : int.MaxValue);
            if (reply?.Value?.Message is { AlreadySettled: null, Result: var result })
            {
                operation.Sequence = (int)result.Sequence;
                settled.Add(operation);
                if (result.AssistanceReason.Length > 0) parts.Withheld.Add(operation);
            }

            if (reply is not null) return;
            operation = SameCharge(operation);
            mints = false;
        }
    }

    /// <summary>
    /// A client that does not wait for its answer: it ends the request while that is under way, or has not arrived, or is settled.
    /// </summary>
    private async Task GiveUpAsync(Operation operation)
    {
        SettleRequest request = operation.Settle;
        // Every other one stands in a queue of the hospital's own, and leaves it after the void if ever.
        Task settling = chance.OneIn(2)
            ? Task.CompletedTask
            : AskAsync(operation, grain => grain.Settle(request.AsImmutable(), SettlerTerms.Agency), attempts: 1);
        await parts.Loop.Delay(chance.Between(0, 3_000) * Ticks.Microsecond);
        await VoidAsync(operation);
        await settling;
        if (chance.OneIn(2)) await AskAsync(operation, grain => grain.Settle(request.AsImmutable(), SettlerTerms.Agency));
    }

    private async Task VoidAsync(Operation target)
    {
        VoidRequest request = new() { RequestId = target.RequestId, Person = target.Person, Facility = target.Origin };
        Operation operation = New(OperationKind.Void, target.Person, target.Origin, target.RequestId, request, target: target);
        await AskAsync(operation, grain => grain.Void(request.AsImmutable()));
    }

    private async Task ConflictAsync(Operation old)
    {
        SettleRequest other = old.Settle.Clone();
        other.Claim.Totals.Total += 100;
        other.Claim.Totals.InScope += 100;
        Operation operation = New(OperationKind.Settle, old.Person, old.Origin, old.RequestId, other, isConflict: true);
        await AskAsync(operation, grain => grain.Settle(other.AsImmutable(), SettlerTerms.Agency));
    }

    private async Task ReverseAsync(Operation old)
    {
        string by = chance.OneIn(3) ? "" : old.Origin;
        ReverseRequest request =
            new() { RequestId = NextId(), Person = old.Person, SettlementId = old.RequestKey.ToString(), Facility = by };
        Operation operation = New(OperationKind.Reverse, old.Person, by.Length > 0
            ? by
            : Policy.Reversals.Agency, request.RequestId, request, target: old);
        await AskAsync(operation, grain => grain.Reverse(request.AsImmutable()));
    }

    private async Task RecordAsync()
    {
        string person = Person();
        RecordRequest request = Claims.Record(person, NextId(), chance);
        await AskAsync(New(OperationKind.Record, person, Policy.Reversals.Agency, request.RequestId, request), grain =>
            grain.Record(request.AsImmutable()));
    }

    private async Task GrantAsync()
    {
        string person = Person();
        GrantForIllnessRequest request = Claims.Grant(person, NextId(), chance);
        await AskAsync(New(OperationKind.Grant, person, Policy.Reversals.Agency, request.RequestId, request), grain =>
            grain.GrantForIllness(request.AsImmutable()));
    }

    /// <summary>Claims assistance later, and now and then gives that up while it is under way.</summary>
    private async Task AssistAsync(Operation old)
    {
        AssistLaterRequest request = new() { RequestId = NextId(), Person = old.Person, SettlementId = old.RequestKey.ToString() };
        Operation operation = New(OperationKind.AssistLater, old.Person, Policy.Reversals.Agency, request.RequestId, request, target: old);
        Task<Reply<AssistLaterResponse>?> assisting = AskAsync(operation, grain => grain.AssistLater(request.AsImmutable()));
        if (chance.OneIn(6))
        {
            await parts.Loop.Delay(chance.Between(0, 3_000) * Ticks.Microsecond);
            await VoidAsync(operation);
        }

        if ((await assisting)?.Value is not null) parts.Assisted.Add(operation);
    }

    /// <summary>Corrects a settlement. What stands in its place may be reversed, voided, repeated and corrected like any other.</summary>
    private async Task CorrectAsync(Operation old)
    {
        CorrectRequest request = Correction(old, NextId());
        Operation operation = New(OperationKind.Correct, old.Person, Policy.Reversals.Agency, request.RequestId, request, target: old);
        Reply<CorrectResponse>? reply = await AskAsync(operation, grain => grain.Correct(request.AsImmutable()));
        if (reply?.Value is not { ReplacedBy.Length: > 0 } answer) return;
        SettleRequest again = old.Settle.Clone();
        (again.RequestId, again.Claim) = (CorrectionIds.Settlement(operation.RequestKey, old.Sequence), request.Claim);
        Operation replacement = New(OperationKind.Settle, old.Person, request.Claim.Facility.Code, again.RequestId, again);
        // The reversals come first, then what was made again, the wrong one's replacement before the others.
        replacement.Sequence = (int)answer.Sequence - answer.Settlements.Count(static row => row.ReplacedBy.Length > 0);
        settled.Add(replacement);
    }

    private async Task PreviewAsync(Operation old)
    {
        CorrectRequest request = Correction(old, "preview");
        request.Preview = true;
        await AskAsync(
            New(OperationKind.Preview, old.Person, name, "", request, target: old), grain => grain.Correct(request.AsImmutable()));
    }

    private CorrectRequest Correction(Operation old, string id)
    {
        CorrectRequest request =
            new() { RequestId = id, Person = old.Person, SettlementId = old.RequestKey.ToString(), Reason = "simulated" };
        if (chance.OneIn(5)) request.TakeBack = true;
        else request.Claim = Claims.Corrected(old.Settle.Claim, chance);
        return request;
    }

    private async Task QuoteAsync()
    {
        string person = Person();
        QuoteRequest request = new() { Person = person, Claim = Claims.Draw(chance) };
        await AskAsync(
            New(OperationKind.Quote, person, name, "", request), grain => grain.Quote(request.AsImmutable(), SettlerTerms.Agency));
    }

    private async Task AccountAsync()
    {
        await AskAsync(New(OperationKind.Account, Person(), name, "", null), static grain => grain.GetAccount());
    }

    private async Task GetAsync(Operation old)
    {
        await AskAsync(
            New(OperationKind.Get, old.Person, name, "", null, target: old), grain => grain.GetSettlement(old.RequestKey.ToString(), ""));
    }

    /// <summary>Sends a request until it is decided, or as often as given. Null when nobody knows what became of it.</summary>
    private async Task<Reply<T>?> AskAsync<T>(
        Operation operation, Func<IInsuredPersonGrain, Task<Reply<T>>> invoke, int attempts = int.MaxValue)
        where T : class
    {
        if (operation.AnsweredBefore < 0) parts.History.Sent(operation);
        long pause = 2 * Ticks.Millisecond;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (parts.Journal.IsOn) parts.Journal.Write($"{name} asks: {operation}{(attempt > 0 ? " again" : "")}");
            Reply<T>? reply = await parts.Network.CallAsync(operation.Person, invoke, (answer, defect, committed) =>
                Left(operation, answer, defect, committed));
            if (reply is { Refusal: null } || (reply is not null && !AnswerChecker.IsRetryable(reply.Refusal!))) return reply;
            await parts.Loop.Delay(pause + chance.Between(0, pause));
            pause = Math.Min(2 * pause, 2 * Ticks.Second);
        }

        return null;
    }

    private void Left<T>(Operation operation, Reply<T>? reply, Exception? defect, long committed)
        where T : class
    {
        if (parts.Journal.IsOn) parts.Journal.Write($"answered: {operation}: {reply?.Refusal?.Code ?? defect?.Message ?? "done"}");
        parts.History.Left(operation, new Answer(MessageOf(reply?.Value), reply?.Refusal, defect), committed);
    }

    private static IMessage? MessageOf(object? value) => value is SettleAnswer settled ? settled.Message : (IMessage?)value;

    private Operation NewCharge()
    {
        string person = Person();
        Claim claim = Claims.Draw(chance);
        string id = NextId();
        SettleRequest request = new() { RequestId = id, Person = person, VisitId = $"v{id}", ChargeBatch = "1", Claim = claim };
        return New(OperationKind.Settle, person, claim.Facility.Code, id, request);
    }

    private Operation SameCharge(Operation old)
    {
        SettleRequest request = old.Settle.Clone();
        request.RequestId = NextId();
        return New(OperationKind.Settle, old.Person, old.Origin, request.RequestId, request);
    }

    private static Operation New(
        OperationKind kind, string person, string origin, string requestId, IMessage? request, Operation? target = null,
            bool isConflict = false) => new()
    {
        Kind = kind,
        Person = person,
        Origin = origin,
        RequestId = requestId,
        Request = request,
        Target = target,
        IsConflict = isConflict,
    };

    /// <summary>A settlement to correct: mostly one of the newest, which takes few others with it.</summary>
    private Operation ToCorrect(Operation old) =>
        chance.OneIn(6) ? old : settled[settled.Count - 1 - chance.Below(Math.Min(16, settled.Count))];

    private Operation? Pick(List<Operation> from) => from.Count > 0 ? from[chance.Below(from.Count)] : null;

    /// <summary>Half of all requests go to the first persons, as some are treated more often than others.</summary>
    private string Person() => persons[chance.OneIn(2) ? chance.Below(Math.Max(1, persons.Length / 4)) : chance.Below(persons.Length)];

    private string NextId() => $"{name}-{++asked}";
}

/// <summary>How many requests a run still has in it.</summary>
internal sealed class OperationBudget(int count)
{
    private int left = count;

    /// <summary>Whether none is left.</summary>
    public bool IsUsedUp => left <= 0;

    /// <summary>Takes one; false when none is left.</summary>
    public bool Take() => left-- > 0;
}
