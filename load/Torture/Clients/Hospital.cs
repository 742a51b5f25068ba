using Google.Protobuf;
using Settlement.Contract;
using Settlement.Policy;
using Settlement.Torture.History;
using Chance = Settlement.Simulate.Chance;
using Claim = Settlement.Contract.Claim;
using Claims = Settlement.Simulate.Claims;

namespace Settlement.Torture.Clients;

/// <summary>What all clients of a run share.</summary>
internal sealed record HospitalParts(string[] Persons, Settled Settled, Count Operations);

/// <summary>A count that many add to.</summary>
internal sealed class Count
{
    private long value;

    public long Value => Volatile.Read(ref value);

    public long Next() => Interlocked.Increment(ref value);
}

/// <summary>
/// One client. It sends a person's requests to the silo that the person's name hashes to, and now and then to another, so that two
/// activations of a person meet. After a time-out, BUSY or an unknown outcome it sends the same request again, to the same silo or another;
/// and it does what real clients do besides: mints a new id for the same charge, repeats old requests, uses an id for something else,
/// sends a request to two silos at once.
/// </summary>
internal sealed class Hospital(HospitalParts parts, Wire wire, Chance chance, string name)
{
    private const int MostAttempts = 4;
    private const int LongestThought = 50;
    private int asked;

