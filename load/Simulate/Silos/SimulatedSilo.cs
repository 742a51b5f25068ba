using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>What a grain of a silo is made of.</summary>
internal sealed record GrainParts(Adjudicator Adjudicator, ILedgerStore Store, LedgerWriter Writer, TimeProvider Time);

/// <summary>One run of a silo's process, from its start to its end: the product's writer, and activations on demand.</summary>
internal sealed class SimulatedSilo
{
    private static readonly LedgerWriterOptions WriterOptions =
        new() { QueueCapacity = 24, MaxBatchEntries = 16, StopTimeout = TimeSpan.FromSeconds(3) };

    private readonly SortedDictionary<string, SimulatedActivation> activations = new(StringComparer.Ordinal);
    private readonly GrainParts parts;
    private bool isStopping;

    public SimulatedSilo(SimulatedProcess process, ILedgerStore store, SimulatedTime time, Adjudicator adjudicator)
    {
        Process = process;
        Time = time;
        // All writers of a silo share a queue of turns, as they share a processor.
        LedgerWriter writer = new(store, WriterOptions, time, NullLogger<LedgerWriter>.Instance, new TurnQueue(process));
        parts = new GrainParts(adjudicator, store, writer, time);
    }

    public SimulatedProcess Process { get; }

    public SimulatedTime Time { get; }

    /// <summary>Activations now.</summary>
    public IReadOnlyCollection<SimulatedActivation> Activations => activations.Values;

    /// <summary>Takes a request that arrived.</summary>
    public void Receive(Call call)
    {
        if (Process.IsDead) return;
        if (isStopping)
        {
            call.Reject();
            return;
        }

        if (!activations.TryGetValue(call.Person, out SimulatedActivation? activation))
            activations.Add(call.Person, activation = new SimulatedActivation(call.Person, Process, parts, Ended));
        activation.Take(call);
    }

    /// <summary>Stops it in good order: no new requests, what is queued is written, then the process ends.</summary>
    public void Stop(Action stopped)
    {
        if (isStopping) return;
        isStopping = true;
        new TurnQueue(Process).Start(async () =>
        {
            await parts.Writer.DisposeAsync();
            stopped();
        });
    }

    private void Ended(SimulatedActivation activation)
    {
        activations.Remove(activation.Person);
        foreach (Call call in activation.Waiting) Receive(call);
    }
}
