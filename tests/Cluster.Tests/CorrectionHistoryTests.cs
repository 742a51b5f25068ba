using System.Collections.Concurrent;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Xunit.Abstractions;
using PolicyAccount = Settlement.Policy.Account;

namespace Settlement.Cluster.Tests;

/// <summary>
/// Corrections of random histories, and at the same time as settlements: in the end the person stands where the right claim would have led
/// in the first place, and no reader ever sees a part.
/// </summary>
public abstract class CorrectionHistoryTests(Func<Task<string[]>> ledger, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<TestSilo> silos = [];
    private string[] settings = [];

    private TestSilo Silo => silos[0];

    public async Task InitializeAsync()
    {
        settings = [.. await ledger(), "Gateway:Insecure=true"];
        silos.Add(await TestSilo.StartAsync(settings));
    }

    public async Task DisposeAsync()
    {
        foreach (TestSilo silo in silos) await silo.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task After_a_correction_the_person_stands_as_if_the_right_claim_had_been_sent_in_the_first_place(int fixedSeed)
    {
        const int histories = 12;
        int seed = fixedSeed == 0 ? Environment.TickCount : fixedSeed;
        output.WriteLine($"seed {seed}");
        int changed = 0;
        Agency.AgencyClient agency = new(Silo.Channel());
        for (int number = 0; number < histories; number++)
        {
            Random random = new(HashCode.Combine(seed, number));
            Membership.Types.Group group = Pick(
                random, Membership.Types.Group.Orphan, Membership.Types.Group.MinimumLivingAllowance, Membership.Types.Group.AllowanceEdge);
            Claim[] claims = [.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => SomeClaim(random))];
            int wrong = random.Next(claims.Length);
            Claim? right = random.Next(4) == 0 ? null : SomeClaim(random);
            List<Claim> inTheFirstPlace = [.. claims];
            inTheFirstPlace.RemoveAt(wrong);
            if (right is not null) inTheFirstPlace.Insert(wrong, right);

            List<SettlementResult> settled = await HistoryAsync($"A{number}", group, claims);
            List<SettlementResult> expected = await HistoryAsync($"B{number}", group, inTheFirstPlace);
            CorrectRequest request = new() { RequestId = $"c{number}", SettlementId = settled[wrong].SettlementId, Reason = "seeded" };
            if (right is null) request.TakeBack = true;
            else request.Claim = right;
            CorrectResponse answer = await agency.CorrectAsync(request);

            Assert.Equal(await CountersAsync($"B{number}"), await CountersAsync($"A{number}"));
            ListSettlementsResponse standing = await Silo.Settlement.ListSettlementsAsync(
                new ListSettlementsRequest { Person = $"A{number}", PageSize = 100 });
            Assert.Equal(expected.Select(Amounts), standing.Settlements.Where(view => view.ReversalId.Length == 0).Reverse()
                .Select(view => Amounts(view.Result)));
            Assert.Equal(Sum(settled.Skip(wrong)), Sum(answer.Before));
            Assert.Equal(Sum(expected.Skip(wrong)), Sum(answer.After));
            changed += answer.Settlements.Skip(1).Any(row => row.Difference.PersonPays != 0) ? 1 : 0;
        }

        output.WriteLine($"{changed} of {histories} corrections changed a later settlement");
        Assert.True(changed > 0, "no correction changed a later settlement: the property shows nothing");
        await Audits.AssertSoundAsync(Silo);
    }

    [Fact]
    public async Task Corrections_and_settlements_at_the_same_time_and_at_two_silos_leave_a_serial_history_of_whole_corrections()
    {
        silos.Add(await TestSilo.StartAsync(settings));
        await Silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettlementResult first = (await Silo.Settlement.SettleAsync(Requests.Settle("P1", "r0", Requests.Inpatient(4_000_000)))).Result;
        Agency.AgencyClient[] agencies = [.. silos.Select(silo => new Agency.AgencyClient(silo.Channel()))];
        ConcurrentBag<CorrectResponse> corrected = [];
        ConcurrentBag<SettlementResult> settled = [];

        Task settling = Task.WhenAll(Enumerable.Range(0, 6).Select(client => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
                settled.Add(
                    (await RetryBusyAsync(() => silos[client % 2]
                    .Settlement.SettleAsync(Requests.Settle("P1", $"s{client}-{i}", Requests.Inpatient(400_000 + client))))).Result);
        })));
        string standing = first.SettlementId;
        for (int round = 0; round < 6; round++)
        {
            Claim claim = Requests.Inpatient(4_000_000 + round);
            // The same settlement at both silos at once, under two request ids: one corrects it, the other is told that it is reversed.
            string wrong = standing;
            Task<CorrectResponse?>[] attempts = [.. agencies.Select((agency, at) => CorrectAsync(agency, new CorrectRequest
            {
                RequestId = $"c{round}-{at}", SettlementId = wrong, Claim = claim, Reason = "race",
            }))];
            CorrectResponse done = Assert.Single(await Task.WhenAll(attempts), answer => answer is not null)!;
            corrected.Add(done);
            standing = done.ReplacedBy;
        }

        await settling;
        PolicyAccount account = await SerialReplay.CheckAsync(Silo.Ledger, Silo.Policies, "P1");
        ListSettlementsResponse all = await Silo.Settlement.ListSettlementsAsync(
            new ListSettlementsRequest { Person = "P1", PageSize = 200 });
        SettlementView[] last = [.. all.Settlements.Where(view => view.ReversalId.Length == 0)];
        output.WriteLine($"{corrected.Sum(answer => answer.Settlements.Count)} settlements settled again in {corrected.Count} corrections");
        Assert.Equal(settled.Count + 1, last.Length);
        Assert.Equal(last.Sum(view => view.Result.Pooled), account.Counter(Policy.CounterId.PooledPaid, 2026));
        await Audits.AssertSoundAsync(Silo);
    }

    private static async Task<CorrectResponse?> CorrectAsync(Agency.AgencyClient agency, CorrectRequest request)
    {
        try
        {
            return await RetryBusyAsync(() => agency.CorrectAsync(request));
        }
        catch (RpcException error)
            when (error.StatusCode == StatusCode.FailedPrecondition
            && error.Status.Detail.Contains("reversed already", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>A person hammered from all sides may be told BUSY: the same request again, as the contract says.</summary>
    private static async Task<T> RetryBusyAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<List<SettlementResult>> HistoryAsync(string person, Membership.Types.Group group, IEnumerable<Claim> claims)
    {
        await Silo.Enrolment.RegisterAsync(Requests.Register(person, Requests.Group(group)));
        List<SettlementResult> settled = [];
        foreach (Claim claim in claims)
            settled.Add((await Silo.Settlement.SettleAsync(Requests.Settle(person, $"{person}-{settled.Count}", claim))).Result);
        return settled;
    }

    private static Claim SomeClaim(Random random)
    {
        long amount = random.Next(3) == 0 ? random.Next(1, 20_000_000) : random.Next(1, 3_000_000);
        Claim claim = Requests.Inpatient(amount, $"H2101{random.Next(3):D5}", $"2026-03-{random.Next(2, 28):D2}", random.Next(3) == 0
            ? ["ONCOLOGY_TREATMENT"]
            : []);
        claim.Facility.Level = Pick(
            random, Facility.Types.Level.Primary, Facility.Types.Level._1, Facility.Types.Level._2, Facility.Types.Level._3,
            Facility.Types.Level.SpecialLevel3);
        claim.Facility.AssistanceDesignated = random.Next(4) != 0;
        if (random.Next(5) == 0) (claim.VisitType, claim.Pregnancy) = (Visit.Types.Type.Delivery, $"G{random.Next(2)}");
        if (random.Next(5) == 0)
            (claim.VisitType, claim.Pregnancy, claim.AdmissionDate) = (Visit.Types.Type.Prenatal, $"G{random.Next(2)}", "");
        return claim;
    }

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    /// <summary>Counters without the references that name a sequence: those differ by construction.</summary>
    private async Task<IEnumerable<string>> CountersAsync(string person) =>
        (await Silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = person })).Counters
            .Select(counter => counter.Name == "deferredAssistance"
                ? $"deferredAssistance {counter.Value}"
                : $"{counter.Name} {counter.Year} {counter.Reference} {counter.Value}");

    private static (long Total, long Pooled, long SeriousIllness, long Assistance, long Person) Amounts(SettlementResult result) => (
        result.Totals.Total, result.Pooled, result.SeriousIllness,
        result.AssistanceBasic + result.AssistanceTilt + result.AssistanceOutpatient + result.AssistanceOther, result.PersonPays);

    private static (long Total, long Funds, long Person) Sum(IEnumerable<SettlementResult> results) => (
        results.Sum(result => result.Totals.Total), results.Sum(result => result.Totals.Total - result.PersonPays),
            results.Sum(result => result.PersonPays));

    private static (long Total, long Funds, long Person) Sum(Payments payments) =>
        (payments.Total, payments.Total - payments.PersonPays, payments.PersonPays);
}
