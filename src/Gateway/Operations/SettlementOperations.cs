using System.Threading.Channels;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Settlement service, for gRPC and JSON alike: authorise, check the shape, ask the person's grain.</summary>
public sealed class SettlementOperations(IGrainFactory grains, GatewayOptions options, Drain drain)
{
    private const int MaxPage = 200;
    private const int MaxHeldAnswers = 32;

    /// <summary>Pre-settlement.</summary>
    public async Task<QuoteResponse> Quote(QuoteRequest request, Caller caller)
    {
        Check.Person(request.Person);
        FacilityFacts.Apply(caller, request.Claim);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        return Value(await Person(request.Person).Quote(new Immutable<QuoteRequest>(request), caller.Terms));
    }

    /// <summary>Settlement.</summary>
    public async Task<SettleResponse> Settle(SettleRequest request, Caller caller)
    {
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        Check.Id("visitId", request.VisitId);
        Check.Id("chargeBatch", request.ChargeBatch);
        FacilityFacts.Apply(caller, request.Claim);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        return Value(await Person(request.Person).Settle(new Immutable<SettleRequest>(request), caller.Terms));
    }

    /// <summary>Settlement in bulk: at most <see cref="GatewayOptions.MaxInFlightPerStream"/> in work at once, answers as they come.</summary>
    /// <param name="requests">The stream.</param>
    /// <param name="answer">Sends an answer; true with it when the next one follows at once.</param>
    /// <param name="caller">Who settles.</param>
    /// <param name="cancellation">The caller is gone.</param>
    /// <exception cref="RefusalException">SERVER_STOPPING, after everything accepted was answered.</exception>
    public async Task SettleMany(
        IAsyncEnumerable<SettleRequest> requests, Func<SettleManyResponse, bool, Task> answer, Caller caller, CancellationToken cancellation)
    {
        Channel<SettleManyResponse> answers = Channel.CreateUnbounded<SettleManyResponse>(new() { SingleReader = true });
        using SemaphoreSlim room = new(options.MaxInFlightPerStream);
        bool stopped = false;
        int open = 1; // the reader itself, and each request in work
        Task reading = Read();
        int held = 0;
        await foreach (SettleManyResponse response in answers.Reader.ReadAllAsync(cancellation))
        {
            // Answers leave together as far as they are there together; but not more than a few, or a slow reader would not be noticed.
            bool more = held < MaxHeldAnswers && answers.Reader.TryPeek(out _);
            held = more ? held + 1 : 0;
            await answer(response, more);
            // Room is given back only when the answer is on its way: a slow reader slows its own stream, not the server's memory.
            room.Release();
        }

        await reading;
        if (stopped) throw new RefusalException(Stopping);

        async Task Read()
        {
            using CancellationTokenSource accepting = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.StopAccepting);
            try
            {
                await foreach (SettleRequest request in requests.WithCancellation(accepting.Token))
                {
                    await room.WaitAsync(accepting.Token);
                    Interlocked.Increment(ref open);
                    _ = One(request);
                }

                Done();
            }
            catch (OperationCanceledException) when (drain.StopAccepting.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                // A long upload must not hold the process back: it goes on at another server.
                stopped = true;
                Done();
            }
            catch (Exception error)
            {
                answers.Writer.TryComplete(error);
            }
        }

        async Task One(SettleRequest request)
        {
            SettleManyResponse response = new() { RequestId = request.RequestId };
            try
            {
                response.Settled = await Settle(request, caller);
            }
            catch (RefusalException refused)
            {
                response.Refusal = ToRefusal(refused.Refusal);
            }
            catch (Exception error) when (OutcomeUnknown.Covers(error))
            {
                response.Refusal = ToRefusal(OutcomeUnknown.Refusal);
            }
            catch (Exception error)
            {
                answers.Writer.TryComplete(error);
                return;
            }

            answers.Writer.TryWrite(response);
            Done();
        }

