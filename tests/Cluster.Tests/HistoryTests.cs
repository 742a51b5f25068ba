using Grpc.Core;
using Settlement.Cli.Auditing;
using Settlement.Cli.Cases;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Tests.Histories;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests;

/// <summary>
/// The random histories of the rules, through gateway, grain and ledger: the silo answers what the rules answer, and the ledger ends with
/// the same account, byte for byte.
/// </summary>
public abstract class HistoryTests(Func<Task<string[]>> ledger, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Histories = 12;
    private const int Longest = 20;
    private TestSilo silo = null!;
    private Agency.AgencyClient agency = null!;
    private int persons;

    public static TheoryData<string> Cities => [.. City.All.Select(city => city.Name)];

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await ledger(), "Gateway:Insecure=true"]);
        agency = new Agency.AgencyClient(silo.Channel());
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cities))]
    public async Task The_silo_does_what_the_rules_do_and_the_ledger_keeps_it(string city)
    {
        ForEvery(city, async history =>
        {
            string person = $"H{++persons}";
            Adjudicator adjudicator = new(silo.Policies);
            PersonRun rules = new(adjudicator, history);
            WireHistory wire = new(silo, agency, person, rules);
            await wire.RegisterAsync(history);
            foreach (Act act in history.Acts) await wire.TakeAsync(act);

            LedgerEntry newest = (await silo.Ledger.ReadPersonAsync(person, (int)rules.Account.LastSequence, 2)).Single();
            Assert.Equal(AccountCodec.Encode(rules.Account), newest.AccountAfter.ToArray());
        });
        await AssertAuditFindsNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Cities))]
    public async Task Sent_at_once_the_same_requests_leave_a_history_that_the_audit_accepts(string city)
    {
        ForEvery(city, async history =>
        {
            string person = $"H{++persons}";
            await new WireHistory(silo, agency, person, new PersonRun(new Adjudicator(silo.Policies), history)).RegisterAsync(history);
            SettleAct[] claims = [.. history.Acts.OfType<SettleAct>()];
            SettlementResult?[] answers = await Task.WhenAll(claims.Select((act, i) => SettleAsync(person, $"{person}-{i}", act)));

            // Whichever order the grain took them in, its entries number the answers, and every answer adds up.
            Assert.Equal(Enumerable.Range(2, answers.Count(answer => answer is not null))
                .Select(n => (long)n), answers.OfType<SettlementResult>().Select(answer => answer.Sequence).Order());
            Assert.All(answers.OfType<SettlementResult>(), answer => Assert.Equal(
                answer.Totals.Total,
                answer.Pooled + answer.SeriousIllness + answer.AssistanceBasic + answer.AssistanceTilt + answer.AssistanceOutpatient
                    + answer.AssistanceOther + answer.PersonPays));
            await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, person);
        });
        await AssertAuditFindsNothingAsync();
    }

    // The property runner is synchronous; every test has the thread to itself.
    private void ForEvery(string city, Func<History, Task> holds)
        => HistoryProperty.ForEvery(City.Named(city), output.WriteLine, history => Task.Run(() => holds(history)).GetAwaiter()
            .GetResult(), Histories, Longest);

    /// <summary>The answer, or null when the rules refuse the claim.</summary>
    private async Task<SettlementResult?> SettleAsync(string person, string request, SettleAct act)
    {
        try
        {
            return (await silo.Settlement.SettleAsync(Requests.Settle(person, request, WireClaim.Of(act.Claim)))).Result;
        }
        catch (RpcException refused) when (refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>() is { } info)
        {
            Assert.True(Names.TryParse(info.Reason, out RefusalCode _), $"{info.Reason}: {refused.Status.Detail}");
            return null;
        }
    }

    private async Task AssertAuditFindsNothingAsync()
    {
        List<Cli.Auditing.Violation> violations = [];
        AuditCounts counts = await new LedgerAudit(silo.Ledger, new PolicyRecomputation(silo.Ledger))
            .RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        Assert.True(counts.Settlements > 0, "the histories left nothing behind to audit");
    }
}
