using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>Alerts on the yearly burden (section 8) over the wire: which answer shows them, and what stands in the account.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private const string Panjin = "211100";
    private TestSilo silo = null!;

    public async Task InitializeAsync() => silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task The_settlement_that_reaches_the_threshold_shows_the_alert_and_its_reversal_shows_it_withdrawn()
    {
        await RegisterAsync("P1");
        SettlementResult below = await SettleAsync("P1", "r1", 1_999_999);
        QuoteResponse quote = await silo.Settlement.QuoteAsync(new QuoteRequest { Person = "P1", Claim = Burden(1) });
        SettlementResult reached = await SettleAsync("P1", "r2", 1);
        SettlementResult more = await SettleAsync("P1", "r3", 500);

        Assert.Empty(below.Alerts);
        Alert raised =
            new() { Kind = Alert.Types.Kind.PovertyByIllness, State = Alert.Types.State.Raised, BenefitYear = 2026, Burden = 2_000_000 };
        Assert.Equal([raised], reached.Alerts);
        Assert.Equal([raised], quote.Result.Alerts);
        Assert.Empty(more.Alerts);
        Assert.Equal([new Alert(raised) { State = Alert.Types.State.Standing, Burden = 2_000_500 }], await StandingAsync("P1"));

        Assert.Empty((await ReverseAsync("x1", more)).Alerts);
        Assert.Equal([new Alert(raised) { State = Alert.Types.State.Withdrawn, Burden = 1_999_999 }], (await ReverseAsync("x2", reached))
            .Alerts);
        Assert.Empty(await StandingAsync("P1"));
    }

    [Fact]
    public async Task The_kind_follows_the_category_of_the_day_of_care_and_each_kind_stands_by_itself()
    {
        await RegisterAsync(
            "P1", new Fact { Group = new Membership { Group = Membership.Types.Group.MinimumLivingAllowance, From = "2020-01-01",
            To = "2026-02-28" } });
        Claim early = Burden(3_000_000);
        (early.AdmissionDate, early.DischargeDate) = ("2026-02-01", "2026-02-10");
        early.Referral = false;
        early.Facility.Division = "110100"; // elsewhere without referral: nothing is assisted, the whole burden stays

        SettlementResult first = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", early))).Result;
        SettlementResult second = await SettleAsync("P1", "r2", 100);

        Assert.Equal(Alert.Types.Kind.RelapseIntoPoverty, Assert.Single(first.Alerts).Kind);
        Assert.Equal(Alert.Types.Kind.PovertyByIllness, Assert.Single(second.Alerts).Kind);
        Assert.Equal(
            [Alert.Types.Kind.RelapseIntoPoverty, Alert.Types.Kind.PovertyByIllness],
            (await StandingAsync("P1")).Select(alert => alert.Kind).Order());
    }

    [Fact]
    public async Task Recorded_facts_move_no_burden_and_leave_every_alert_as_it_is()
    {
        await RegisterAsync("P1");
        await SettleAsync("P1", "r1", 2_500_000);
        Alert[] before = await StandingAsync("P1");
        RecordRequest record = new() { RequestId = "f1", Person = "P1", Region = Panjin };
        record.Facts.Add(Requests.Group(Membership.Types.Group.MinimumLivingAllowance));

        await silo.Enrolment.RecordAsync(record);

        Assert.Single(before);
        Assert.Equal(before, await StandingAsync("P1"));
    }

    [Fact]
    public async Task A_correction_tells_once_what_it_changed_over_all_and_nothing_of_an_alert_that_stays()
    {
        await RegisterAsync("P1");
        SettlementResult first = await SettleAsync("P1", "r1", 1_999_999);
        SettlementResult reached = await SettleAsync("P1", "r2", 1);
        await SettleAsync("P1", "r3", 2_000_000);

        // The threshold is reached by another settlement now, as the new results say; over all nothing has changed.
        CorrectResponse stays = await CorrectAsync("c1", first.SettlementId, Burden(3_000_000));
        CorrectResponse falls = await CorrectAsync("c2", stays.ReplacedBy, null, preview: true);
        CorrectResponse gone = await CorrectAsync("c3", stays.Settlements[2].ReplacedBy, null);
        CorrectResponse withdrawn = await CorrectAsync("c4", stays.ReplacedBy, Burden(5));
        CorrectResponse raised = await CorrectAsync("c5", withdrawn.ReplacedBy, Burden(2_500_000));

        Assert.Equal(reached.SettlementId, stays.Settlements[1].SettlementId);
        Assert.Empty(stays.Notices);
        Assert.Empty(falls.Notices);
        Assert.Empty(gone.Notices);
        Assert.Equal(["ALERT_WITHDRAWN"], withdrawn.Notices);
        Assert.Equal(["ALERT_RAISED"], raised.Notices);
        Assert.All([stays, gone, withdrawn, raised], answer => Assert.All(answer.Settlements, row => Assert.Empty(row.Notices)));
    }

    /// <summary>A stay in Panjin on which the insurance has paid nothing, and of which the person bears all.</summary>
    private static Claim Burden(long fen)
    {
        Claim claim = Requests.Inpatient(fen);
        claim.Region = claim.Facility.Division = Panjin;
        (claim.Pooled, claim.SeriousIllness) = (0, 0);
        return claim;
    }

    private async Task RegisterAsync(string person, params Fact[] facts)
    {
        RegisterRequest request = new() { RequestId = $"reg-{person}", Person = person, BirthDate = "1980-05-20", Region = Panjin };
        request.Facts.Add(facts);
        await silo.Enrolment.RegisterAsync(request);
    }

    private async Task<SettlementResult> SettleAsync(string person, string id, long fen) =>
        (await silo.Settlement.SettleAsync(Requests.Settle(person, id, Burden(fen)))).Result;

    private async Task<ReverseResponse> ReverseAsync(string id, SettlementResult settled) =>
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = id, SettlementId = settled.SettlementId });

    private async Task<CorrectResponse> CorrectAsync(string id, string settlement, Claim? claim, bool preview = false)
    {
        CorrectRequest request = new() { RequestId = id, SettlementId = settlement, Reason = "test", Preview = preview };
        if (claim is null) request.TakeBack = true;
        else request.Claim = claim;
        return await new Agency.AgencyClient(silo.Channel()).CorrectAsync(request);
    }

    private async Task<Alert[]> StandingAsync(string person) =>
        [.. (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = person })).Alerts];
}
