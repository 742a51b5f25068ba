using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Role = Settlement.Contract.CorrectedSettlement.Types.Role;

namespace Settlement.Cluster.Tests;

/// <summary>
/// A correction over what the agency decided in between: assistance claimed later, grants, facts. Nothing of it is lost in silence.
/// </summary>
public sealed class CorrectionOfDecisionsTests : IAsyncLifetime
{
    private TestSilo silo = null!;
    private Agency.AgencyClient agency = null!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);
        agency = new Agency.AgencyClient(silo.Channel());
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task Assistance_claimed_later_is_claimed_again_for_the_settlement_that_stands_now()
    {
        (SettlementResult first, AssistLaterResponse assisted, SettlementResult second) = await WithheldAssistedAndAnotherAsync();
        Claim right = Withheld(Facility.Types.Level._1);

        CorrectResponse answer = await CorrectAsync(first, right);

        Assert.Equal([Role.Wrong, Role.LaterAssistance, Role.Later], answer.Settlements.Select(row => row.Role));
        Assert.Equal([first.SettlementId, assisted.AssistanceId, second.SettlementId], answer.Settlements.Select(row => row.SettlementId));
        CorrectedSettlement row = answer.Settlements[1];
        // Level 3 leaves an orphan 10,450 yuan, of which serious-illness insurance pays 75 % above 9,000 (1,087.50): 9,362.50 for
        // assistance, basic 70 % (6,553.75) and tilt 70 % of the rest (1,966.13). Level 1 leaves 6,170: 4,319.00 and 1,295.70.
        Assert.Equal((655_375, 196_613, -851_988), (row.Before.AssistanceBasic, row.Before.AssistanceTilt, row.Before.PersonPays));
        Assert.Equal((431_900, 129_570, -561_470), (row.After.AssistanceBasic, row.After.AssistanceTilt, row.After.PersonPays));
        Assert.Empty(row.Notices);
        GetByRequestResponse past = await silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "a1" });
        Assert.Equal((assisted, true, row.ReplacedBy), (past.Assisted, past.ReversedSince, past.ReplacedBy));
        ReverseResponse taken = await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = answer.Settlements[2].ReplacedBy });
        Assert.Equal(answer.Settlements[2].ReplacedBy, taken.SettlementId);
        taken = await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x2", SettlementId = row.ReplacedBy });
        Assert.Equal(
            (answer.ReplacedBy, assisted.AssistanceId), (taken.ReversedAssistance.SettlementId, taken.ReversedAssistance.Replaces));
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task Assistance_that_the_settlement_pays_at_once_now_needs_no_claim_and_the_answer_says_so()
    {
        (SettlementResult first, _, _) = await WithheldAssistedAndAnotherAsync();
        Claim right = Withheld(Facility.Types.Level._3);
        right.Facility.AssistanceDesignated = true;

        CorrectResponse answer = await CorrectAsync(first, right);

        Assert.Equal(["ASSISTANCE_AT_ONCE"], answer.Settlements[1].Notices);
        Assert.Equal("", answer.Settlements[1].ReplacedBy);
        Assert.Equal(answer.Settlements[1].Before.AssistanceBasic, answer.Settlements[0].After.AssistanceBasic);
        Assert.Equal((0, 0), (answer.Refund, answer.Collect));
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task Assistance_of_a_settlement_that_is_taken_back_goes_with_it_and_the_answer_says_so()
    {
        (SettlementResult first, _, _) = await WithheldAssistedAndAnotherAsync();

        CorrectResponse answer = await CorrectAsync(first, null);

        Assert.Equal(["ASSISTANCE_TAKEN_BACK"], answer.Settlements[1].Notices);
        Assert.Equal(new Payments(), answer.Settlements[1].After);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task Assistance_for_an_older_settlement_is_claimed_again_on_it()
    {
        (SettlementResult first, AssistLaterResponse assisted, SettlementResult second) = await WithheldAssistedAndAnotherAsync(
            assistLast: true);

        CorrectResponse answer = await CorrectAsync(second, null);

        Assert.Equal([second.SettlementId, assisted.AssistanceId], answer.Settlements.Select(row => row.SettlementId));
        GetByRequestResponse again = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = await RequestOfAsync(answer.Settlements[1].ReplacedBy) });
        Assert.Equal((first.SettlementId, assisted.AssistanceId), (again.Assisted.SettlementId, again.Assisted.Replaces));
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task Assistance_withheld_by_the_corrected_claim_is_noticed_as_claimable()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.Orphan)));
        SettlementResult first = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;

        CorrectResponse answer = await CorrectAsync(first, Withheld(Facility.Types.Level._3));

        Assert.Equal(["ASSISTANCE_CLAIMABLE"], answer.Settlements[0].Notices);
        Assert.Equal(answer.Settlements[0].Before.AssistanceBasic + answer.Settlements[0].Before.AssistanceTilt, answer.Collect);
        AssistLaterResponse claimed = await agency.AssistLaterAsync(
            new AssistLaterRequest { RequestId = "a1", SettlementId = answer.ReplacedBy });
        Assert.Equal(answer.Collect, claimed.AssistanceBasic + claimed.AssistanceTilt);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_grant_that_had_counted_otherwise_stays_and_is_noticed()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.ImpoverishedByIllness)));
        List<SettlementResult> settled = [];
        for (int i = 0; i < 8; i++)
            settled.Add((await silo.Settlement.SettleAsync(Requests.Settle("P1", $"r{i}", Requests.Inpatient(4_000_000)))).Result);
        GrantForIllnessResponse granted = await agency.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = "g1", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" });
        Assert.True(granted.GrantBasic > 0);
        Claim right = Requests.Inpatient(4_000_000);
        right.Facility.Level = Facility.Types.Level._1;

        CorrectResponse answer = await CorrectAsync(settled[1], right);

        Assert.Equal(["GRANT_WINDOW"], answer.Settlements[0].Notices);
        // Once the pooled fund's yearly cap is reached the later ones pay as before: what the grant had counted of them stands.
        Assert.Contains(answer.Settlements, row => row.Difference.PersonPays == 0);
        Assert.All(answer.Settlements.Skip(1), row => Assert.Equal(row.Difference.PersonPays != 0, row.Notices.Contains("GRANT_WINDOW")));
        await Refused.With("LIMIT_REACHED", StatusCode.FailedPrecondition, agency.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = "g2", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-02" }));
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task Facts_registered_since_stay_and_decide()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettlementResult first = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        RecordRequest orphan = new() { RequestId = "f1", Person = "P1", Region = Requests.Shenyang };
        orphan.Facts.Add(Requests.Group(Membership.Types.Group.Orphan));
        await silo.Enrolment.RecordAsync(orphan);

        // The very same claim: what is corrected is what was not known then.
        CorrectResponse answer = await CorrectAsync(first, Requests.Inpatient(4_000_000));

        Assert.Equal(0, answer.Settlements[0].Before.AssistanceBasic);
        Assert.Equal((108_750, 655_375), (answer.Settlements[0].After.SeriousIllness, answer.Settlements[0].After.AssistanceBasic));
        await Audits.AssertSoundAsync(silo);
    }

    private async Task<(SettlementResult First, AssistLaterResponse Assisted, SettlementResult Second)> WithheldAssistedAndAnotherAsync(
        bool assistLast = false)
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.Orphan)));
        SettlementResult first = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Withheld(Facility.Types.Level._3)))).Result;
        SettleRequest another = Requests.Settle("P1", "r2", Requests.Inpatient(100_000));
        SettlementResult? second = assistLast ? (await silo.Settlement.SettleAsync(another)).Result : null;
        AssistLaterResponse assisted = await agency.AssistLaterAsync(
            new AssistLaterRequest { RequestId = "a1", SettlementId = first.SettlementId });
        second ??= (await silo.Settlement.SettleAsync(another)).Result;
        return (first, assisted, second);
    }

    /// <summary>40,000 yuan in scope at a hospital without a contract for assistance: it is withheld as not one-stop.</summary>
    private static Claim Withheld(Facility.Types.Level level)
    {
        Claim claim = Requests.Inpatient(4_000_000);
        claim.Facility.AssistanceDesignated = false;
        claim.Facility.Level = level;
        return claim;
    }

    private async Task<CorrectResponse> CorrectAsync(SettlementResult wrong, Claim? claim)
    {
        CorrectRequest request = new() { RequestId = "c1", SettlementId = wrong.SettlementId, Reason = "复核" };
        if (claim is null) request.TakeBack = true;
        else request.Claim = claim;
        return await agency.CorrectAsync(request);
    }

    private async Task<string> RequestOfAsync(string id) =>
        (await silo.Ledger.ReadByRequestAsync(Settlement.Ledger.LedgerKey.Parse(id)))!.RequestId;
}
