using Google.Protobuf;
using Grpc.Core;
using Settlement.Cli.Auditing;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Violation = Settlement.Cli.Auditing.Violation;

namespace Settlement.Cluster.Tests;

/// <summary>A year is closed and taken off while the silo serves: what callers see of it.</summary>
public sealed class PeriodTests : IAsyncLifetime
{
    private const string Hospital = "H210100001";
    private TestSilo silo = null!;
    private Agency.AgencyClient agency = null!;

    private ILedgerPeriods Periods => silo.Ledger.Periods!;

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await TestLedgers.PostgresAsync(), "Gateway:Insecure=true"]);
        agency = new Agency.AgencyClient(silo.Channel());
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.ImpoverishedByIllness)));
        await silo.Enrolment.RegisterAsync(Requests.Register("dormant"));
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task Over_a_turn_repeats_charges_reversals_corrections_and_grants_are_as_before()
    {
        SettleRequest first = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        SettleResponse answer = await silo.Settlement.SettleAsync(first);
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Requests.Inpatient(300_000)));
        await Periods.TurnAsync("2026");

        Assert.Equal(answer.ToByteString(), (await silo.Settlement.SettleAsync(first)).ToByteString());
        first.RequestId = "r1-again";
        Assert.Equal("r1", (await silo.Settlement.SettleAsync(first)).AlreadySettled.FirstRequestId);
        SettleResponse later = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r3", Requests.Inpatient(300_000)));
        Assert.Equal(4, later.Result.Sequence);
        Claim corrected = Requests.Inpatient(3_000_000);
        Assert.Equal(
            3, (await agency.CorrectAsync(
            new CorrectRequest { RequestId = "c1", SettlementId = answer.Result.SettlementId, Claim = corrected, Reason = "金额有误" }))
            .Settlements.Count);
        GetByRequestResponse reversed = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = "r1", Facility = Hospital });
        Assert.True(reversed.ReversedSince);
        await agency.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = "g1", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" });
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task What_is_archived_is_refused_by_name_and_everything_else_goes_on()
    {
        SettleRequest first = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        SettlementResult settled = (await silo.Settlement.SettleAsync(first)).Result;
        await silo.Settlement.SettleAsync(Requests.Settle("dormant", "d1", Requests.Inpatient(400_000)));
        SettleRequest reversed = Requests.Settle("P1", "r2", Requests.Inpatient(300_000));
        string reversedId = (await silo.Settlement.SettleAsync(reversed)).Result.SettlementId;
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x2", SettlementId = reversedId });
        await Periods.TurnAsync("2026");
        SettlementResult later = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r3", Requests.Inpatient(300_000)))).Result;
        await Periods.DetachAsync("2026");

        await ArchivedAsync(silo.Settlement.SettleAsync(first));
        first.RequestId = "r1-again";
        await ArchivedAsync(silo.Settlement.SettleAsync(first));
        await ArchivedAsync(silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "r1", Facility = Hospital }));
        await ArchivedAsync(silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = settled.SettlementId }));
        await ArchivedAsync(silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x1", SettlementId = settled.SettlementId }));
        await ArchivedAsync(agency.AssistLaterAsync(new AssistLaterRequest { RequestId = "a1", SettlementId = settled.SettlementId }));
        await ArchivedAsync(
            agency.CorrectAsync(
            new CorrectRequest { RequestId = "c1", SettlementId = settled.SettlementId, Reason = "误", Claim = first.Claim }));
        await ArchivedAsync(agency.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = "g1", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" }));

        // The dormant wake, a charge that had been reversed is settled again, and the first entry after the archived ones is corrected.
        Assert.Equal(3, (await silo.Settlement.SettleAsync(Requests.Settle("dormant", "d2", Requests.Inpatient(400_000)))).Result.Sequence);
        reversed.RequestId = "r2-again";
        Assert.Null((await silo.Settlement.SettleAsync(reversed)).AlreadySettled);
        Claim corrected = Requests.Inpatient(200_000);
        CorrectResponse correction = await agency.CorrectAsync(
            new CorrectRequest { RequestId = "c3", SettlementId = later.SettlementId, Claim = corrected, Reason = "金额有误" });
        Assert.Equal(2, correction.Settlements.Count);

        (AuditCounts counts, List<Violation> violations) = await AuditAsync();
        Assert.Empty(violations);
        Assert.Equal((2, 0), (counts.PersonsWithDetachedPart, counts.NotRecomputed));
        await Periods.AttachAsync("2026");
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task The_audit_counts_what_leans_on_an_archived_period_and_checks_it_once_that_is_back()
    {
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Requests.Inpatient(300_000)));
        await Periods.TurnAsync("2026");
        await agency.CorrectAsync(
            new CorrectRequest { RequestId = "c1", SettlementId = settled.SettlementId, Claim = Requests.Inpatient(3_000_000),
            Reason = "金额有误" });
        await agency.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = "g1", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" });
        await Periods.DetachAsync("2026");

        (AuditCounts counts, List<Violation> violations) = await AuditAsync();
        Assert.Empty(violations);
        // Two reversals, the closing entry and the grant.
        Assert.Equal((1, 4), (counts.PersonsWithDetachedPart, counts.NotRecomputed));
        await Periods.AttachAsync("2026");
        (counts, violations) = await AuditAsync();
        Assert.Empty(violations);
        Assert.Equal((0, 0), (counts.PersonsWithDetachedPart, counts.NotRecomputed));
    }

    private async Task<(AuditCounts Counts, List<Violation> Violations)> AuditAsync()
    {
        List<Violation> violations = [];
        AuditCounts counts = await new LedgerAudit(silo.Ledger, new PolicyRecomputation(silo.Ledger))
            .RunAsync(violations.Add, _ => { }, CancellationToken.None);
        return (counts, violations);
    }

    private static async Task ArchivedAsync<T>(AsyncUnaryCall<T> call) =>
        Assert.Equal("2026", (await Refused.With("PERIOD_DETACHED", StatusCode.FailedPrecondition, call)).Metadata["period"]);
}
