using Google.Protobuf;
using Settlement.Cli.Auditing;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>
/// Reads the ledger once, person by person, and decides it again under a changed pack. It writes nothing and keeps one person in memory.
/// </summary>
internal sealed class LedgerReplay(ILedgerStore store, Pack changed, DateOnly from)
{
    private readonly WhatIfRules rules = new(changed, from, new LedgerPacks(store));

    /// <summary>Runs the replay.</summary>
    /// <param name="progress">Called with the entries read so far.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    /// <exception cref="ReplayException">An entry cannot be decided again: it is damaged, or its pack is missing.</exception>
    public async Task<ReplayReport> RunAsync(Action<long> progress, CancellationToken cancellation)
    {
        ReplayReport report = new();
        WhatIfPerson? person = null;
        await foreach (LedgerEntry entry in store.ScanAsync(cancellation))
        {
            if (person?.Id != entry.PersonId)
            {
                if (person is not null) report.Add(person);
                person = new WhatIfPerson(entry.PersonId, rules);
            }

            await TakeAsync(person, entry, cancellation);
            report.CountEntry();
            progress(report.Entries);
        }

        if (person is not null) report.Add(person);
        return report;
    }

    private static async ValueTask TakeAsync(WhatIfPerson person, LedgerEntry entry, CancellationToken cancellation)
    {
        try
        {
            await person.TakeAsync(entry, cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or InvalidProtocolBufferException or LedgerPackException)
        {
            throw new ReplayException($"person {Text.Show.Masked(entry.PersonId)}, entry {entry.Sequence}: {error.Message}", error);
        }
    }
}

/// <summary>An entry of the ledger that cannot be decided again.</summary>
internal sealed class ReplayException(string message, Exception inner) : Exception(message, inner);
