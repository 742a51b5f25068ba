using System.Runtime.CompilerServices;
using Settlement.Ledger;

namespace Settlement.Cli.Exporting;

/// <summary>
/// Reads the ledger in the order of its positions, page by page, as the change feed does: nothing is passed over that commits late.
/// </summary>
internal sealed class LedgerPages(ILedgerStore store, TimeProvider time)
{
    private const int PageEntries = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Everything up to here has been read.</summary>
    public long ReadTo { get; private set; }

    /// <summary>Entries read.</summary>
    public long Entries { get; private set; }

    /// <summary>The entries that a selection means, page by page, to the newest, or to the end of its days.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read; a period that is needed is detached.</exception>
    /// <exception cref="CliException">Of the days some entries are held back by a transaction that does not end.</exception>
    public async IAsyncEnumerable<IReadOnlyList<LedgerEntry>> ReadAsync(
        ExportSelection selection, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ReadTo = selection.After;
        long? last = null;
        if (selection.Span is { } span)
        {
            if (await store.FindRecordedAsync(span.Begin, span.End, cancellation) is not { } found) yield break;
            (ReadTo, last) = (found.First - 1, found.Last);
        }

        long? waiting = null;
        while (last is null || ReadTo < last)
        {
            IReadOnlyList<LedgerEntry> page = await store.ReadFromPositionAsync(ReadTo, PageEntries, cancellation);
            if (page.Count > 0)
            {
                (ReadTo, waiting) = (page[^1].Position, null);
                Entries += page.Count;
                yield return [.. page.Where(selection.Takes)];
            }

            if (last is null && page.Count < PageEntries) yield break;
            if (page.Count > 0) continue;
            // What lies behind a running transaction cannot be read before it ends.
            if (time.GetElapsedTime(waiting ??= time.GetTimestamp()) > Patience)
            {
                throw new CliException(
                    ExitCode.Environment,
                    "a transaction on the database server has been running for long, and entries of these days lie behind it: end it, or wait");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }
}