        void Done()
        {
            if (Interlocked.Decrement(ref open) == 0) answers.Writer.TryComplete();
        }
    }

    /// <summary>Reversal.</summary>
    public async Task<ReverseResponse> Reverse(ReverseRequest request, Caller caller)
    {
        Check.Id("requestId", request.RequestId);
        Check.Id("settlementId", request.SettlementId);
        if (request.Facility.Length > 0) Check.Id("facility", request.Facility);
        request.Facility = FacilityFacts.Acting(caller, request.Facility);
        request.Person = await PersonOf(request.SettlementId, request.Person);
        return Value(await Person(request.Person).Reverse(new Immutable<ReverseRequest>(request)));
    }

    /// <summary>The end of a request of unknown outcome; a facility voids its own only.</summary>
    public async Task<VoidResponse> Void(VoidRequest request, Caller caller)
    {
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        if (request.Facility.Length > 0) Check.Id("facility", request.Facility);
        request.Facility = FacilityFacts.Acting(caller, request.Facility);
        return Value(await Person(request.Person).Void(new Immutable<VoidRequest>(request)));
    }

    /// <summary>One settlement; a facility sees its own only.</summary>
    public async Task<SettlementView> GetSettlement(GetSettlementRequest request, Caller caller)
    {
        Check.Id("settlementId", request.SettlementId);
        Check.Language("language", request.Language);
        string person = await PersonOf(request.SettlementId, request.Person);
        SettlementView view = Value(await Person(person).GetSettlement(request.SettlementId, request.Language));
        // Another facility's settlement looks like none, so that ids cannot be tried out.
        bool own = view.Claim.Facility.Code == caller.Facility?.Code && view.Claim.Channel == Claim.Types.Channel.Counter;
        return caller.IsAgency || own ? view : throw NotFound(request.SettlementId);
    }

    /// <summary>What became of a request.</summary>
    public async Task<GetByRequestResponse> GetByRequest(GetByRequestRequest request, Caller caller)
    {
        Check.KnownRequestId("requestId", request.RequestId);
        if (request.Facility.Length > 0) Check.Id("facility", request.Facility);
        string origin = FacilityFacts.Acting(caller, request.Facility) is { Length: > 0 } facility ? facility : Origins.Agency;
        if (request.Person.Length > 0)
        {
            Check.Person(request.Person);
            if (await Person(request.Person).IsInProgress(origin, request.RequestId))
                return new GetByRequestResponse { State = GetByRequestResponse.Types.State.InProgress };
        }

        return Value(await Reader(request.RequestId).GetByRequest(origin, request.RequestId));
    }

    /// <summary>The person's settlements, newest first; a facility sees its own only.</summary>
    public async Task<ListSettlementsResponse> ListSettlements(ListSettlementsRequest request, Caller caller)
    {
        Check.Person(request.Person);
        Check.AtMost("pageSize", request.PageSize, MaxPage);
        if (request.BenefitYear != 0) Check.Year("benefitYear", request.BenefitYear);
        request.Facility = FacilityFacts.Acting(caller, request.Facility);
        return Value(await Person(request.Person).ListSettlements(new Immutable<ListSettlementsRequest>(request)));
    }

    /// <summary>The person's counters, open to every facility: the counter needs them before treatment (5206).</summary>
    public async Task<GetAccountResponse> GetAccount(GetAccountRequest request, Caller caller)
    {
        Check.Person(request.Person);
        return Value(await Person(request.Person).GetAccount());
    }

    /// <summary>Whether the deposit on admission is waived.</summary>
    public async Task<CheckDepositResponse> CheckDeposit(CheckDepositRequest request, Caller caller)
    {
        Check.Person(request.Person);
        FacilityFacts.Apply(caller, request.Claim);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        return Value(await Person(request.Person).CheckDeposit(new Immutable<CheckDepositRequest>(request), caller.Terms));
    }

    /// <summary>The empty call.</summary>
    public static Task<PingResponse> Ping(PingRequest request, Caller caller) => Task.FromResult(new PingResponse());

    internal static T Value<T>(Reply<T> reply)
        where T : class =>
        reply.Value ?? throw new RefusalException(reply.Refusal!);

    private static Refusal ToRefusal(RefusalInfo refusal)
    {
        Refusal result = new() { Code = refusal.Code, Status = (int)RefusalStatus.CodeOf(refusal.Code), Message = refusal.Message };
        result.Metadata.Add(refusal.Details);
        return result;
    }

    private static RefusalInfo Stopping { get; } = new(
        RefusalCodes.ServerStopping,
        "This server is stopping. What it has not answered it did not accept: open a new stream and send that again.",
        "服务器正在停止。未应答的请求均未受理：请重新建立连接并重发。");

    private static RefusalException NotFound(string settlementId) => new(new RefusalInfo(
        RefusalCodes.NotFound,
        $"There is no settlement '{settlementId}'.",
        $"没有结算编号为“{settlementId}”的结算。",
        new Dictionary<string, string> { ["settlementId"] = settlementId }));

    private IInsuredPersonGrain Person(string person) => grains.GetGrain<IInsuredPersonGrain>(person);

    /// <summary>Readers hold no state: a few of them share the look-ups.</summary>
    private ILedgerReaderGrain Reader(string id) => grains.GetGrain<ILedgerReaderGrain>(id.Length == 0 ? "-" : id[^1..]);

    /// <summary>The person of a settlement, looked up where the request does not name one.</summary>
    internal async Task<string> PersonOf(string settlementId, string person)
    {
        if (person.Length > 0)
        {
            Check.Person(person);
            return person;
        }

        return Value(await Reader(settlementId).FindPerson(settlementId)).Person;
    }
}
