using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests;

/// <summary>Two silos that know nothing of each other on one ledger: the fence alone keeps every person's history single.</summary>
public sealed class TwoSilosTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Persons = 4;
    private const int Clients = 16;
    private const int EachSettles = 25;
    private readonly TestSilo[] silos = new TestSilo[2];

    public async Task InitializeAsync()
    {
        string[] ledger = await TestLedgers.PostgresAsync();
        for (int i = 0; i < silos.Length; i++) silos[i] = await TestSilo.StartAsync([.. ledger, "Gateway:Insecure=true"]);
    }

    public async Task DisposeAsync()
    {
        foreach (TestSilo silo in silos) await silo.DisposeAsync();
    }

    [Fact]
    public async Task Both_hammer_the_same_persons_and_nothing_is_lost_doubled_or_over_a_cap()
    {
        using FenceCounter fences = new();
        for (int person = 0; person < Persons; person++) await silos[0].Enrolment.RegisterAsync(Requests.Register($"P{person}"));
        ConcurrentBag<SettlementResult> answers = [];

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (int i = 0; i < EachSettles; i++)
            {
                SettleRequest request = Requests.Settle(
                    $"P{(client + i) % Persons}", $"c{client}-{i}", Requests.Inpatient(400_000 + client));
                answers.Add((await silos[client % 2].Settlement.SettleAsync(request)).Result);
                // The same charge under a new id at the other silo: settled once, whoever comes second.
                request.RequestId = $"d{client}-{i}";
                SettleResponse again = await silos[(client + 1) % 2].Settlement.SettleAsync(request);
                Assert.Equal($"c{client}-{i}", again.AlreadySettled.FirstRequestId);
            }
        })));

        output.WriteLine($"{fences.Count} fenced appends in {answers.Count} settlements");
        Assert.True(fences.Count > 0, "the silos never met: the test shows nothing");
        for (int person = 0; person < Persons; person++)
        {
            Account account = await SerialReplay.CheckAsync(silos[1].Ledger, silos[1].Policies, $"P{person}");
            SettlementResult[] own = [.. answers.Where(answer => answer.Person == $"P{person}")];
            Assert.Equal(own.Length + 1, account.LastSequence);
            Assert.Equal(own.Sum(answer => answer.Pooled), account.Counter(CounterId.PooledPaid, 2026));
        }
    }

    [Fact]
    public async Task A_request_settled_at_one_and_voided_at_the_other_ends_in_one_of_two_states()
    {
        await new VoidRaces(settling: silos[0], voiding: silos[1], output).RunAsync();
        await Audits.AssertSoundAsync(silos[0]);
    }

    [Fact]
    public async Task Whoever_asks_the_other_silo_sees_what_was_settled_here()
    {
        await silos[0].Enrolment.RegisterAsync(Requests.Register("P9"));
        QuoteRequest question = new() { Person = "P9", Claim = Requests.Inpatient(2_000_000) };
        await silos[0].Settlement.QuoteAsync(question);
        for (int i = 1; i <= 3; i++)
        {
            await silos[1].Settlement.SettleAsync(Requests.Settle("P9", $"o{i}", Requests.Inpatient(2_000_000)));
            Assert.Equal(i + 1, (await silos[0].Settlement.GetAccountAsync(new GetAccountRequest { Person = "P9" })).Sequence);
            Assert.Equal((await silos[1].Settlement.QuoteAsync(question)).Result, (await silos[0].Settlement.QuoteAsync(question)).Result);
        }
    }

    /// <summary>Counts what the ledger's own metric says.</summary>
    private sealed class FenceCounter : IDisposable
    {
        private readonly MeterListener listener = new();
        private long count;

        public FenceCounter()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == LedgerMetrics.MeterName && instrument.Name == "settlement.ledger.appends")
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                foreach (KeyValuePair<string, object?> tag in tags)
                {
                    if (tag.Value is string outcome && outcome == nameof(AppendStatus.Fenced)) Interlocked.Add(ref count, value);
                }
            });
            listener.Start();
        }

        public long Count => Interlocked.Read(ref count);

        public void Dispose() => listener.Dispose();
    }
}
