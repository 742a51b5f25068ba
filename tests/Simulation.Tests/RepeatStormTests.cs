using System.Collections.Frozen;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using Settlement.Simulate;

namespace Settlement.Simulation.Tests;

/// <summary>
/// A person's activation stood still, its callers heard nothing and sent everything again, several times. When it goes on, what it meets
/// was accepted long ago: it must get through that faster than more of it can come.
/// </summary>
public sealed class RepeatStormTests
{
    private const string Person = "P0";

    /// <summary>Distinct requests; fewer than a writer's queue takes.</summary>
    private const int Charges = 20;

    /// <summary>How often each is sent again; more repeats in all than a change is decided anew.</summary>
    private const int Repeats = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Repeats_that_come_together_all_get_their_first_answer_in_fewer_batches_than_there_are_requests(ulong seed)
    {
        // The loop keeps to the thread it is made on, and wants none of the test runner's context there.
        Outcome outcome = await Task.Run(() => Run(seed));

        Assert.Equal(Charges, outcome.First.Count(static reply => reply is { Value: not null }));
        Assert.Equal(Charges * Repeats, outcome.Again.Count);
        Assert.All(outcome.Again, repeat =>
        {
            Assert.Null(repeat.Reply?.Refusal?.Code);
            Assert.Equal(outcome.First[repeat.Charge]?.Value?.Encoded, repeat.Reply?.Value?.Encoded);
        });
        // When every repeat is written before it is looked for, a batch frees one caller.
        Assert.InRange(outcome.Batches, 1, Charges - 1);
    }

    private static Outcome Run(ulong seed)
    {
        EventLoop loop = new();
        Journal journal = new(loop, null);
        FaultInjector faults = new(seed, FaultKind.None, FrozenSet<Strike>.Empty);
        MemoryLedger ledger = new();
        SimulatedProcess process = new(loop, "silo", Chance.Of(seed, "turns"));
        CountingStore store = new(
            new StoreParts(ledger, process, faults, new Outage(loop, faults, journal), Chance.Of(seed, "ways"), journal));
        SimulatedTime time = new(process, Calendar.BeforeMidnight(Claims.FirstDay));
        SimulatedSilo silo = new(process, store, time, new Adjudicator(PolicyCatalogue.Of(Rules.Pack)));

        void Send<T>(Func<IInsuredPersonGrain, Task<Reply<T>>> invoke, Action<Reply<T>?> heard)
            where T : class => silo.Receive(new Call<Reply<T>>
        {
            Person = Person,
            NewestCommit = () => ledger.Count,
            Invoke = invoke,
            Left = (reply, _, _) => heard(reply),
            Rejected = () => heard(null),
        });

        void Rest()
        {
            while (loop.Step(long.MaxValue)) { }
        }

        Send(static grain => grain.Register(Claims.Register(Person, 0).AsImmutable()), static _ => { });
        Rest();

        Chance chance = Chance.Of(seed, "claims");
        SettleRequest[] requests = [.. Enumerable.Range(0, Charges).Select(i =>
            new SettleRequest { RequestId = $"r{i}", Person = Person, VisitId = $"v{i}", ChargeBatch = "1", Claim = Claims.Draw(chance) })];
        Reply<SettleAnswer>?[] first = new Reply<SettleAnswer>?[Charges];
        for (int i = 0; i < Charges; i++)
        {
            int charge = i;
            Send(grain => grain.Settle(requests[charge].AsImmutable(), SettlerTerms.Agency), reply => first[charge] = reply);
        }

        Rest();
        store.Batches = 0;
        List<(int Charge, Reply<SettleAnswer>? Reply)> again = [];
        for (int i = 0; i < Charges * Repeats; i++)
        {
            int charge = i % Charges;
            Send(grain => grain.Settle(requests[charge].AsImmutable(), SettlerTerms.Agency), reply => again.Add((charge, reply)));
        }

        Rest();
        return new Outcome(first, again, store.Batches);
    }

    private sealed record Outcome(Reply<SettleAnswer>?[] First, List<(int Charge, Reply<SettleAnswer>? Reply)> Again, int Batches);

    /// <summary>Counts the batches that go to the database.</summary>
    private sealed class CountingStore(StoreParts parts) : SimulatedStore(parts)
    {
        public int Batches { get; set; }

        public override ILedgerAppender OpenAppender() => new Appender(this, base.OpenAppender());

        private sealed class Appender(CountingStore store, ILedgerAppender inner) : ILedgerAppender
        {
            public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
            {
                store.Batches++;
                return inner.AppendBatchAsync(batch, cancellation);
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
