using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Xunit.Abstractions;
using State = Settlement.Contract.VoidResponse.Types.State;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests;

/// <summary>
/// A time-out at the counter ends in a known state (冲正): given its request id alone, a request that made no entry never makes one any more,
/// and a settlement that it made is reversed.
/// </summary>
public abstract class VoidTests(Func<Task<string[]>> ledger, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Hospital = "H210100001";
    private TestSilo silo = null!;
    private string[] settings = [];

    public async Task InitializeAsync()
    {
        settings = [.. await ledger(), "Gateway:Insecure=true"];
        silo = await TestSilo.StartAsync(settings);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task A_request_that_never_arrived_is_refused_for_ever_after()
    {
        VoidResponse first = await VoidAsync("P1", "r1");
        VoidResponse second = await VoidAsync("P1", "r1");

        Assert.Equal((State.NeverSettles, "r1", "P1", 2L), (first.State, first.RequestId, first.Person, first.Sequence));
        Assert.Equal(first.ToByteString(), second.ToByteString());
        SettleRequest late = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        Google.Rpc.ErrorInfo info = await Refused.With("REQUEST_VOIDED", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(late));
        Assert.Equal((first.VoidedAt, "r1"), (info.Metadata["voidedAt"], info.Metadata["requestId"]));
        await RestartAsync();
        await Refused.With("REQUEST_VOIDED", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(late));
        GetByRequestResponse asked = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = "r1", Facility = Hospital });
        Assert.Equal((GetByRequestResponse.Types.State.Voided, first), (asked.State, asked.Voided));

        // The charge is free: it is settled under another id, by the same counters as if nothing had been.
        late.RequestId = "r2";
        SettlementResult settled = (await silo.Settlement.SettleAsync(late)).Result;
        Assert.Equal((3L, 2_955_000L), (settled.Sequence, settled.Pooled));
        ListSettlementsResponse listed = await silo.Settlement.ListSettlementsAsync(new ListSettlementsRequest { Person = "P1" });
        Assert.Equal(settled, Assert.Single(listed.Settlements).Result);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_settlement_that_was_made_is_reversed_once_and_the_charge_is_free()
    {
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        SettlementResult settled = (await silo.Settlement.SettleAsync(request)).Result;

        VoidResponse first = await VoidAsync("P1", "r1");
        VoidResponse second = await VoidAsync("P1", "r1");

        Assert.Equal(State.Reversed, first.State);
        Assert.Equal((settled, settled.SettlementId), (first.Reversal.Reversed, first.Reversal.SettlementId));
        Assert.Equal(first.ToByteString(), second.ToByteString());
        Assert.Empty((await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
        GetByRequestResponse asked = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = "r1", Facility = Hospital });
        Assert.True(asked is { State: GetByRequestResponse.Types.State.Settled, ReversedSince: true });
        GetByRequestResponse reversal = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = first.Reversal.RequestId, Facility = Hospital });
        Assert.Equal(first.Reversal, reversal.Reversed);
        request.RequestId = "r2";
        Assert.Null((await silo.Settlement.SettleAsync(request)).AlreadySettled);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task What_was_reversed_by_hand_is_answered_with_that_reversal()
    {
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        ReverseResponse reversal = await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = settled.SettlementId });

        VoidResponse answer = await VoidAsync("P1", "r1");

        Assert.Equal((State.Reversed, reversal), (answer.State, answer.Reversal));
    }

    [Fact]
    public async Task What_a_correction_replaced_names_what_stands_for_it()
    {
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        CorrectResponse corrected = await new Agency.AgencyClient(silo.Channel()).CorrectAsync(new CorrectRequest
        {
            RequestId = "c1", SettlementId = settled.SettlementId, Claim = Requests.Inpatient(3_000_000), Reason = "金额有误",
        });

        VoidResponse answer = await VoidAsync("P1", "r1");

        Assert.Equal(
            (State.Reversed, corrected.CorrectionId, corrected.ReplacedBy),
            (answer.State, answer.Reversal.CorrectionId, answer.ReplacedBy));
    }

    [Fact]
    public async Task A_settlement_with_a_later_one_on_top_stands_and_says_what_is_in_the_way()
    {
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        SettlementResult later = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Requests.Inpatient(4_000_000)))).Result;

        Google.Rpc.ErrorInfo info = await Refused.With(
            "NOT_LATEST", StatusCode.FailedPrecondition, silo.Settlement.VoidAsync(Of("P1", "r1")));

        Assert.Equal((later.SettlementId, settled.SettlementId), (info.Metadata["blockedBy"], info.Metadata["settlementId"]));
        Assert.Equal(State.Reversed, (await VoidAsync("P1", "r2")).State);
        Assert.Equal(State.Reversed, (await VoidAsync("P1", "r1")).State);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_reversal_that_never_arrived_is_voided_and_one_that_did_is_not()
    {
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        ReverseRequest reverse = new() { RequestId = "x1", SettlementId = settled.SettlementId, Facility = Hospital };

        Assert.Equal(State.NeverSettles, (await VoidAsync("P1", "x1")).State);
        await Refused.With("REQUEST_VOIDED", StatusCode.FailedPrecondition, silo.Settlement.ReverseAsync(reverse));
        reverse.RequestId = "x2";
        await silo.Settlement.ReverseAsync(reverse);
        Google.Rpc.ErrorInfo info = await Refused.With(
            "NOT_VOIDABLE", StatusCode.FailedPrecondition, silo.Settlement.VoidAsync(Of("P1", "x2")));
        Assert.Equal("Reversal", info.Metadata["kind"]);
    }

    [Fact]
    public async Task A_person_who_is_not_registered_yet_is_no_way_around_a_void()
    {
        SettleRequest late = Requests.Settle("P2", "r1", Requests.Inpatient(4_000_000));
        await Refused.With("PERSON_NOT_REGISTERED", StatusCode.NotFound, silo.Settlement.SettleAsync(late));

        VoidResponse voided = await VoidAsync("P2", "r1");

        Assert.Equal((State.NeverSettles, 1L), (voided.State, voided.Sequence));
        await Refused.With("REQUEST_VOIDED", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(late));
        await Refused.With(
            "PERSON_NOT_REGISTERED", StatusCode.NotFound, silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P2" }));
        Assert.Equal(2, (await silo.Enrolment.RegisterAsync(Requests.Register("P2"))).Sequence);
        await Refused.With("ALREADY_REGISTERED", StatusCode.AlreadyExists, silo.Enrolment.RegisterAsync(
            new RegisterRequest(Requests.Register("P2")) { RequestId = "again" }));
        await Refused.With("REQUEST_VOIDED", StatusCode.FailedPrecondition, silo.Settlement.SettleAsync(late));
        late.RequestId = "r2";
        SettlementResult settled = (await silo.Settlement.SettleAsync(late)).Result;
        Assert.Equal(3, settled.Sequence);
        Assert.Equal(State.Reversed, (await VoidAsync("P2", "r2")).State);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task The_wrong_person_named_voids_the_id_all_the_same_and_reverses_nobody()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P2"));
        Assert.Equal(State.NeverSettles, (await VoidAsync("P2", "r1")).State);
        await Refused.With(
            "REQUEST_VOIDED", StatusCode.FailedPrecondition,
            silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000))));
        Assert.Equal(State.NeverSettles, (await VoidAsync("P1", "r1")).State);

        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Requests.Inpatient(4_000_000)));
        await Refused.With("REQUEST_CONFLICT", StatusCode.AlreadyExists, silo.Settlement.VoidAsync(Of("P2", "r2")));
        Assert.NotEmpty((await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
    }

    [Fact]
    public async Task An_id_of_another_facility_is_another_request()
    {
        VoidRequest elsewhere = Of("P1", "r1");
        elsewhere.Facility = "H210100002";
        await silo.Settlement.VoidAsync(elsewhere);

        Assert.Null((await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).AlreadySettled);
        elsewhere.RequestId = "";
        await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, silo.Settlement.VoidAsync(elsewhere));
    }

    [Fact]
    public async Task Settle_and_void_at_once_end_in_one_of_two_states()
    {
        VoidRaces races = new(silo, silo, output);
        await races.RunAsync();
        await Audits.AssertSoundAsync(silo);
    }

    private async Task<VoidResponse> VoidAsync(string person, string requestId) => await silo.Settlement.VoidAsync(Of(person, requestId));

    private async Task RestartAsync()
    {
        await silo.DisposeAsync();
        silo = await TestSilo.StartAsync(settings);
    }

    private static VoidRequest Of(string person, string requestId) => new() { RequestId = requestId, Person = person, Facility = Hospital };
}
