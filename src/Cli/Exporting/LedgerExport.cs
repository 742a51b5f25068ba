using Settlement.Cli.Cases;
using Settlement.Cli.Text;
using Settlement.Ledger;

namespace Settlement.Cli.Exporting;

/// <summary>Writes a part of the ledger into a file with its manifest. One page of entries is in memory.</summary>
internal sealed class LedgerExport(ILedgerStore store, ExportSelection selection, ShownPersons persons, CliHost host)
{
    private readonly LedgerPages pages = new(store, host.Clock);
    private readonly SettledEntries settlements = new(store);

    /// <summary>Every entry with all that it holds.</summary>
    public Task<ExportManifest> WriteEntriesAsync(string path, ExportFormat format, CancellationToken cancellation) => WriteAsync(
        "ledger", path, format, LedgerColumns.Of(persons), static entry => entry.Position,
        async page => selection.Facility is null
            ? page
            : [.. (await settlements.OfAsync(page, selection.Facility, withReversals: false, cancellation)).Select(row => row.Entry)],
        cancellation);

    /// <summary>Every settlement and every reversal of one.</summary>
    public Task<ExportManifest> WriteStatementsAsync(string path, ExportFormat format, CancellationToken cancellation) => WriteAsync(
        "statements", path, format, StatementColumns.Of(persons), static row => row.Entry.Position,
        page => settlements.OfAsync(page, selection.Facility, withReversals: true, cancellation), cancellation);

    private async Task<ExportManifest> WriteAsync<TRow>(
        string content, string path, ExportFormat format, IReadOnlyList<Column<TRow>> columns, Func<TRow, long> position,
        Func<IReadOnlyList<LedgerEntry>, Task<IReadOnlyList<TRow>>> rows, CancellationToken cancellation)
    {
        long? first = null;
        long? last = null;
        Progress progress = new(host);
        using ExportFile<TRow> file = new(path, format, columns, persons.AreShown);
        await foreach (IReadOnlyList<LedgerEntry> page in pages.ReadAsync(selection, cancellation))
        {
            foreach (TRow row in await rows(page))
            {
                file.Write(row);
                last = position(row);
                first ??= last;
            }

            progress.Report("entries read", pages.Entries);
        }

        progress.End();
        file.Complete();
        DateTimeOffset now = host.Clock.GetUtcNow();
        ExportManifest manifest = new()
        {
            Content = content,
            File = Path.GetFileName(path),
            Bytes = file.Bytes,
            Sha256 = file.Sha256,
            Rows = file.Rows,
            FirstPosition = first,
            LastPosition = last,
            ReadTo = selection.Days is null ? pages.ReadTo : null,
            Selection = Asked(),
            Complete = selection.Span is { } span ? now >= span.End : null,
            Persons = persons.Word,
            Columns = [.. columns.Select(column => column.Name)],
            Sums = file.Sums,
            ExportedAt = ExportSelection.Text(now),
        };
        manifest.WriteBeside(path);
        return manifest;
    }

    private ExportManifest.Asked Asked() => new(
        selection.Days is null ? selection.After : null,
        selection.Days is { } from ? WireClaim.Day(from.From) : null,
        selection.Days is { } to ? WireClaim.Day(to.To) : null,
        selection.Region == 0 ? null : WireClaim.Division(selection.Region),
        selection.Facility,
        selection.Year == 0 ? null : selection.Year);
}
