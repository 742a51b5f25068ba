using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Settlement.Ledger.Writing;

/// <summary>
/// One writer: a bounded queue, an appender, and the loop between them. One batch is under way at a time. The loop stays on the
/// scheduler it is given: nothing here lets go of it, so that a simulation can hold every step.
/// </summary>
internal sealed class WriterLoop : IAsyncDisposable
{
    private const long NotFailing = long.MinValue;

    private readonly int number;
    private readonly ILedgerAppender appender;
    private readonly LedgerWriterOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Channel<PendingAppend> queue;
    private readonly ConcurrentQueue<PendingAppend> spares = new();
    private readonly CancellationTokenSource giveUp;
    private readonly LedgerBatch batch = new();
    private readonly Task running;
    private long failingSince = NotFailing;
    private bool schemaRefused;
    private volatile bool stopping;

    public WriterLoop(
        int number, ILedgerAppender appender, LedgerWriterOptions options, TimeProvider time, ILogger logger, TaskScheduler scheduler)
    {
        this.number = number;
        this.appender = appender;
        this.options = options;
        this.time = time;
        this.logger = logger;
        giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    public int QueueLength => queue.Reader.Count;

    /// <summary>True from a failure to reach the database until the batch that met it is decided.</summary>
    public bool IsFailing => Volatile.Read(ref failingSince) != NotFailing;

    /// <summary>True when that lasts longer than anybody should wait.</summary>
    private bool IsDown => Volatile.Read(ref failingSince) is var since && since != NotFailing
        && time.GetElapsedTime(since) >= options.OutagePatience;

    /// <summary>Queues an entry. The caller holds the lane's gate.</summary>
    public ValueTask<AppendOutcome> Append(PersonLane lane, LedgerEntry entry)
    {
        if (!spares.TryDequeue(out PendingAppend? append)) append = new PendingAppend(spares);
        return Enqueue(append, append.Start(lane, entry), entry);
    }

    /// <summary>Queues a group as one item, so that no batch ever holds a part of it. The caller holds the lane's gate.</summary>
    public ValueTask<AppendOutcome> Append(PersonLane lane, LedgerGroup group)
    {
        (PendingAppend first, ValueTask<AppendOutcome> answer) = PendingAppend.StartGroup(lane, group);
        return Enqueue(first, answer, group.Last);
    }

    public async ValueTask DisposeAsync()
    {
        stopping = true;
        if (!queue.Writer.TryComplete())
        {
            await running;
            return;
        }
        giveUp.CancelAfter(options.StopTimeout);
        await running;
        giveUp.Dispose();
    }

    private ValueTask<AppendOutcome> Enqueue(PendingAppend append, ValueTask<AppendOutcome> answer, LedgerEntry newest)
    {
        PersonLane lane = append.Lane;
        bool down = IsDown;
        if (!down && queue.Writer.TryWrite(append))
        {
            lane.Queued(newest);
            return answer;
        }
        append.Recycle();
        AppendStatus status = stopping ? AppendStatus.Unavailable : down ? AppendStatus.NotAccepted : AppendStatus.Busy;
        LedgerMetrics.Answered(status);
        return new(new AppendOutcome(status));
    }

    private async Task RunAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            Drain();
            await WriteUntilKnownAsync();
            Answer();
        }
        await appender.DisposeAsync();
    }

    private void Drain()
    {
        int bytes = 0;
        while (batch.Count < options.MaxBatchEntries && bytes < options.MaxBatchBytes && queue.Reader.TryRead(out PendingAppend? append))
        {
            bytes += append.Size;
            batch.Add(append);
        }
        batch.AbandonBrokenLanes();
    }

    /// <summary>Writes the batch again and again until every entry is decided, or until stopping has waited long enough.</summary>
    private async Task WriteUntilKnownAsync()
    {
        TimeSpan pause = options.RetryDelay;
        using Activity? span = LedgerTraces.StartBatch(number, batch);
        bool sent = false;
        while (batch.UndecidedCount > 0 && !giveUp.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            try
            {
                int entries = batch.UndecidedCount;
                await appender.AppendBatchAsync(batch, giveUp.Token);
                LedgerMetrics.BatchWritten(entries, time.GetElapsedTime(started));
                NoteSuccess();
            }
            catch (LedgerSchemaException problem)
            {
                // Waiting does not mend a schema. What was never sent is certainly not written.
                LedgerMetrics.BatchFailed();
                if (!schemaRefused) LedgerLog.WriterRefusesSchema(logger, number, problem.Message);
                schemaRefused = true;
                if (!sent) batch.DecideAll(AppendStatus.NotAccepted);
                break;
            }
            catch (LedgerUnavailableException problem)
            {
                sent = true;
                if (!IsFailing) Volatile.Write(ref failingSince, time.GetTimestamp());
                LedgerMetrics.BatchFailed();
                LedgerLog.WriterRetries(logger, number, batch.UndecidedCount, pause.TotalMilliseconds, problem);
                await PauseAsync(pause);
                pause = pause * 2 < options.MaxRetryDelay ? pause * 2 : options.MaxRetryDelay;
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                break;
            }
            catch (Exception defect)
            {
                // Nothing here is known to help: answer "unknown", break the lanes, and serve the next batch.
                LedgerMetrics.BatchFailed();
                LedgerLog.WriterDefect(logger, number, batch.UndecidedCount, defect);
                break;
            }
        }
        GiveUpUndecided();
        // Nothing is being tried any more: whoever comes next finds out for himself, or nobody ever would.
        Volatile.Write(ref failingSince, NotFailing);
    }

    private void NoteSuccess()
    {
        if (IsFailing) LedgerLog.WriterRecovered(logger, number);
        if (schemaRefused) LedgerLog.SchemaFitsAgain(logger, number);
        schemaRefused = false;
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop above sees it.
        }
    }

    private void GiveUpUndecided()
    {
        if (batch.UndecidedCount == 0) return;
        LedgerLog.WriterGaveUp(logger, number, batch.UndecidedCount);
        batch.DecideAll(AppendStatus.Unavailable);
    }

    private void Answer()
    {
        LedgerMetrics.Answered(batch);
        batch.Complete();
    }
}
