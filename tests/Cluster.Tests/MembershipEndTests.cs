using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Group = Settlement.Contract.Membership.Types.Group;
using Role = Settlement.Contract.CorrectedSettlement.Types.Role;

namespace Settlement.Cluster.Tests;

/// <summary>A person leaves a group: what was settled stays, what comes later sees it ended, and what rests on it is named.</summary>
public sealed class MembershipEndTests : IAsyncLifetime
{
    private const string Person = "P1";
    private TestSilo silo = null!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);
        await silo.Enrolment.RegisterAsync(Requests.Register(Person, Requests.Group(Group.MinimumLivingAllowance)));
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task A_later_claim_sees_it_ended_and_an_earlier_one_does_not()
    {
        SettlementResult before = await SettleAsync("r1", admission: "2026-03-01", discharge: "2026-03-10");
        RecordResponse ended = await EndAsync("e1", "2026-03-31");
        SettlementResult after = await SettleAsync("r2", admission: "2026-04-02", discharge: "2026-04-10");
        SettlementResult late = await SettleAsync("r3", admission: "2026-03-31", discharge: "2026-04-20");

        Assert.Empty(ended.SettlementsToCorrect);
        Assert.True(before.AssistanceBasic > 0, $"{before}");
        Assert.Equal(0, after.AssistanceBasic);
        Assert.True(late.AssistanceBasic > 0, $"{late}"); // in care since the last day
        Assert.Equal(before, (await ViewAsync(before.SettlementId)).Result);
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task An_end_in_the_past_names_what_stands_and_rests_on_it_and_a_correction_settles_that_without_the_group()
    {
        await SettleAsync("r1", admission: "2026-01-05", discharge: "2026-01-10");
        SettlementResult first = await SettleAsync("r2", admission: "2026-03-02", discharge: "2026-03-10");
        SettlementResult reversed = await SettleAsync("r3", admission: "2026-03-12", discharge: "2026-03-20");
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "v3", SettlementId = reversed.SettlementId });
        SettlementResult second = await SettleAsync("r4", admission: "2026-04-02", discharge: "2026-04-10");

        RecordResponse ended = await EndAsync("e1", "2026-02-28");

        Assert.Equal([first.SettlementId, second.SettlementId], ended.SettlementsToCorrect);
        Assert.Equal(ended, await EndAsync("e1", "2026-02-28")); // the same request, the same answer
        Assert.Empty((await EndAsync("e2", "2026-02-28")).SettlementsToCorrect); // nothing ends by it any more
        SettlementView stands = await ViewAsync(first.SettlementId);
        Assert.Equal((first, ""), (stands.Result, stands.ReversalId));

        CorrectResponse corrected = await new Agency.AgencyClient(silo.Channel()).CorrectAsync(new CorrectRequest
        {
            RequestId = "c1", SettlementId = ended.SettlementsToCorrect[0], Claim = stands.Claim, Reason = "left the group",
        });
        Assert.Equal([Role.Wrong, Role.Later], corrected.Settlements.Select(row => row.Role));
        foreach (CorrectedSettlement row in corrected.Settlements)
        {
            Assert.Equal(0, (await ViewAsync(row.ReplacedBy)).Result.AssistanceBasic);
        }

        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task What_is_no_membership_cannot_end()
    {
        await Refused.With("NOT_FOUND", StatusCode.NotFound, End("e1", "2026-03-31", Group.Orphan));
        await Refused.With("INVALID_FIELD", StatusCode.InvalidArgument, End("e2", "soon", Group.MinimumLivingAllowance));
    }

    private async Task<SettlementView> ViewAsync(string settlement) =>
        await silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = settlement });

    private async Task<SettlementResult> SettleAsync(string id, string admission, string discharge)
    {
        Claim claim = Requests.Inpatient(3_000_000, discharged: discharge);
        claim.AdmissionDate = admission;
        return (await silo.Settlement.SettleAsync(Requests.Settle(Person, id, claim))).Result;
    }

    private async Task<RecordResponse> EndAsync(string id, string to) => await End(id, to, Group.MinimumLivingAllowance);

    private AsyncUnaryCall<RecordResponse> End(string id, string to, Group group) => silo.Enrolment.RecordAsync(new RecordRequest
    {
        RequestId = id,
        Person = Person,
        Region = Requests.Shenyang,
        Facts = { new Fact { GroupEnd = new MembershipEnd { Group = group, To = to } } },
    });
}
