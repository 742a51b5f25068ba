using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Front;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Reads;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Services;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Persons;
using Settlement.Refusals;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Gateway.Operations;

/// <summary>
/// The operations of the Settlement service, for gRPC and JSON alike: authorise, check the shape, ask the person's grain.
/// </summary>
public sealed class SettlementOperations(
    IGrainFactory grains, ReadTrail reads, GatewayOptions options, FacilityRegistry registry, Drain drain)
{
    private const int MaxPage = 200;
    private const int MaxHeldAnswers = 32;

    private static RefusalInfo Idle { get; } = new(
        RefusalCodes.CallEnded, "The stream was idle for too long and is ended; what was answered stands.", "数据流空闲时间过长，已结束；已应答的结果有效。");

    /// <summary>Pre-settlement.</summary>
    public async Task<QuoteResponse> Quote(QuoteRequest request, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        Check.Person(request.Person);
        caller = await registry.Complete(caller, request.Claim?.DischargeDate);
        FacilityFacts.Apply(caller, request.Claim);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        reads.Note(caller, "Settlement/Quote", request.Person);
        return Value(await Person(request.Person).Quote(new Immutable<QuoteRequest>(request), caller.Terms));
    }

    /// <summary>Settlement.</summary>
    public async Task<SettleAnswer> Settle(SettleRequest request, Caller caller)
    {
        caller.Require(Scope.Settle);
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        Check.Id("visitId", request.VisitId);
        Check.Id("chargeBatch", request.ChargeBatch);
        caller = await registry.Complete(caller, request.Claim?.DischargeDate);
        FacilityFacts.Apply(caller, request.Claim);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        return Value(await Person(request.Person).Settle(new Immutable<SettleRequest>(request), caller.Terms));
    }

    /// <summary>
    /// Settlement in bulk: at most <see cref="GatewayOptions.MaxInFlightPerStream"/> in work at once, answers as they come.
    /// </summary>
    /// <param name="requests">The stream.</param>
    /// <param name="answer">Sends an answer; true with it when the next one follows at once.</param>
    /// <param name="caller">Who settles.</param>
    /// <param name="cancellation">The caller is gone.</param>
    /// <exception cref="RefusalException">SERVER_STOPPING, after everything accepted was answered.</exception>
    public async Task SettleMany(
        IAsyncEnumerable<SettleRequest> requests, Func<BulkAnswer, bool, Task> answer, Caller caller,
        CancellationToken cancellation)
    {
        caller.Require(Scope.Settle);
        // Never full: there is room for as many answers as requests may be in work.
        Channel<BulkAnswer> answers = Channel.CreateBounded<BulkAnswer>(
            new BoundedChannelOptions(options.MaxInFlightPerStream)
        {
            SingleReader = true,
        });
        using SemaphoreSlim room = new(options.MaxInFlightPerStream);
        bool stopped = false;
        int open = 1; // the reader itself, and each request in work
        Task reading = Read();
        int held = 0;
        await foreach (BulkAnswer response in answers.Reader.ReadAllAsync(cancellation))
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
            using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(accepting.Token);
            try
            {
                idle.CancelAfter(options.StreamIdleTimeout);
                await foreach (SettleRequest request in requests.WithCancellation(idle.Token))
                {
                    idle.CancelAfter(Timeout.InfiniteTimeSpan);
                    await room.WaitAsync(accepting.Token);
                    if (caller.Lane is { } lane) await lane.EnterAsync(accepting.Token);
                    Interlocked.Increment(ref open);
                    _ = One(request);
                    idle.CancelAfter(options.StreamIdleTimeout);
                }

                Done();
            }
            catch (OperationCanceledException) when (drain.StopAccepting.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                // A long upload must not hold the process back: it goes on at another server.
                stopped = true;
                Done();
            }
            catch (OperationCanceledException) when (idle.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                answers.Writer.TryComplete(new RefusalException(Idle));
            }
            catch (Exception error)
            {
                answers.Writer.TryComplete(error);
            }
        }

        async Task One(SettleRequest request)
        {
            Observation? seen = Observation.Start(nameof(SettleMany));
            BulkAnswer response;
            try
            {
                response = new BulkAnswer(request.RequestId, await Settle(request, caller));
                seen?.Answered();
            }
            catch (RefusalException refused)
            {
                response = new BulkAnswer(request.RequestId, ToRefusal(refused.Refusal));
                seen?.Refused(refused.Refusal);
            }
            catch (Exception error) when (OutcomeUnknown.Covers(error))
            {
                response = new BulkAnswer(request.RequestId, ToRefusal(OutcomeUnknown.Refusal));
                seen?.Refused(OutcomeUnknown.Refusal);
            }
            catch (Exception error)
            {
                seen?.Broken();
                answers.Writer.TryComplete(error);
                return;
            }
            finally
            {
                caller.Lane?.Leave();
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
        caller.Require(Scope.Settle);
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
        caller.Require(Scope.Settle);
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        if (request.Facility.Length > 0) Check.Id("facility", request.Facility);
        request.Facility = FacilityFacts.Acting(caller, request.Facility);
        return Value(await Person(request.Person).Void(new Immutable<VoidRequest>(request)));
    }

    /// <summary>One settlement; a facility sees its own only.</summary>
    public async Task<SettlementView> GetSettlement(GetSettlementRequest request, Caller caller)
    {
        caller.Require(Scope.Read);
        Check.Id("settlementId", request.SettlementId);
        Check.Language("language", request.Language);
        if (request.Person.Length > 0) Check.Person(request.Person);
        reads.Note(caller, "Settlement/GetSettlement", request.Person, request.SettlementId);
        string person = await PersonOf(request.SettlementId, request.Person);
        SettlementView view = Value(await Person(person).GetSettlement(request.SettlementId, request.Language));
        // Another facility's settlement looks like none, so that ids cannot be tried out.
        bool own = view.Claim.Facility.Code == caller.Facility?.Code && view.Claim.Channel == Claim.Types.Channel.Counter;
        return caller.IsAgency || own ? view : throw NotFound(request.SettlementId);
    }

    /// <summary>What became of a request.</summary>
    public async Task<GetByRequestResponse> GetByRequest(GetByRequestRequest request, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        Check.KnownRequestId("requestId", request.RequestId);
        if (request.Facility.Length > 0) Check.Id("facility", request.Facility);
        string origin = FacilityFacts.Acting(caller, request.Facility) is { Length: > 0 } facility ? facility : Origins.Agency;
        if (request.Person.Length > 0) Check.Person(request.Person);
        reads.Note(caller, "Settlement/GetByRequest", request.Person, request.RequestId);
        bool isInProgress = false;
        if (request.Person.Length > 0)
        {
            // Asked first: what is no longer being written when the ledger is read is found there.
            isInProgress = await Person(request.Person).IsInProgress(origin, request.RequestId);
        }

        Reply<GetByRequestResponse> kept = await Reader(request.RequestId).GetByRequest(origin, request.RequestId);
        // A repeat is in progress, too, of what was accepted long ago: the ledger has the last word.
        bool isSettled = kept.Value is { State: GetByRequestResponse.Types.State.Settled };
        return isInProgress && !isSettled ? new GetByRequestResponse { State = GetByRequestResponse.Types.State.InProgress } : Value(kept);
    }

    /// <summary>The person's settlements, newest first; a facility sees its own only.</summary>
    public async Task<ListSettlementsResponse> ListSettlements(ListSettlementsRequest request, Caller caller)
    {
        caller.Require(Scope.Read);
        Check.Person(request.Person);
        Check.Between("pageSize", request.PageSize, 0, MaxPage);
        if (request.BenefitYear != 0) Check.Year("benefitYear", request.BenefitYear);
        request.Facility = FacilityFacts.Acting(caller, request.Facility);
        reads.Note(caller, "Settlement/ListSettlements", request.Person);
        return Value(await Person(request.Person).ListSettlements(new Immutable<ListSettlementsRequest>(request)));
    }

    /// <summary>The person's counters, open to every facility: the counter needs them before treatment (5206).</summary>
    public async Task<GetAccountResponse> GetAccount(GetAccountRequest request, Caller caller)
    {
        caller.Require(Scope.Read);
        Check.Person(request.Person);
        reads.Note(caller, "Settlement/GetAccount", request.Person);
        return Value(await Person(request.Person).GetAccount());
    }

    /// <summary>What holds for the person on a day, open to every facility as the counters are.</summary>
    public async Task<GetLimitsResponse> GetLimits(GetLimitsRequest request, Caller caller)
    {
        caller.Require(Scope.Read);
        Check.Person(request.Person);
        Check.Division("region", request.Region);
        Check.KnownOrAbsent("scheme", request.Scheme);
        Check.DateOrAbsent("on", request.On);
        reads.Note(caller, "Settlement/GetLimits", request.Person);
        return Value(await Person(request.Person).GetLimits(new Immutable<GetLimitsRequest>(request)));
    }

    /// <summary>Whether the deposit on admission is waived.</summary>
    public async Task<CheckDepositResponse> CheckDeposit(CheckDepositRequest request, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        Check.Person(request.Person);
        caller = await registry.Complete(caller, request.Claim?.DischargeDate);
        FacilityFacts.Apply(caller, request.Claim);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        reads.Note(caller, "Settlement/CheckDeposit", request.Person);
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
