using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Settlement.Ledger.Writing;

/// <summary>
/// One writer: a bounded queue, an appender, and the loop between them. One batch is under way at a time; an appender that can stream is
/// sent another behind it, so that the database need not wait. The loop stays on the scheduler it is given: nothing here lets go of it, so
/// that a simulation can hold every step.
/// </summary>
internal sealed class WriterLoop : IAsyncDisposable
{
    private const long NotFailing = long.MinValue;

    // From so many entries on a batch is sent behind another. Fewer wait for the answer: each batch costs the database as much as ten rows.
    private const int LeastBehind = 32;

    private const int NoWakes = int.MaxValue;

    private readonly int number;
    private readonly ILedgerAppender appender;
    private readonly IStreamingAppender? streaming;
    private readonly LedgerWriterOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Channel<PendingAppend> queue;
    private readonly ConcurrentQueue<PendingAppend> spares = new();
    private readonly CancellationTokenSource giveUp;
    private readonly WakeSignal wake = new();
    private readonly Action wakes;
    private readonly List<PendingAppend> heldBack = [];
    private readonly Task running;
    private readonly Stack<LedgerBatch> spareBatches = [];
    private LedgerBatch? underWay;
    private LedgerBatch? behind;
    private LedgerBatch next = new();
    private Task sending = Task.CompletedTask;
    private Task<bool> answer = Task.FromResult(false);
    private Activity? span;
    private long first;
    private int unread;
    private volatile int wakesAt = NoWakes;
    private long failingSince = NotFailing;
    private bool schemaRefused;
    private volatile bool stopping;

