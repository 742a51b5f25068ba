using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Policy;
using Claim = Settlement.Contract.Claim;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests;

/// <summary>Many hospitals at once: what they are told, and what the ledger holds, is that of some serial run.</summary>
public abstract class ConcurrencyTests(Func<Task<string[]>> ledger, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 64;
    private const long PooledCap = 15_000_000;
    private const long BasicAssistanceCap = 2_000_000;
    private TestSilo silo = null!;

    public async Task InitializeAsync() => silo = await TestSilo.StartAsync([.. await ledger(), "Gateway:Insecure=true"]);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task Sixty_four_clients_at_one_person_near_every_limit_end_where_a_serial_run_ends()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.MinimumLivingAllowance)));
        int seed = Seed();
        ConcurrentBag<SettleResponse> answers = [];

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            Random random = new(seed + client);
            for (int i = 0; i < 8; i++)
            {
                // About 25 million fen in scope altogether: the pooled cap, the serious-illness bands and the assistance caps all bind.
                string[] diagnoses = random.Next(3) == 0 ? ["ONCOLOGY_TREATMENT"] : [];
                Claim claim = Requests.Inpatient(random.Next(1, 100_000), $"H2101{client % 7:D5}", "2026-03-10", diagnoses);
                answers.Add(await silo.Settlement.SettleAsync(Requests.Settle("P1", $"c{client}-{i}", claim)));
            }
        })));

        Account account = await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, "P1");
        Assert.Equal(Clients * 8, answers.Count);
        Assert.Equal(account.Counter(CounterId.PooledPaid, 2026), answers.Sum(answer => answer.Result.Pooled));
        Assert.Equal(account.Counter(CounterId.AssistanceBasicPaid, 2026), answers.Sum(answer => answer.Result.AssistanceBasic));
        Assert.InRange(account.Counter(CounterId.PooledPaid, 2026), 0, PooledCap);
        Assert.InRange(account.Counter(CounterId.AssistanceBasicPaid, 2026), 0, BasicAssistanceCap);
        Assert.Equal(Enumerable.Range(2, Clients * 8).Select(n => (long)n), answers.Select(answer => answer.Result.Sequence).Order());
        AssertOneOncologyDeductible(answers);
    }

    [Fact]
    public async Task Every_cap_is_reached_exactly_and_never_passed()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1", Requests.Group(Membership.Types.Group.MinimumLivingAllowance)));
        ConcurrentBag<SettleResponse> answers = [];
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            answers.Add(await silo.Settlement.SettleAsync(
                Requests.Settle("P1", $"c{client}", Requests.Inpatient(2_000_000 + client, $"H2101{client % 7:D5}")))))));

        Account account = await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, "P1");
        Assert.Equal(PooledCap, account.Counter(CounterId.PooledPaid, 2026));
        Assert.Equal(BasicAssistanceCap, account.Counter(CounterId.AssistanceBasicPaid, 2026));
        Assert.Equal(PooledCap, answers.Sum(answer => answer.Result.Pooled));
    }

    [Fact]
    public async Task Ten_thousand_persons_each_end_where_a_serial_run_ends()
    {
        const int persons = 10_000;
        int seed = Seed();
        using SemaphoreSlim room = new(256);
        await Task.WhenAll(Enumerable.Range(0, persons).Select(async person =>
        {
            await room.WaitAsync();
            try
            {
                Random random = new(seed + person);
                await silo.Enrolment.RegisterAsync(Requests.Register($"P{person}"));
                await Task.WhenAll(
                    SettleSome(person, "a", random.Next(1, 30_000_000)),
                    SettleSome(person, "b", random.Next(1, 30_000_000)));
            }
            finally
            {
                room.Release();
            }
        }));

        for (int person = 0; person < persons; person++)
        {
            Account account = await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, $"P{person}");
            Assert.Equal(3, account.LastSequence);
            Assert.InRange(account.Counter(CounterId.PooledPaid, 2026), 0, PooledCap);
        }

        async Task SettleSome(int person, string which, long inScope) =>
            await silo.Settlement.SettleAsync(Requests.Settle($"P{person}", $"{which}{person}", Requests.Inpatient(inScope)));
    }

    [Fact]
    public async Task One_charge_sent_by_many_under_new_ids_settles_once()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest charge = Requests.Settle("P1", "first", Requests.Inpatient(4_000_000));

        SettleResponse[] answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            SettleRequest request = charge.Clone();
            request.RequestId = $"retry-{client}";
            return await silo.Settlement.SettleAsync(request);
        })));

        SettleResponse first = Assert.Single(answers, answer => answer.AlreadySettled is null);
        Assert.All(answers, answer => Assert.Equal(first.Result, answer.Result));
        Assert.All(answers.Where(answer => answer != first), answer =>
            Assert.Equal(first.Result.RequestId, answer.AlreadySettled.FirstRequestId));
        Assert.Equal(2, (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Sequence);
    }

    [Fact]
    public async Task One_request_sent_many_times_at_once_settles_once_and_other_content_is_refused()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest same = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));

        object[] outcomes = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            SettleRequest request = same.Clone();
            if (client % 2 == 1) request.Claim.Totals.Total = request.Claim.Totals.InScope = 5_000_000;
            try
            {
                return (object)(await silo.Settlement.SettleAsync(request)).ToByteString();
            }
            catch (RpcException refused)
            {
                return refused.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
            }
        })));

        Assert.Single(outcomes.OfType<ByteString>().Distinct());
        Assert.All(outcomes.OfType<string>(), reason => Assert.Equal("REQUEST_CONFLICT", reason));
        Assert.Equal(Clients / 2, outcomes.OfType<string>().Count());
    }

    [Fact]
    public async Task Settlements_quotes_and_reversals_at_once_leave_a_serial_history()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        int seed = Seed();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            Random random = new(seed + client);
            for (int i = 0; i < 20; i++)
            {
                Claim claim = Requests.Inpatient(random.Next(1, 500_000));
                QuoteResponse quoted = await silo.Settlement.QuoteAsync(new QuoteRequest { Person = "P1", Claim = claim });
                Assert.Equal(claim.Totals.Total, quoted.Result.Pooled + quoted.Result.SeriousIllness + quoted.Result.PersonPays);
                SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle("P1", $"c{client}-{i}", claim));
                if (random.Next(2) == 0) continue;
                try
                {
                    await silo.Settlement.ReverseAsync(
                        new ReverseRequest { RequestId = $"x{client}-{i}", Person = "P1", SettlementId = settled.Result.SettlementId });
                }
                catch (RpcException refused)
                {
                    // Another client settled in between: only the newest may be reversed.
                    Assert.Equal("NOT_LATEST", refused.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
                }
            }
        })));

        await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, "P1");
    }

    /// <summary>Of the year's oncology admissions, the first in ledger order pays a deductible, the later ones none.</summary>
    private static void AssertOneOncologyDeductible(IEnumerable<SettleResponse> answers)
    {
        SettlementResult[] oncology = [.. answers
            .Select(answer => answer.Result)
            .Where(result => result.Steps.Any(step => step.Counter == "oncologyAdmissions"))
            .OrderBy(result => result.Sequence)];
        Assert.NotEmpty(oncology);
        Assert.All(oncology.Skip(1), result => Assert.Equal(0, result.DeductibleStandard));
    }

    private int Seed()
    {
        int seed = Environment.GetEnvironmentVariable("SETTLEMENT_SEED") is { Length: > 0 } given
            ? int.Parse(given)
            : Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed} (repeat with SETTLEMENT_SEED={seed})");
        return seed;
    }
}