    /// <summary>Works until it is told to stop. The last request is seen through.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            int draw = chance.Below(1_000);
            Operation? old = parts.Settled.Draw(chance);
            if (draw < 640 || old is null) await SettleAsync(NewCharge());
            else if (draw < 700) await SettleAsync(SameCharge(old));
            else if (draw < 760) await UntilKnownAsync(Again(old));
            else if (draw < 780) await UntilKnownAsync(Conflict(old));
            else if (draw < 860) await UntilKnownAsync(Reverse(old));
            else if (draw < 870) await UntilKnownAsync(Correct(old));
            else if (draw < 877) await UntilKnownAsync(Record());
            else if (draw < 880) await UntilKnownAsync(Grant());
            else if (draw < 920) await UntilKnownAsync(Quote());
            else if (draw < 970) await UntilKnownAsync(Account());
            else if (draw < 985) await UntilKnownAsync(Get(old));
            else await UntilKnownAsync(Ask(old));
            await Task.Delay(chance.Below(LongestThought), CancellationToken.None);
        }
    }

    /// <summary>Registers a person.</summary>
    public Task<Attempt> RegisterAsync(string person, int number)
    {
        RegisterRequest request = Claims.Register(person, number);
        return UntilKnownAsync(New(OperationKind.Register, person, request, Reversals.Agency, request.RequestId));
    }

    /// <summary>Sends a new charge of a person, once, to find out whether a silo works. It does when the rules refuse it, too.</summary>
    public async Task<bool> TrySettleAsync(string person, int silo) =>
        (await wire.SendAsync(NewCharge(person), silo)).Attempt is { Outcome: Outcome.Acknowledged or Outcome.Refused, IsBusy: false };

    private async Task SettleAsync(Operation operation)
    {
        bool mints = chance.OneIn(6);
        Attempt attempt = await UntilKnownAsync(operation, mints ? 1 : MostAttempts);
        // A naive client: when it hears nothing, it mints a new id for the same charge.
        if (mints && attempt.Outcome == Outcome.Indeterminate) await UntilKnownAsync(SameCharge(operation));
        if (attempt.Outcome == Outcome.Acknowledged) parts.Settled.Add(operation);
    }

    /// <summary>Sends an operation until its outcome is known, or as often as given.</summary>
    private async Task<Attempt> UntilKnownAsync(Operation operation, int attempts = MostAttempts)
    {
        int pause = 40;
        for (int attempt = 1; ; attempt++)
        {
            Attempt last = await OnceAsync(operation);
            if (!(last.Outcome == Outcome.Indeterminate || last.IsBusy) || attempt == attempts) return last;
            await Task.Delay(pause + chance.Below(pause));
            pause *= 3;
        }
    }

    private async Task<Attempt> OnceAsync(Operation operation)
    {
        int silo = SiloOf(operation.Person);
        if (wire.Silos == 1 || !chance.OneIn(40)) return (await wire.SendAsync(operation, silo)).Attempt;
        (Attempt Attempt, IMessage? Answer)[] both = await Task.WhenAll(
            wire.SendAsync(operation, silo), wire.SendAsync(operation, (silo + 1) % wire.Silos));
        return both[0].Attempt.Outcome == Outcome.Indeterminate ? both[1].Attempt : both[0].Attempt;
    }

    /// <summary>The person's own silo, or, once in twelve, any.</summary>
    private int SiloOf(string person) => chance.OneIn(12) ? chance.Below(wire.Silos) : Home(person, wire.Silos);

    private static int Home(string person, int silos) => int.Parse(person[1..], System.Globalization.CultureInfo.InvariantCulture) % silos;

    private Operation NewCharge(string? of = null)
    {
        string person = of ?? Person();
        Claim claim = Claims.Draw(chance);
        string id = NextId();
        SettleRequest request = new() { RequestId = id, Person = person, VisitId = $"v{id}", ChargeBatch = "1", Claim = claim };
        return New(OperationKind.Settle, person, request, claim.Facility.Code, id);
    }

    private Operation SameCharge(Operation old)
    {
        SettleRequest request = ((SettleRequest)old.Request).Clone();
        request.RequestId = NextId();
        return New(OperationKind.Settle, old.Person, request, old.Origin, request.RequestId);
    }

    private Operation Again(Operation old) => old with { Number = parts.Operations.Next() };

    private Operation Conflict(Operation old)
    {
        SettleRequest other = ((SettleRequest)old.Request).Clone();
        other.Claim.Totals.Total += 100;
        other.Claim.Totals.InScope += 100;
        return Again(old) with { Request = other, Conflict = true };
    }

    private Operation Reverse(Operation old)
    {
        string by = chance.OneIn(3) ? "" : old.Origin;
        ReverseRequest request = new() { RequestId = NextId(), Person = old.Person, SettlementId = old.SettlementId, Facility = by };
        return New(OperationKind.Reverse, old.Person, request, by.Length > 0
            ? by
            : Reversals.Agency, request.RequestId) with { Target = old.SettlementId };
    }

    private Operation Correct(Operation old)
    {
        CorrectRequest request = new() { RequestId = NextId(), Person = old.Person, SettlementId = old.SettlementId, Reason = "金额有误" };
        if (chance.OneIn(3))
        {
            request.TakeBack = true;
        }
        else
        {
            request.Claim = ((SettleRequest)old.Request).Claim.Clone();
            request.Claim.Totals.Total += 500;
            request.Claim.Totals.InScope += 500;
        }

        return New(OperationKind.Correct, old.Person, request, Reversals.Agency, request.RequestId) with { Target = old.SettlementId };
    }

    private Operation Record()
    {
        string person = Person();
        RecordRequest request = Claims.Record(person, NextId(), chance);
        return New(OperationKind.Record, person, request, Reversals.Agency, request.RequestId);
    }

    private Operation Grant()
    {
        string person = Person();
        GrantForIllnessRequest request = Claims.Grant(person, NextId(), chance);
        return New(OperationKind.Grant, person, request, Reversals.Agency, request.RequestId);
    }

    private Operation Quote()
    {
        string person = Person();
        return New(OperationKind.Quote, person, new QuoteRequest { Person = person, Claim = Claims.Draw(chance) });
    }

    private Operation Account()
    {
        string person = Person();
        return New(OperationKind.Account, person, new GetAccountRequest { Person = person });
    }

    private Operation Get(Operation old) =>
        New(OperationKind.Get, old.Person,
            new GetSettlementRequest { Person = old.Person, SettlementId = old.SettlementId }) with { Target = old.SettlementId };

    private Operation Ask(Operation old) => New(
        OperationKind.Ask, old.Person, new GetByRequestRequest { Person = old.Person, RequestId = old.RequestId, Facility = old.Origin },
            old.Origin, old.RequestId);

    private Operation New(OperationKind kind, string person, IMessage request, string origin = "", string requestId = "") =>
        new() { Number = parts.Operations.Next(), Kind = kind, Person = person, Request = request, Origin = origin, RequestId = requestId };

    /// <summary>Half of all requests go to an eighth of the persons, as some are treated more often than others.</summary>
    private string Person() =>
        chance.Pick(parts.Persons[..(chance.OneIn(2) ? Math.Max(1, parts.Persons.Length / 8) : parts.Persons.Length)]);

    private string NextId() => $"{name}-{++asked}";
}
