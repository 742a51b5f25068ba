using System.Threading.Channels;
using Settlement.Cli.Text;
using Settlement.Persons;

namespace Settlement.Cli.Importing;

/// <summary>
/// One import: reads rows, sends some of them at once and those of one person, or of one code, in the order of the file, and keeps account
/// of their ends.
/// </summary>
/// <param name="file">The input.</param>
/// <param name="kind">What it holds.</param>
/// <param name="region">Region of rows that name none.</param>
/// <param name="errors">Where rows go that are not recorded.</param>
internal sealed class ImportRun(ImportFile file, ImportKind kind, string region, ErrorFile errors)
{
    /// <summary>Rows held for each one in flight: they wait behind one of their lane, or for one before them in the file to end.</summary>
    private const int HeldForEach = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly ImportHead head = file.Head;

    /// <summary>The line up to which all rows have ended.</summary>
    public int Line { get; private set; }

    /// <summary>How the rows ended so far, those of an interrupted run before this one included.</summary>
    public ImportCounts Counts { get; private set; }

    /// <summary>Goes on behind a checkpoint.</summary>
    public void ContinueAfter(Checkpoint checkpoint) => (Line, Counts) = (checkpoint.Line, checkpoint.Counts);

    /// <summary>Reads every row and sends none.</summary>
    public void Check(Progress progress)
    {
        foreach ((int at, string[] cells) in file.Rows())
        {
            RowInWork row = new(at, cells);
            row.End = Request(row) is null ? RowEnd.Refused : RowEnd.Recorded;
            Left(row);
            progress.Report("rows checked", Counts.Rows, file.Count);
        }

        errors.Flush();
        progress.End();
    }

    /// <summary>Sends the rows.</summary>
    /// <param name="calls">Sends one row.</param>
    /// <param name="inFlight">Rows in flight at once.</param>
    /// <param name="checkpoint">Called now and then, and at the end, while no row ends.</param>
    /// <param name="watch">Called now and then while it lasts.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="interrupt">Ends it in good order: no further row is sent, and the answers to those that were are waited for.</param>
    /// <exception cref="CliException">No row can be sent any more.</exception>
    public async Task SendAsync(
        ImportCalls calls, int inFlight, Action checkpoint, Action watch, TimeProvider clock, CancellationToken interrupt)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        using CancellationTokenSource over = new();
        using RowWindow window = new(inFlight * HeldForEach, Left);
        Channel<(RowInWork Row, ImportRequest Request)>[] lanes = new Channel<(RowInWork, ImportRequest)>[inFlight];
        for (int i = 0; i < inFlight; i++) lanes[i] = Channel.CreateUnbounded<(RowInWork, ImportRequest)>(); // the window bounds them
        Task[] work = [ReadAsync(window, lanes, stop), .. lanes.Select(lane => WorkAsync(lane.Reader, calls, window, stop))];
        Task ticking = TickAsync();
        try
        {
            await Task.WhenAll(work);
        }
        finally
        {
            await over.CancelAsync();
            await ticking;
            Checkpoint();
        }

        async Task TickAsync()
        {
            using PeriodicTimer timer = new(Tick, clock);
            try
            {
                while (await timer.WaitForNextTickAsync(over.Token))
                {
                    Checkpoint();
                    watch();
                }
            }
            catch (OperationCanceledException)
            {
                // All rows have ended, or none is sent any more.
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }

        void Checkpoint() => window.Still(() =>
        {
            errors.Flush();
            checkpoint();
        });
    }

    private async Task ReadAsync(RowWindow window, Channel<(RowInWork, ImportRequest)>[] lanes, CancellationTokenSource stop)
    {
        try
        {
            int done = Line;
            foreach ((int at, string[] cells) in file.Rows())
            {
                if (at <= done) continue;
                RowInWork row = new(at, cells);
                await window.AddAsync(row, stop.Token);
                if (Request(row) is not { } request) window.Ended(row, RowEnd.Refused, row.Fault);
                else lanes[LaneOf(request.Subject, lanes.Length)].Writer.TryWrite((row, request));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was not read is read by the run that goes on.
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            foreach (Channel<(RowInWork, ImportRequest)> lane in lanes) lane.Writer.Complete();
        }
    }

    private static async Task WorkAsync(
        ChannelReader<(RowInWork Row, ImportRequest Request)> lane, ImportCalls calls, RowWindow window, CancellationTokenSource stop)
    {
        try
        {
            await foreach ((RowInWork row, ImportRequest request) in lane.ReadAllAsync(stop.Token))
            {
                stop.Token.ThrowIfCancellationRequested();
                (RowEnd end, RowFault? fault) = await calls.SendAsync(request, stop.Token);
                window.Ended(row, end, fault);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was not sent is sent by the run that goes on.
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    // A lane sends one row at a time, and the rows of a person, or of a code, are all in one lane.
    private static int LaneOf(string subject, int lanes) => Convert.ToInt32(PersonBucket.Of(subject), fromBase: 16) % lanes;

    private ImportRequest? Request(RowInWork row)
    {
        try
        {
            return kind.Request(new ImportRow(head, row.Cells, region));
        }
        catch (RowRefusedException refused)
        {
            row.Fault = refused.Fault;
            return null;
        }
    }

    private void Left(RowInWork row)
    {
        Line = row.Line;
        if (row.Fault is { } fault) errors.Add(row.Line, row.Cells, fault);
        ImportCounts counts = Counts;
        Counts = row.End switch
        {
            RowEnd.Recorded => counts with { Recorded = counts.Recorded + 1 },
            RowEnd.AlreadyThere => counts with { AlreadyThere = counts.AlreadyThere + 1 },
            RowEnd.Refused => counts with { Refused = counts.Refused + 1 },
            _ => counts with { Unknown = counts.Unknown + 1 },
        };
    }
}