    public WriterLoop(
        int number, ILedgerAppender appender, LedgerWriterOptions options, TimeProvider time, ILogger logger, TaskScheduler scheduler)
    {
        this.number = number;
        this.appender = appender;
        streaming = appender as IStreamingAppender;
        wakes = wake.SetHere;
        this.options = options;
        this.time = time;
        this.logger = logger;
        giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    public int QueueLength => queue.Reader.Count + heldBack.Count;

    /// <summary>True from a failure to reach the database until the batch that met it is decided.</summary>
    public bool IsFailing => Volatile.Read(ref failingSince) != NotFailing;

    /// <summary>True when that lasts longer than anybody should wait.</summary>
    private bool IsDown => Volatile.Read(ref failingSince) is var since && since != NotFailing
        && time.GetElapsedTime(since) >= options.OutagePatience;

    private bool HasRoom => next.Count < options.MaxBatchEntries && next.Bytes < options.MaxBatchBytes;

    /// <summary>Queues an entry. The caller holds the lane's gate.</summary>
    public ValueTask<AppendOutcome> Append(PersonLane lane, LedgerEntry entry)
    {
        if (!spares.TryDequeue(out PendingAppend? append)) append = new PendingAppend(spares);
        return Enqueue(append, append.Start(lane, entry), entry);
    }

    /// <summary>Queues a group as one item, so that no batch ever holds a part of it. The caller holds the lane's gate.</summary>
    public ValueTask<AppendOutcome> Append(PersonLane lane, LedgerGroup group)
    {
        (PendingAppend first, ValueTask<AppendOutcome> outcome) = PendingAppend.StartGroup(lane, group);
        return Enqueue(first, outcome, group.Last);
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

    private ValueTask<AppendOutcome> Enqueue(PendingAppend append, ValueTask<AppendOutcome> outcome, LedgerEntry newest)
    {
        PersonLane lane = append.Lane;
        bool down = IsDown;
        if (!down && queue.Writer.TryWrite(append))
        {
            lane.Queued(newest);
            if (Interlocked.Increment(ref unread) >= wakesAt) wake.Set();
            return outcome;
        }
        append.Recycle();
        AppendStatus status = stopping ? AppendStatus.Unavailable : down ? AppendStatus.NotAccepted : AppendStatus.Busy;
        LedgerMetrics.Answered(status);
        return new(new AppendOutcome(status));
    }

    private async Task RunAsync()
    {
        while (heldBack.Count > 0 || await queue.Reader.WaitToReadAsync())
        {
            TakeHeldBack();
            Fill();
            if (streaming is null || next.UndecidedCount == 0) await WriteAsync(next);
            else await StreamAsync(streaming);
        }
        await appender.DisposeAsync();
    }

    /// <summary>
    /// Sends batch behind batch. Begins with a filled one, ends when none is left, and leaves to <see cref="WriteAsync"/> what is not
    /// durable then.
    /// </summary>
    private async Task StreamAsync(IStreamingAppender stream)
    {
        bool lost = false;
        try
        {
            SendNext(stream);
            while (await IsAnyUnderWayAsync(stream) && await IsDurableAsync(stream, underWay!))
            {
                FreeLanes(underWay!);
                TakeHeldBack();
                Fill();
                Answer(underWay!);
                spareBatches.Push(underWay!);
                underWay = null;
                if (behind is null && next.UndecidedCount > 0) SendNext(stream);
            }

            // What stands against the batch under way has nothing to do with the one behind it.
            if (behind is not null && await stream.IsDurableAsync(behind, giveUp.Token)) DecideAppended(behind);
        }
        catch (Exception problem)
        {
            lost = true;
            LedgerMetrics.BatchFailed();
            int unknown = (underWay?.UndecidedCount ?? 0) + (behind?.UndecidedCount ?? 0);
            if (!giveUp.IsCancellationRequested) LedgerLog.WriterRetries(logger, number, unknown, 0, problem);
            await stream.GiveUpAsync();
            // Nobody touches the batches behind our back.
            await SettledAsync(sending);
            await SettledAsync(answer);
        }

        wakesAt = NoWakes;
        span?.Dispose();
        foreach (LedgerBatch? batch in (LedgerBatch?[])[underWay, behind])
        {
            if (batch is null) continue;
            await WriteAsync(batch, lost);
            spareBatches.Push(batch);
        }

        (underWay, behind) = (null, null);
        if (next.Count > 0) await WriteAsync(next);
    }

    /// <summary>Sends the next batch whole; it is then the one behind. Another is filled from here on.</summary>
    private void SendNext(IStreamingAppender stream)
    {
        behind = next;
        next = spareBatches.TryPop(out LedgerBatch? spare) ? spare : new LedgerBatch();
        sending = stream.SendAsync(behind, giveUp.Token).AsTask();
    }

    /// <summary>Takes the batch behind for the one under way. False when there is none.</summary>
    private async ValueTask<bool> IsAnyUnderWayAsync(IStreamingAppender stream)
    {
        if (behind is null) return false;
        await sending;
        (underWay, behind) = (behind, null);
        first = time.GetTimestamp();
        span = LedgerTraces.StartBatch(number, underWay);
        answer = stream.IsDurableAsync(underWay, giveUp.Token);
        answer.GetAwaiter().UnsafeOnCompleted(wakes);
        return true;
    }

    /// <summary>
    /// Until the batch under way is answered, fills the next and sends it behind when it has enough. Decides the one under way, unless
    /// something stands against it.
    /// </summary>
    private async Task<bool> IsDurableAsync(IStreamingAppender stream, LedgerBatch batch)
    {
        while (!answer.IsCompleted)
        {
            bool maySend = behind is null && sending.IsCompleted && heldBack.Count < options.MaxBatchEntries;
            int missing = HasRoom ? LeastBehind - next.UndecidedCount : 0;
            wakesAt = maySend ? missing : NoWakes;
            // Whoever queues an entry counts it and then looks whether to wake: here it is the other way round.
            Interlocked.MemoryBarrier();
            if (!maySend || Volatile.Read(ref unread) < missing)
            {
                await wake.WaitAsync();
                continue;
            }

            Fill();
            if (next.UndecidedCount >= LeastBehind || !HasRoom) SendNext(stream);
        }

        wakesAt = NoWakes;
        span?.Dispose();
        if (!await answer) return false;
        DecideAppended(batch);
        return true;
    }

    /// <summary>Waits until a task has ended, however it does.</summary>
    private static async Task SettledAsync(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private void Fill()
    {
        while (HasRoom && heldBack.Count < options.MaxBatchEntries && queue.Reader.TryRead(out PendingAppend? append))
        {
            Interlocked.Decrement(ref unread);
            Take(append);
        }

        next.AbandonBrokenLanes();
        if (next.UndecidedCount > 0 || next.Count == 0) return;
        FreeLanes(next);
        Answer(next);
    }

    /// <summary>Takes what had to wait for a batch that is decided now. It comes before all that was queued later.</summary>
    private void TakeHeldBack()
    {
        if (heldBack.Count == 0) return;
        PendingAppend[] waiting = [.. heldBack];
        heldBack.Clear();
        foreach (PendingAppend append in waiting) Take(append);
    }

    /// <summary>
    /// An entry whose lane has others in a batch that was sent waits for their outcome: if they fail, it must never be written.
    /// </summary>
    private void Take(PendingAppend append)
    {
        if (!HasRoom || (append.Lane.Carrier is { } carrier && carrier != next))
        {
            heldBack.Add(append);
            return;
        }
        append.Lane.Carrier = next;
        next.Add(append);
    }

    private static void FreeLanes(LedgerBatch batch)
    {
        for (int i = 0; i < batch.Count; i++) batch.LaneOf(i).Carrier = null;
    }

    private void DecideAppended(LedgerBatch batch)
    {
        LedgerMetrics.BatchWritten(batch.UndecidedCount, time.GetElapsedTime(first));
        NoteSuccess();
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsDecided(i)) batch.Decide(i, AppendStatus.Appended);
        }
    }

    /// <summary>
    /// Writes a batch again and again until every entry is decided, or until stopping has waited long enough; then answers.
    /// </summary>
    /// <param name="batch">The batch; nothing else is under way.</param>
    /// <param name="mayBeWritten">Whether it was sent before, and no answer came.</param>
    private async Task WriteAsync(LedgerBatch batch, bool mayBeWritten = false)
    {
        if (batch.UndecidedCount > 0) await WriteUntilKnownAsync(batch, mayBeWritten);
        FreeLanes(batch);
        Answer(batch);
    }

    private async Task WriteUntilKnownAsync(LedgerBatch batch, bool mayBeWritten)
    {
        TimeSpan pause = options.RetryDelay;
        using Activity? written = LedgerTraces.StartBatch(number, batch);
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
                if (!mayBeWritten) batch.DecideAll(AppendStatus.NotAccepted);
                break;
            }
            catch (LedgerUnavailableException problem)
            {
                mayBeWritten = true;
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
        GiveUpUndecided(batch);
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

    private void GiveUpUndecided(LedgerBatch batch)
    {
        if (batch.UndecidedCount == 0) return;
        LedgerLog.WriterGaveUp(logger, number, batch.UndecidedCount);
        batch.DecideAll(AppendStatus.Unavailable);
    }

    private static void Answer(LedgerBatch batch)
    {
        LedgerMetrics.Answered(batch);
        batch.Complete();
    }
}
