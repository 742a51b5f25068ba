using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Role = Settlement.Contract.CorrectedSettlement.Types.Role;

namespace Settlement.Cluster.Tests;

/// <summary>
/// Correction of an older settlement, from the wire to the ledger and back. Figures by hand from shenyang-resident-guide-2026.
/// </summary>
public abstract class CorrectionTests(Func<Task<string[]>> ledger) : IAsyncLifetime
{
    private const long FortyThousand = 4_000_000; // yuan, in fen

    private TestSilo silo = null!;
    private Agency.AgencyClient agency = null!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await ledger(), "Gateway:Insecure=true"]);
        agency = new Agency.AgencyClient(silo.Channel());
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task An_admission_at_the_wrong_level_is_settled_again_and_the_later_ones_lose_what_it_had_given_them()
    {
        SettlementResult[] settled = await SettleThreeAsync();

        CorrectResponse answer = await agency.CorrectAsync(ToLevel1(settled[0]));

        // Wrong, level 3: (40,000 - 600) x 75 % = 29,550. Right, level 1: (40,000 - 200) x 85 % = 33,830.
        Row(answer, 0, Role.Wrong, before: (2_955_000, 0, 1_045_000), after: (3_383_000, 0, 617_000));
        // Each later one leaves 10,450 to serious-illness insurance, which pays 60 % above 18,000 of the year's sum.
        // The sum was 10,450, 20,900, 31,350 and is 6,170, 16,620, 27,070 now: 1,740 and 6,270 paid before, 0 and 5,442 now.
        Row(answer, 1, Role.Later, before: (2_955_000, 174_000, 871_000), after: (2_955_000, 0, 1_045_000));
        Row(answer, 2, Role.Later, before: (2_955_000, 627_000, 418_000), after: (2_955_000, 544_200, 500_800));
        Assert.Equal([(428_000, 0), (0, 174_000), (0, 82_800)], answer.Settlements.Select(row => (row.Refund, row.Collect)));
        Assert.Equal((171_200, 0), (answer.Refund, answer.Collect));
        Assert.Equal(
            (428_000, -256_800, -171_200), (answer.Difference.Pooled, answer.Difference.SeriousIllness, answer.Difference.PersonPays));
        Assert.Equal(settled.Select(result => result.SettlementId), answer.Settlements.Select(row => row.SettlementId));
        Assert.Contains("1712.00 yuan go back to the person", answer.Text);
        Assert.Contains("应退个人 1712.00 元", answer.TextZh);

        GetAccountResponse account = await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" });
        Assert.Equal(9_293_000, account.Counters.Single(counter => counter.Name == "pooledPaid").Value);
        Assert.Equal(2_707_000, account.Counters.Single(counter => counter.Name == "seriousIllnessBase").Value);
        Assert.Equal(answer.Sequence, account.Sequence);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_repeat_of_any_request_gets_its_first_answer_and_the_past_shows_what_became_of_it()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        SettleResponse first = (await silo.Settlement.GetByRequestAsync(ByFacility("r1"))).Settled;
        CorrectRequest request = ToLevel1(settled[0]);
        CorrectResponse answer = await agency.CorrectAsync(request);

        Assert.Equal(answer.ToByteString(), (await agency.CorrectAsync(request)).ToByteString());
        Assert.Equal(answer, (await silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "c1" })).Corrected);
        Assert.Equal(first.ToByteString(), (await silo.Settlement.SettleAsync(Stay("r1"))).ToByteString());
        GetByRequestResponse past = await silo.Settlement.GetByRequestAsync(ByFacility("r1"));
        Assert.Equal(first, past.Settled);
        Assert.Equal((true, answer.CorrectionId, answer.ReplacedBy), (past.ReversedSince, past.CorrectionId, past.ReplacedBy));

        SettlementView wrong = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = settled[0].SettlementId });
        Assert.Equal((settled[0], answer.CorrectionId, answer.ReplacedBy), (wrong.Result, wrong.CorrectionId, wrong.ReplacedBy));
        Assert.Equal(answer.Settlements[0].ReversalId, wrong.ReversalId);
        SettlementView right = await silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = answer.ReplacedBy });
        Assert.Equal(
            (answer.CorrectionId, settled[0].SettlementId, ""), (right.Result.CorrectionId, right.Result.Replaces, right.ReversalId));
        Assert.Equal((settled[0].VisitId, settled[0].ChargeBatch), (right.Result.VisitId, right.Result.ChargeBatch));
        ListSettlementsResponse all = await silo.Settlement.ListSettlementsAsync(new ListSettlementsRequest { Person = "P1" });
        Assert.Equal(answer.Settlements.Select(row => row.ReplacedBy).Reverse(), all.Settlements.Where(view => view.ReversalId.Length == 0)
            .Select(view => view.Result.SettlementId));
        Assert.Equal(answer.Settlements.Select(row => row.ReplacedBy).Reverse(), all.Settlements.Where(view => view.ReversalId.Length > 0)
            .Select(view => view.ReplacedBy));
        Assert.Equal(right.Result, (await silo.Settlement.GetByRequestAsync(ByFacility(right.Result.RequestId))).Settled.Result);

        request.Reason = "another reason";
        await Refused.With("REQUEST_CONFLICT", StatusCode.AlreadyExists, agency.CorrectAsync(request));
        request.RequestId = "c2";
        await Refused.With("ALREADY_REVERSED", StatusCode.FailedPrecondition, agency.CorrectAsync(request));
    }

    [Fact]
    public async Task The_facility_keeps_its_charge_and_may_reverse_what_was_settled_again()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        CorrectResponse answer = await agency.CorrectAsync(ToLevel1(settled[0]));
        SettleRequest again = Stay("r3", newId: "r3-again");

        SettleResponse same = await silo.Settlement.SettleAsync(again);
        Assert.Equal(answer.Settlements[2].ReplacedBy, same.Result.SettlementId);
        Assert.Equal(same.Result.RequestId, same.AlreadySettled.FirstRequestId);
        await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = same.Result.SettlementId, Facility = "H210100001" });
        SettleResponse anew = await silo.Settlement.SettleAsync(again);

        Assert.Null(anew.AlreadySettled);
        Assert.Equal(544_200, anew.Result.SeriousIllness);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_settlement_taken_back_leaves_the_later_ones_as_if_it_had_never_been()
    {
        SettlementResult[] settled = await SettleThreeAsync();

        CorrectResponse answer = await agency.CorrectAsync(TakeBack(settled[0]));

        Row(answer, 0, Role.Wrong, before: (2_955_000, 0, 1_045_000), after: (0, 0, 0));
        Row(answer, 1, Role.Later, before: (2_955_000, 174_000, 871_000), after: (2_955_000, 0, 1_045_000));
        Row(answer, 2, Role.Later, before: (2_955_000, 627_000, 418_000), after: (2_955_000, 174_000, 871_000));
        Assert.Equal(("", ""), (answer.ReplacedBy, answer.Settlements[0].ReplacedBy));
        Assert.Equal(418_000, answer.Refund);
        SettleResponse anew = await silo.Settlement.SettleAsync(Stay("r1", newId: "r1-again"));
        Assert.Null(anew.AlreadySettled);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_preview_tells_what_the_correction_will_and_writes_nothing()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        var before = await Audits.FingerprintAsync(silo);
        CorrectRequest request = ToLevel1(settled[0]);
        request.Preview = true;

        CorrectResponse preview = await agency.CorrectAsync(request);

        Assert.Equal(before, await Audits.FingerprintAsync(silo));
        request.Preview = false;
        CorrectResponse answer = await agency.CorrectAsync(request);
        (answer.CorrectionId, answer.ReplacedBy, answer.Sequence, answer.CorrectedAt, answer.Preview) = ("", "", 0, "", true);
        foreach (CorrectedSettlement row in answer.Settlements) (row.ReplacedBy, row.ReversalId) = ("", "");
        Assert.Equal(answer, preview);
    }

    [Fact]
    public async Task A_later_settlement_that_the_rules_refuse_now_refuses_the_whole_and_nothing_is_written()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        // Known only now: employed, and so in the other scheme, when the last admission began.
        RecordRequest employed = new() { RequestId = "f1", Person = "P1", Region = Requests.Shenyang };
        employed.Facts.Add(new Fact { EmployeeSpell = new EmployeeSpell { From = "2026-05-01" } });
        await silo.Enrolment.RecordAsync(employed);
        var before = await Audits.FingerprintAsync(silo);

        foreach (bool preview in (bool[])[true, false])
        {
            CorrectRequest request = ToLevel1(settled[0]);
            request.Preview = preview;
            Google.Rpc.ErrorInfo refused = await Refused.With(
                "CORRECTION_REFUSED", StatusCode.FailedPrecondition, agency.CorrectAsync(request));
            Assert.Equal((settled[2].SettlementId, "NOT_COVERED"), (refused.Metadata["settlementId"], refused.Metadata["ground"]));
        }

        Assert.Equal(before, await Audits.FingerprintAsync(silo));
        Assert.Equal(
            GetByRequestResponse.Types.State.NotKnown,
            (await silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "c1" })).State);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task Other_benefit_years_stay_and_a_claim_of_another_year_is_refused()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        SettlementResult next = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "n1", Stay("n1", "2025-06-10").Claim))).Result;
        CorrectResponse answer = await agency.CorrectAsync(ToLevel1(settled[1]));

        Assert.Equal([settled[1].SettlementId, settled[2].SettlementId], answer.Settlements.Select(row => row.SettlementId));
        SettlementView stays = await silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = next.SettlementId });
        Assert.Empty(stays.ReversalId);
        CorrectRequest moved = ToLevel1(settled[0]);
        (moved.RequestId, moved.Claim.AdmissionDate, moved.Claim.DischargeDate) = ("c2", "2025-07-01", "2025-07-10");
        Google.Rpc.ErrorInfo refused = await Refused.With(
            "CORRECTION_OTHER_YEAR", StatusCode.FailedPrecondition, agency.CorrectAsync(moved));
        Assert.Equal(("2025", "2026"), (refused.Metadata["benefitYear"], refused.Metadata["settledYear"]));
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_claim_of_another_facility_takes_its_charge_or_is_refused_where_that_stands_settled()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        SettleRequest taken = Requests.Settle("P1", "o1", Requests.Inpatient(100_000, "H210100009", "2026-07-10"));
        taken.VisitId = "v-r1";
        SettlementResult other = (await silo.Settlement.SettleAsync(taken)).Result;
        CorrectRequest moved = ToLevel1(settled[0]);
        moved.Claim.Facility.Code = "H210100009";

        Google.Rpc.ErrorInfo refused = await Refused.With("CHARGE_CONFLICT", StatusCode.AlreadyExists, agency.CorrectAsync(moved));
        Assert.Equal("o1", refused.Metadata["firstRequestId"]);
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x1", SettlementId = other.SettlementId });
        CorrectResponse answer = await agency.CorrectAsync(moved);

        SettlementView view = await silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = answer.ReplacedBy });
        Assert.Equal("H210100009", view.Claim.Facility.Code);
        taken.RequestId = "o2";
        Assert.Equal(answer.ReplacedBy, (await silo.Settlement.SettleAsync(taken)).Result.SettlementId);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task A_settlement_settled_again_may_be_corrected_again()
    {
        SettlementResult[] settled = await SettleThreeAsync();
        CorrectResponse first = await agency.CorrectAsync(ToLevel1(settled[0]));
        CorrectRequest back = ToLevel1(settled[0]);
        (back.RequestId, back.SettlementId, back.Claim.Facility.Level) = ("c2", first.ReplacedBy, Facility.Types.Level._3);

        CorrectResponse second = await agency.CorrectAsync(back);

        Assert.Equal(first.Before, second.After);
        Assert.Equal(first.After, second.Before);
        await Audits.AssertSoundAsync(silo);
    }

    private async Task<SettlementResult[]> SettleThreeAsync()
    {
        List<SettlementResult> settled = [];
        foreach (string id in (string[])["r1", "r2", "r3"]) settled.Add((await silo.Settlement.SettleAsync(Stay(id))).Result);
        return [.. settled];
    }

    /// <summary>A stay of 40,000 yuan in scope at level 3; r1 in March, r2 in April, r3 in May.</summary>
    private static SettleRequest Stay(string id, string? discharged = null, string? newId = null)
    {
        int month = id[^1] - '0' + 2;
        Claim claim = Requests.Inpatient(FortyThousand, discharged: discharged ?? $"2026-{month:D2}-10");
        claim.AdmissionDate = claim.DischargeDate[..8] + "02";
        SettleRequest request = Requests.Settle("P1", id, claim);
        if (newId is not null) request.RequestId = newId;
        return request;
    }

    private static CorrectRequest ToLevel1(SettlementResult wrong)
    {
        Claim claim = Stay(wrong.RequestId).Claim;
        claim.Facility.Level = Facility.Types.Level._1;
        return new CorrectRequest { RequestId = "c1", SettlementId = wrong.SettlementId, Claim = claim, Reason = "等级有误" };
    }

    private static CorrectRequest TakeBack(SettlementResult wrong) =>
        new() { RequestId = "c1", SettlementId = wrong.SettlementId, TakeBack = true, Reason = "重复结算" };

    private static GetByRequestRequest ByFacility(string requestId) => new() { RequestId = requestId, Facility = "H210100001" };

    private static void Row(
        CorrectResponse answer, int index, Role role, (long Pooled, long SeriousIllness, long Person) before,
            (long Pooled, long SeriousIllness, long Person) after)
    {
        CorrectedSettlement row = answer.Settlements[index];
        Assert.Equal(role, row.Role);
        Assert.Equal(before, (row.Before.Pooled, row.Before.SeriousIllness, row.Before.PersonPays));
        Assert.Equal(after, (row.After.Pooled, row.After.SeriousIllness, row.After.PersonPays));
        Assert.Equal(row.After.PersonPays - row.Before.PersonPays, row.Difference.PersonPays);
        Assert.NotEmpty(row.Text);
        Assert.NotEmpty(row.TextZh);
    }
}
