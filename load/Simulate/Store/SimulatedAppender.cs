using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>Sends batches to the database and tells what it learns of them, which is not always what became of them.</summary>
internal sealed class SimulatedAppender(StoreParts parts) : ILedgerAppender
{
    /// <summary>As the real stores': how long a statement may take before its outcome counts as unknown.</summary>
    private const long CommandTimeout = 30 * Ticks.Second;

    /// <inheritdoc/>
    public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        parts.Loop.AssertHere("A batch for the store");
        Transaction transaction = Transaction.Of(batch);
        TaskCompletionSource answer = new();
        // Completes before anything else can, or is disposed with the writer's own source: it holds nothing beyond the run.
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        parts.Loop.After(parts.Way(), () => Arrive(transaction, batch, answer));
        return answer.Task;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Arrive(Transaction transaction, LedgerBatch batch, TaskCompletionSource answer)
    {
        long sync = parts.Chance.Between(200, 3_000) * Ticks.Microsecond;
        if (parts.Outage.IsOn || parts.Faults.Strikes(FaultKind.FailBefore))
        {
            Lose(parts.Way(), answer);
        }
        else if (parts.Faults.Strikes(FaultKind.CommitLate))
        {
            Lose(parts.Way(), answer);
            Commit(parts.Faults.Details(FaultKind.CommitLate).Between(Ticks.Millisecond, 6 * Ticks.Second), transaction, null);
        }
        else if (parts.Faults.Strikes(FaultKind.FailAfter))
        {
            Commit(sync, transaction, () => Lose(parts.Way(), answer));
        }
        else if (parts.Faults.Strikes(FaultKind.Defect))
        {
            bool committed = parts.Faults.Details(FaultKind.Defect).OneIn(2);
            if (committed) Commit(sync, transaction, () => Fail(answer));
            else Fail(answer);
        }
        else
        {
            if (parts.Faults.Strikes(FaultKind.SlowDisk))
                sync = parts.Faults.Details(FaultKind.SlowDisk).Between(50 * Ticks.Millisecond, 40 * Ticks.Second);
            if (sync > CommandTimeout) Lose(CommandTimeout, answer);
            Commit(sync, transaction, () => parts.Loop.After(parts.Way(), () => Succeed(transaction, batch, answer)));
        }
    }

    private void Commit(long ticks, Transaction transaction, Action? then) => parts.Loop.After(ticks, () =>
    {
        transaction.Commit(parts.Ledger);
        then?.Invoke();
    });

    // An answer that comes when the writer has given the batch up must not touch it: it may be another batch by now.
    private static void Succeed(Transaction transaction, LedgerBatch batch, TaskCompletionSource answer)
    {
        if (answer.Task.IsCompleted) return;
        transaction.Decide(batch);
        answer.SetResult();
    }

    private void Lose(long ticks, TaskCompletionSource answer)
    {
        parts.Journal.Write($"{parts.Process.Name} will not learn of a commit");
        parts.Loop.After(ticks, () => answer.TrySetException(new LedgerUnavailableException("The simulated connection broke.")));
    }

    private static void Fail(TaskCompletionSource answer) =>
        answer.TrySetException(new InvalidOperationException("A simulated defect of the driver."));
}
