using System.Diagnostics;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Tests.Support;

namespace Settlement.Bench;

/// <summary>One store: a server of its own, persons registered, the two calls measured turn about, the ledger checked.</summary>
internal static class BenchRun
{
    public static async Task<IReadOnlyList<Measurement>> RunAsync(string store, LedgerOptions ledger, BenchOptions options)
    {
        List<Measurement> measured = [];
        long settled = 0;
        await using (SiloProcess server = Server(ledger))
        {
            await server.StartAsync();
            GrpcChannel[] channels = [.. Enumerable.Range(0, options.Connections).Select(_ => GrpcChannel.ForAddress(server.Address))];
            Contract.Settlement.SettlementClient[] clients = [.. channels.Select(channel => new Contract.Settlement.SettlementClient(channel))];
            await RegisterAsync(new Enrolment.EnrolmentClient(channels[0]), options);
            Discharges discharges = new(options);
            // Until the compiler has settled, rates say little: both calls are warmed up before anything counts.
            await PhaseAsync("warm", "ping", TimeSpan.FromSeconds(3), options, worker => PingAsync(clients, worker));
            await PhaseAsync("warm", "settle", TimeSpan.FromSeconds(4), options, worker => SettleAsync(clients, discharges, worker));
            for (int round = 1; round <= options.Rounds; round++)
            {
                TimeSpan span = TimeSpan.FromSeconds(options.Seconds);
                Measurement ping = await PhaseAsync(store, "ping", span, options, worker => PingAsync(clients, worker));
                Measurement settle = await PhaseAsync(store, "settle", span, options, worker => SettleAsync(clients, discharges, worker));
                measured.AddRange([ping, settle]);
                Console.WriteLine($"{store} round {round}: ping {ping.Rate:N0}/s, settle {settle.Rate:N0}/s");
            }

            settled = discharges.Count;
            foreach (GrpcChannel channel in channels) channel.Dispose();
            await server.StopAsync();
        }

        await CheckAsync(store, ledger, options.Persons, settled);
        return measured;
    }

    /// <summary>The server under test. <c>./settlement bench</c> sets the two variables.</summary>
    private static SiloProcess Server(LedgerOptions ledger) => new(
        Setting("SETTLEMENT_SILO"),
        Setting("SETTLEMENT_POLICIES"),
        $"Ledger:Provider={ledger.Provider}",
        $"Ledger:Path={ledger.Path}",
        $"Ledger:ConnectionString={ledger.ConnectionString}");

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run the benchmark with './settlement bench'.");

    private static async Task RegisterAsync(Enrolment.EnrolmentClient client, BenchOptions options) =>
        await Parallel.ForAsync(0, options.Persons, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (person, cancellation) =>
            await client.RegisterAsync(Discharges.Register(person), cancellationToken: cancellation));

    private static async Task PingAsync(Contract.Settlement.SettlementClient[] clients, int worker) =>
        await clients[worker % clients.Length].PingAsync(new PingRequest());

    private static async Task SettleAsync(Contract.Settlement.SettlementClient[] clients, Discharges discharges, int worker)
    {
        SettleResponse answer = await clients[worker % clients.Length].SettleAsync(discharges.Next());
        if (answer.AlreadySettled is not null) throw new InvalidOperationException("A new charge was answered as settled before.");
    }

    /// <summary>A closed loop: a fixed number of calls in flight until the time is over.</summary>
    private static async Task<Measurement> PhaseAsync(string store, string operation, TimeSpan span, BenchOptions options, Func<int, Task> call)
    {
        long start = Stopwatch.GetTimestamp();
        List<long>[] latencies = await Task.WhenAll(Enumerable.Range(0, options.InFlight).Select(worker => Task.Run(async () =>
        {
            List<long> own = new(4096);
            while (Stopwatch.GetElapsedTime(start) < span)
            {
                long before = Stopwatch.GetTimestamp();
                await call(worker);
                own.Add(Stopwatch.GetTimestamp() - before);
            }

            return own;
        })));
        TimeSpan duration = Stopwatch.GetElapsedTime(start);
        long[] sorted = [.. latencies.SelectMany(own => own).Order()];
        return new Measurement(store, operation, sorted.Length, duration, At(sorted, 0.50), At(sorted, 0.99));
    }

    private static TimeSpan At(long[] sorted, double quantile) =>
        Stopwatch.GetElapsedTime(0, sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * quantile))]);

    /// <summary>Reads the whole ledger: every answered settlement is there, every chain is whole, every sum holds.</summary>
    private static async Task CheckAsync(string name, LedgerOptions options, int persons, long settled)
    {
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        long settlements = 0;
        long bytes = 0;
        LedgerEntry? previous = null;
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            bool follows = previous?.PersonId == entry.PersonId
                ? entry.Sequence == previous.Sequence + 1 && entry.PreviousHash == previous.Hash
                : entry.Sequence == 1 && entry.PreviousHash.IsZero;
            if (!follows || !entry.HashIsValid()) throw new InvalidOperationException($"Entry {entry.Sequence} breaks its person's chain.");
            if (entry.Kind == LedgerEntryKind.Settlement) settlements++;
            bytes += entry.Event.Length + entry.Answer.Length + entry.AccountAfter.Length;
            previous = entry;
        }

        if (settlements != settled) throw new InvalidOperationException($"{settled} settlements were sent and answered, the ledger has {settlements}.");
        Console.WriteLine($"{name}: {settlements:N0} settlements checked in the ledger, {bytes / (settlements + persons):N0} bytes of content an entry");
    }
}
