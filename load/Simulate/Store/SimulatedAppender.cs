using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>
/// Sends batches to the database and tells what it learns of them, which is not always what became of them. Takes the next batch while one
/// is under way, as the appender of PostgreSQL does.
/// </summary>
internal sealed class SimulatedAppender(StoreParts parts) : IStreamingAppender
{
    /// <summary>As the real stores': how long a statement may take before its outcome counts as unknown.</summary>
    private const long CommandTimeout = 30 * Ticks.Second;

    private readonly Queue<Task<bool>> streamed = [];

    /// <inheritdoc/>
    public async Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        Transaction transaction = Transaction.Of(batch);
        // An answer that comes when the writer has given the batch up does not get here: it may be another batch by now.
        await Send(() => transaction.Commit(parts.Ledger), cancellation);
        transaction.Decide(batch);
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        Transaction transaction = Transaction.Of(batch);
        streamed.Enqueue(Send(() => transaction.CommitWhole(parts.Ledger), cancellation));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> IsDurableAsync(LedgerBatch batch, CancellationToken cancellation) => streamed.Dequeue();

    /// <inheritdoc/>
    public ValueTask GiveUpAsync()
    {
        streamed.Clear();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Sends a transaction; true when it was committed and the answer came.</summary>
    private Task<bool> Send(Func<bool> commit, CancellationToken cancellation)
    {
        parts.Loop.AssertHere("A batch for the store");
        TaskCompletionSource<bool> answer = new();
        // Completes before anything else can, or is disposed with the writer's own source: it holds nothing beyond the run.
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        parts.Loop.After(parts.Way(), () => Arrive(commit, answer));
        return answer.Task;
    }

    private void Arrive(Func<bool> commit, TaskCompletionSource<bool> answer)
    {
        long sync = parts.Chance.Between(200, 3_000) * Ticks.Microsecond;
        if (parts.Outage.IsOn || parts.Faults.Strikes(FaultKind.FailBefore))
        {
            Lose(parts.Way(), answer);
        }
        else if (parts.Faults.Strikes(FaultKind.CommitLate))
        {
            Lose(parts.Way(), answer);
            Commit(parts.Faults.Details(FaultKind.CommitLate).Between(Ticks.Millisecond, 6 * Ticks.Second), commit, static _ => { });
        }
        else if (parts.Faults.Strikes(FaultKind.FailAfter))
        {
            Commit(sync, commit, _ => Lose(parts.Way(), answer));
        }
        else if (parts.Faults.Strikes(FaultKind.Defect))
        {
            bool committed = parts.Faults.Details(FaultKind.Defect).OneIn(2);
            if (committed) Commit(sync, commit, _ => Fail(answer));
            else Fail(answer);
        }
        else
        {
            if (parts.Faults.Strikes(FaultKind.SlowDisk))
                sync = parts.Faults.Details(FaultKind.SlowDisk).Between(50 * Ticks.Millisecond, 40 * Ticks.Second);
            if (sync > CommandTimeout) Lose(CommandTimeout, answer);
            Commit(sync, commit, committed => parts.Loop.After(parts.Way(), () => answer.TrySetResult(committed)));
        }
    }

    private void Commit(long ticks, Func<bool> commit, Action<bool> then) => parts.Loop.After(ticks, () => then(commit()));

    private void Lose(long ticks, TaskCompletionSource<bool> answer)
    {
        parts.Journal.Write($"{parts.Process.Name} will not learn of a commit");
        parts.Loop.After(ticks, () => answer.TrySetException(new LedgerUnavailableException("The simulated connection broke.")));
    }

    private static void Fail(TaskCompletionSource<bool> answer) =>
        answer.TrySetException(new InvalidOperationException("A simulated defect of the driver."));
}
