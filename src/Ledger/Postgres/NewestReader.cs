using System.Diagnostics;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// Reads persons' newest entries. Who asks while statements are on their way goes with all others who do in the next one: of the persons
/// whom a day brings most must be woken, and a statement for many costs the database and this process a fraction of one for each.
/// A statement begins after everybody in it has asked, so each sees what was answered before.
/// </summary>
/// <param name="read">One statement: the newest entries of those of the persons who have any, in any order.</param>
internal sealed class NewestReader(Func<string[], Task<IReadOnlyList<LedgerEntry>>> read)
{
    /// <summary>Statements at once. With one, nobody would be asking the database while its answer is read here.</summary>
    internal static readonly int MostAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Most persons in a statement: its rows are in memory together.</summary>
    private const int MostTogether = 128;

    private readonly Lock gate = new();
    private readonly Queue<Asked> waiting = new();
    private int underWay;

    /// <summary>The person's newest entry, or null. Waits behind the statements that are on their way.</summary>
    /// <exception cref="LedgerException">The statement failed, for everybody in it.</exception>
    public Task<LedgerEntry?> ReadAsync(string personId, CancellationToken cancellation)
    {
        Asked asked = new(personId, LedgerTraces.Current);
        bool begins;
        lock (gate)
        {
            waiting.Enqueue(asked);
            begins = underWay < MostAtOnce;
            if (begins) underWay++;
        }

        if (begins) _ = RunAsync(); // its failures are those of the persons in it
        return asked.Task.WaitAsync(cancellation);
    }

    private async Task RunAsync()
    {
        Activity.Current = null; // it reads for others too
        while (Next() is { } together)
        {
            using Activity? span = LedgerTraces.StartRead(together);
            try
            {
                IReadOnlyList<LedgerEntry> found = await read([.. together.Select(static asked => asked.PersonId)]).ConfigureAwait(false);
                Dictionary<string, LedgerEntry> newest = new(found.Count, StringComparer.Ordinal);
                foreach (LedgerEntry entry in found) newest[entry.PersonId] = entry;
                foreach (Asked asked in together) asked.SetResult(newest.GetValueOrDefault(asked.PersonId));
            }
            catch (Exception problem)
            {
                foreach (Asked asked in together) asked.TrySetException(problem);
            }
        }
    }

    /// <summary>Those for the next statement, or null when nobody waits: then the caller is done.</summary>
    private List<Asked>? Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                underWay--;
                return null;
            }

            List<Asked> together = new(Math.Min(waiting.Count, MostTogether));
            while (together.Count < MostTogether && waiting.TryDequeue(out Asked? asked)) together.Add(asked);
            return together;
        }
    }

    /// <summary>Somebody who waits for a person's newest entry.</summary>
    internal sealed class Asked(string personId, ActivityContext trace)
        : TaskCompletionSource<LedgerEntry?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string PersonId { get; } = personId;

        public ActivityContext Trace { get; } = trace;
    }
}
