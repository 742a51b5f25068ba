using Google.Protobuf;
using Grpc.Core;
using Settlement.Cli.Auditing;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>Reimbursement by hand (section 11): the same rules and counters, another channel, a day by which it is due.</summary>
public sealed class ReimbursementTests : IAsyncLifetime
{
    private TestSilo silo = null!;
    private Agency.AgencyClient agency = null!;
    private Policies.PoliciesClient policies = null!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync(
            new FixedMoment("2026-04-21T23:30:00+08:00"), [.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);
        agency = new Agency.AgencyClient(silo.Channel());
        policies = new Policies.PoliciesClient(silo.Channel());
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task By_hand_pays_what_the_counter_would_have_paid_and_is_the_agencys_settlement()
    {
        Claim claim = Requests.Inpatient(4_000_000);
        QuoteResponse quote = await silo.Settlement.QuoteAsync(new QuoteRequest { Person = "P1", Claim = claim });
        ReimburseRequest request = Reimburse("h1", claim);

        ReimburseResponse paid = await agency.ReimburseAsync(request);

        Assert.Equal((quote.Result.Pooled, quote.Result.PersonPays), (paid.Result.Pooled, paid.Result.PersonPays));
        Assert.Equal(paid.Result.ToByteString(), (await agency.ReimburseAsync(request)).Result.ToByteString());
        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = paid.Result.SettlementId });
        Assert.Equal((Claim.Types.Channel.Manual, "2026-03-12"), (view.Claim.Channel, view.Claim.ReceivedOn));
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = paid.Result.SettlementId, Facility = claim.Facility.Code }));
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x2", SettlementId = paid.Result.SettlementId });
        Assert.Empty((await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
        List<Cli.Auditing.Violation> violations = [];
        await new LedgerAudit(silo.Ledger, new PolicyRecomputation(silo.Ledger)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
    }

    [Fact]
    public async Task A_charge_settled_at_the_counter_is_not_paid_by_hand_too_nor_the_other_way_round()
    {
        Claim claim = Requests.Inpatient(4_000_000);
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim))).Result;
        ReimburseRequest request = Reimburse("h1", claim);
        request.VisitId = settled.VisitId;

        ReimburseResponse answer = await agency.ReimburseAsync(request);

        Assert.True(answer.AlreadySettled);
        Assert.Equal(settled, answer.Result);
        Assert.Null(answer.Due);
        await agency.ReimburseAsync(Reimburse("h2", claim));
        SettleRequest again = Requests.Settle("P1", "r2", claim);
        again.VisitId = "v-h2";
        Assert.Equal("h2", (await silo.Settlement.SettleAsync(again)).AlreadySettled.FirstRequestId);
    }

    //           received      due           late on 2026-04-21
    [Theory]
    [InlineData("2026-03-10", "2026-04-21", false)]
    [InlineData("2026-03-09", "2026-04-20", true)]
    public async Task The_answer_says_by_when_it_was_due_and_that_holidays_are_not_counted(string received, string due, bool late)
    {
        Claim claim = Requests.Inpatient(4_000_000, discharged: "2026-03-09");
        ReimburseRequest request = Reimburse("h1", claim);
        request.ReceivedOn = received;

        ReimburseResponse paid = await agency.ReimburseAsync(request);

        Assert.Equal((30, due, late), (paid.Due.WorkingDays, paid.Due.DueOn, paid.Late));
        Assert.Equal((Service.Types.Matter.InpatientReimbursement, DueDate.Types.Calendar.Weekdays), (paid.Due.Matter, paid.Due.Calendar));
        Assert.Contains("18.3", paid.Due.Citation);
    }

    [Fact]
    public async Task Papers_come_after_the_discharge_and_not_tomorrow_and_the_channel_is_not_the_callers_to_set()
    {
        Claim claim = Requests.Inpatient(4_000_000);
        ReimburseRequest early = Reimburse("h1", claim);
        early.ReceivedOn = "2026-03-09";
        ReimburseRequest ahead = Reimburse("h1", claim);
        ahead.ReceivedOn = "2026-04-22";
        Claim manual = new(claim) { Channel = Claim.Types.Channel.Manual };

        Assert.Equal("receivedOn", (await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, agency.ReimburseAsync(early)))
            .Metadata["field"]);
        Assert.Equal("receivedOn", (await Refused.With("DATE_AHEAD", StatusCode.FailedPrecondition, agency.ReimburseAsync(ahead)))
            .Metadata["field"]);
        await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", manual)));
    }

    [Fact]
    public async Task Due_dates_and_contract_checklists_are_asked_for_without_a_person()
    {
        DueDate due = await policies.GetDueDateAsync(new GetDueDateRequest
        {
            Region = Requests.Shenyang, Matter = Service.Types.Matter.OutOfAreaFiling, ReceivedOn = "2026-03-06",
        });
        CheckContractRequest application = new()
        {
            Region = Requests.Shenyang, Applicant = FacilityContract.Types.Applicant.Pharmacy, AppliedOn = "2026-03-01",
        };
        application.Found.Add(new FoundGround { Ground = FacilityContract.Types.Ground.EndedForBreach, Since = "2025-03-02" });

        CheckContractResponse checklist = await policies.CheckContractAsync(application);

        Assert.Equal((2, "2026-03-10"), (due.WorkingDays, due.DueOn));
        Assert.True(checklist.Refused);
        Assert.Equal(7, checklist.Grounds.Count);
        CheckedGround bar = Assert.Single(checklist.Grounds, ground => ground.Bars);
        Assert.Equal((1, true, "2026-03-02"), (bar.Years, bar.UntilSettled, bar.FreeFrom));
        await Refused.With("UNPUBLISHED_PARAMETER", StatusCode.FailedPrecondition, policies.GetDueDateAsync(new GetDueDateRequest
        {
            Region = "210500", Matter = Service.Types.Matter.OutOfAreaFiling, ReceivedOn = "2026-03-06",
        }));
    }

    private static ReimburseRequest Reimburse(string id, Claim claim) => new()
    {
        RequestId = id, Person = "P1", VisitId = "v-" + id, ChargeBatch = "1", Claim = claim, ReceivedOn = "2026-03-12",
    };
}
