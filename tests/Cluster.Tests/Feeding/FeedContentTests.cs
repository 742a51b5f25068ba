using Google.Rpc;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Refusals;
using Kind = Settlement.Contract.Change.Types.Kind;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests.Feeding;

/// <summary>What a change says, who sees which, and what a detached period does to a stream.</summary>
public sealed class FeedContentTests : IAsyncLifetime
{
    private const string Own = "H-OWN";
    private const string Other = "H-OTHER";
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-feed-").FullName;
    private Metadata agency = null!;
    private Metadata facility = null!;

    public Task InitializeAsync()
    {
        KeyFile file = new();
        agency = Key(Role.Agency, null);
        facility = Key(Role.Facility, new RegisteredFacility { Code = Own });
        file.Write(Path.Combine(folder, "keys.json"));
        return Task.CompletedTask;

        Metadata Key(Role role, RegisteredFacility? registered)
        {
            (string text, file) = file.Add(role, registered, DateTimeOffset.UnixEpoch);
            return new Metadata { { "authorization", $"Bearer {text}" } };
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_change_holds_the_answer_as_it_was_given_and_whose_it_is()
    {
        await using TestSilo silo = await StartAsync(await TestLedgers.SqliteAsync());
        Agency.AgencyClient byHand = new(silo.Channel());
        RecordResponse registered = await silo.Enrolment.RegisterAsync(
            Requests.Register("P1", Requests.Group(Membership.Types.Group.ImpoverishedByIllness)), agency);
        SettleResponse settled = await SettleAsync(silo, Own, "s1");
        ReverseResponse reversed = await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = settled.Result.SettlementId }, agency);
        VoidResponse voided = await silo.Settlement.VoidAsync(new VoidRequest { RequestId = "v1", Person = "P1" }, facility);
        ReimburseResponse reimbursed = await byHand.ReimburseAsync(
            new ReimburseRequest { RequestId = "m1", Person = "P1", VisitId = "m", ChargeBatch = "1",
                Claim = Requests.Inpatient(400_000, Own), ReceivedOn = "2026-03-20" }, agency);
        CorrectResponse corrected = await byHand.CorrectAsync(
            new CorrectRequest { RequestId = "c1", SettlementId = reimbursed.Result.SettlementId, TakeBack = true, Reason = "test" },
                agency);
        GrantForIllnessResponse granted = await byHand.GrantForIllnessAsync(
            new GrantForIllnessRequest { RequestId = "g1", Person = "P1", Region = Requests.Shenyang, ApplicationDate = "2026-06-01" },
                agency);

        List<Change> changes = await new Following(silo, agency).OnceAsync(new FollowRequest());

        Assert.Equal(
            [Kind.Registration, Kind.Settlement, Kind.Reversal, Kind.Void, Kind.Settlement, Kind.Reversal, Kind.Correction, Kind.Grant],
            changes.Select(change => change.Kind));
        Assert.Equal(registered, changes[0].Recorded);
        Assert.Equal(settled, changes[1].Settled);
        Assert.Equal(reversed, changes[2].Reversed);
        Assert.Equal(voided, changes[3].Voided);
        Assert.Equal(reimbursed.Result, changes[4].Settled.Result);
        Assert.Equal(corrected, changes[6].Corrected);
        Assert.Equal(granted, changes[7].Granted);
        Assert.Equal(["", Own, Own, Own, Own, Own, "", ""], changes.Select(change => change.Facility));
        Assert.Equal([false, false, false, false, true, true, false, false], changes.Select(change => change.ByHand));
        Assert.Equal(
            (settled.Result.SettlementId, "s1", Own, Requests.Shenyang, 2026, "2026-03-10", settled.Result.SettledAt,
                Visit.Types.Type.Inpatient, Scheme.Types.Kind.Resident),
            (changes[1].SettlementId, changes[1].RequestId, changes[1].Origin, changes[1].Region, changes[1].BenefitYear, changes[1]
                .EffectiveDate, changes[1].RecordedAt,
                changes[1].VisitType, changes[1].Scheme));
        Assert.Equal(settled.Result.SettlementId, changes[2].SettlementId);
        Assert.Equal(reversed.ReversalId, changes[2].EntryId);
        Assert.Equal(
            (400_000, settled.Result.Pooled, settled.Result.PersonPays),
            (changes[2].Payments.Total, changes[2].Payments.Pooled, changes[2].Payments.PersonPays));
    }

