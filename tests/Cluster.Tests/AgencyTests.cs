using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>What the agency decides by hand: assistance claimed later, grants, and how they meet reversals and repeats.</summary>
public sealed class AgencyTests : IAsyncLifetime
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
    public async Task Assistance_withheld_at_the_counter_is_paid_later_once_and_reversed_before_its_settlement()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.Orphan)));
        Claim claim = Requests.Inpatient(4_000_000);
        claim.Facility.AssistanceDesignated = false;
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim))).Result;
        GetAccountResponse before = await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" });
        AssistLaterRequest request = new() { RequestId = "a1", SettlementId = settled.SettlementId };

        AssistLaterResponse assisted = await agency.AssistLaterAsync(request);

        Assert.Equal("NOT_ONE_STOP", settled.AssistanceReason);
        Assert.Equal(settled.PersonPays - assisted.PersonPays, assisted.AssistanceBasic + assisted.AssistanceTilt);
        Assert.True(assisted.AssistanceBasic > 0);
        Assert.Equal(assisted.ToByteString(), (await agency.AssistLaterAsync(request)).ToByteString());
        await Refused.With("CONDITION_NOT_MET", StatusCode.FailedPrecondition, agency.AssistLaterAsync(
            new AssistLaterRequest { RequestId = "a2", SettlementId = settled.SettlementId }));
        Google.Rpc.ErrorInfo blocked = await Refused.With("NOT_LATEST", StatusCode.FailedPrecondition, silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = settled.SettlementId }));
        Assert.Equal(assisted.AssistanceId, blocked.Metadata["blockedBy"]);

        ReverseResponse taken = await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x2", SettlementId = assisted.AssistanceId });
        Assert.Equal(assisted, taken.ReversedAssistance);
        Assert.Equal(before.Counters, (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x3", SettlementId = settled.SettlementId });
        Assert.Empty((await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
    }

    [Fact]
    public async Task A_grant_counts_what_stands_on_the_day_and_a_reversal_in_its_window_is_noticed()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.ImpoverishedByIllness)));
        SettlementResult[] settled = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            (await silo.Settlement.SettleAsync(Requests.Settle("P1", $"r{i}", Requests.Inpatient(4_000_000)))).Result));
        GrantForIllnessRequest request =
            new() { RequestId = "g1", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" };

        GrantForIllnessResponse granted = await agency.GrantForIllnessAsync(request);

        Assert.Equal(settled.Sum(result => result.Totals.InScope - result.Pooled - result.SeriousIllness), granted.BurdenBasic);
        Assert.True(granted.GrantBasic > 0);
        Assert.Equal(granted.ToByteString(), (await agency.GrantForIllnessAsync(request)).ToByteString());
        request.ApplicationDate = "2026-06-02";
        await Refused.With("REQUEST_CONFLICT", StatusCode.AlreadyExists, agency.GrantForIllnessAsync(request));
        request.RequestId = "g2";
        await Refused.With("LIMIT_REACHED", StatusCode.FailedPrecondition, agency.GrantForIllnessAsync(request));
        SettlementResult newest = settled.MaxBy(result => result.Sequence)!;
        ReverseResponse reversed = await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = newest.SettlementId });
        Assert.Equal("GRANT_WINDOW", reversed.Notice);
    }

    [Fact]
    public async Task Grants_applied_for_at_once_while_settlements_arrive_pay_once_and_count_a_moment_of_the_ledger()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.ImpoverishedByIllness)));
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r0", Requests.Inpatient(9_000_000)));

        Task<SettleResponse>[] settling = [.. Enumerable.Range(1, 32).Select(i =>
            silo.Settlement.SettleAsync(Requests.Settle("P1", $"r{i}", Requests.Inpatient(100_000))).ResponseAsync)];
        Task<GrantForIllnessResponse>[] granting = [.. Enumerable.Range(1, 4).Select(i => agency.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = $"g{i}", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" })
                .ResponseAsync)];
        SettleResponse[] settled = await Task.WhenAll(settling);
        await Task.WhenAll(granting.Select(grant => grant.ContinueWith(_ => { }, TaskScheduler.Default)));

        GrantForIllnessResponse granted = await Assert.Single(granting, grant => grant.IsCompletedSuccessfully);
        SettlementResult first = (
            await silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "r0", Facility = "H210100001" })).Settled.Result;
        IEnumerable<SettlementResult> counted = settled.Select(answer => answer.Result).Append(first)
            .Where(result => result.Sequence < granted.Sequence);
        Assert.Equal(counted.Sum(result => result.Totals.InScope - result.Pooled - result.SeriousIllness), granted.BurdenBasic);
    }
}