    [Fact]
    public async Task A_facility_sees_what_is_in_its_own_books_and_filters_narrow_what_is_seen()
    {
        await using TestSilo silo = await StartAsync(await TestLedgers.SqliteAsync());
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), agency);
        SettleResponse own = await SettleAsync(silo, Own, "own");
        await SettleAsync(silo, Other, "other");
        await new Agency.AgencyClient(silo.Channel()).ReimburseAsync(
            new ReimburseRequest { RequestId = "by-hand", Person = "P1", VisitId = "m", ChargeBatch = "1",
                Claim = Requests.Inpatient(400_000, Own), ReceivedOn = "2026-03-20" }, agency);
        await new Agency.AgencyClient(silo.Channel()).CorrectAsync(
            new CorrectRequest { RequestId = "cor", SettlementId = own.Result.SettlementId, TakeBack = true, Reason = "test" }, agency);
        await silo.Settlement.VoidAsync(new VoidRequest { RequestId = "own-void", Person = "P1" }, facility);
        await silo.Settlement.VoidAsync(new VoidRequest { RequestId = "other-void", Person = "P1", Facility = Other }, agency);
        Following all = new(silo, agency);
        Following mine = new(silo, facility);

        List<Change> seen = await mine.OnceAsync(new FollowRequest());
        Assert.Equal([Kind.Settlement, Kind.Reversal, Kind.Void], seen.Select(change => change.Kind));
        Assert.All(seen, change => Assert.Equal(Own, change.Facility));
        Assert.Equal(own.Result.SettlementId, seen[1].SettlementId);
        Assert.Equal(seen, await mine.OnceAsync(new FollowRequest { Facility = Own }));
        Assert.Equal([seen[1], seen[2]], await mine.OnceAsync(new FollowRequest { After = seen[0].Position }));
        await mine.RefusedAsync(RefusalCodes.NotAllowed, StatusCode.PermissionDenied, new FollowRequest { Facility = Other });

        List<Change> everything = await all.OnceAsync(new FollowRequest());
        Assert.Equal(everything.Where(change => change.Facility == Own), await all.OnceAsync(new FollowRequest { Facility = Own }));
        Assert.Contains(everything, change => change is { ByHand: true, Facility: Own });
        Assert.Equal(
            everything.Where(change => change.Kind is Kind.Void or Kind.Correction),
            await all.OnceAsync(new FollowRequest { Kinds = { Kind.Void, Kind.Correction } }));
        Assert.Empty(await all.OnceAsync(new FollowRequest { Region = "210500" }));
        Assert.Equal(
            everything.Where(change => change.Region.Length > 0), await all.OnceAsync(new FollowRequest { Region = Requests.Shenyang }));
        Assert.NotEqual(everything.Count, everything.Count(change => change.Region.Length > 0));
    }

    [Theory]
    [InlineData("after", -1L)]
    [InlineData("region", "Shenyang")]
    [InlineData("kinds", 9)]
    [InlineData("kinds", 0)]
    public async Task A_request_that_says_nothing_sensible_is_refused_by_field(string field, object value)
    {
        await using TestSilo silo = await StartAsync(await TestLedgers.SqliteAsync());
        FollowRequest request = field switch
        {
            "after" => new FollowRequest { After = (long)value },
            "region" => new FollowRequest { Region = (string)value },
            _ => new FollowRequest { Kinds = { (Kind)(int)value } },
        };
        ErrorInfo info = await new Following(silo, agency).RefusedAsync(RefusalCodes.InvalidField, StatusCode.InvalidArgument, request);
        Assert.Equal(field, info.Metadata["field"]);
    }

    [Fact]
    public async Task A_detached_period_is_never_passed_over_unseen()
    {
        await using TestSilo silo = await StartAsync(await TestLedgers.PostgresAsync());
        ILedgerPeriods periods = silo.Ledger.Periods!;
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), agency);
        SettleResponse first = await SettleAsync(silo, Own, "s1");
        SettleResponse second = await SettleAsync(silo, Own, "s2");
        // the newest, which is carried forward
        await silo.Settlement.VoidAsync(new VoidRequest { RequestId = "v1", Person = "P1" }, facility);
        await periods.TurnAsync("2026");
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x2", SettlementId = second.Result.SettlementId }, facility);
        Following all = new(silo, agency);
        Following mine = new(silo, facility);
        long last = (await all.TakeAsync(5, new FollowRequest()))[3].Position;
        await periods.DetachAsync("2026");

        ErrorInfo refused = await all.RefusedAsync(
            RefusalCodes.PeriodDetached, StatusCode.FailedPrecondition, new FollowRequest { After = last - 1 });
        Assert.Equal(
            ("2026", "ledger.entry_1", $"{last}"), (refused.Metadata["period"], refused.Metadata["table"], refused.Metadata["after"]));
        // A facility's reversal is its own, also where the settlement is out of reach.
        Assert.Equal(Own, Assert.Single(await mine.TakeAsync(1, new FollowRequest { After = last })).Facility);

        await periods.AttachAsync("2026");
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x1", SettlementId = first.Result.SettlementId }, agency);
        await all.TakeAsync(2, new FollowRequest { After = last });
        await periods.DetachAsync("2026");
        // Whose settlement the agency reversed is not known here: nobody is told that it was, or was not, theirs.
        Assert.Equal([Own, ""], (await all.TakeAsync(2, new FollowRequest { After = last })).Select(change => change.Facility));
        refused = await mine.RefusedAsync(RefusalCodes.PeriodDetached, StatusCode.FailedPrecondition, new FollowRequest { After = last });
        Assert.Equal("2026", refused.Metadata["period"]);
    }

    private async Task<SettleResponse> SettleAsync(TestSilo silo, string hospital, string id) => await silo.Settlement.SettleAsync(
        Requests.Settle("P1", id, Requests.Inpatient(400_000, hospital)), hospital == Own ? facility : agency);

    private Task<TestSilo> StartAsync(string[] place) => TestSilo.StartAsync(
        [.. place, $"Gateway:KeyFile={Path.Combine(folder, "keys.json")}", "Gateway:Feed:PollInterval=00:00:00.01",
            "Gateway:Feed:Heartbeat=00:00:00.02"]);
}
