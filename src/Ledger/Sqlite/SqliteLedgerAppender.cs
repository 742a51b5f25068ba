using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Settlement.Ledger.Sqlite;

/// <summary>
/// Appends batches to the SQLite file, one immediate transaction each. SQLite blocks while it synchronises the file, so the work is done
/// on a thread of its own and not on the pool's.
/// </summary>
internal sealed class SqliteLedgerAppender(SqliteConnections connections, ILogger logger) : ILedgerAppender
{
    private readonly WorkerThread worker = new("ledger-sqlite");
    private readonly HashSet<PersonLane> brokenLanes = [];
    private AppendOutcome[] tentative = [];
    private SqliteBatchCommands? commands;

    public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation) => worker.RunAsync(() => Append(batch));

    public async ValueTask DisposeAsync()
    {
        await worker.RunAsync(Close).ConfigureAwait(false);
        await worker.DisposeAsync().ConfigureAwait(false);
    }

    private void Append(LedgerBatch batch)
    {
        batch.Sort();
        try
        {
            commands ??= new SqliteBatchCommands(connections.OpenWriter());
            WriteTentatively(batch);
            commands.Commit();
        }
        catch (SqliteException problem)
        {
            Close();
            throw connections.Translate(problem);
        }
        catch
        {
            Close();
            throw;
        }
        // Nothing is decided before the commit: until then even what an entry collides with may vanish.
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsDecided(i)) batch.Decide(i, tentative[i].Status, tentative[i].Position);
        }
    }

    private void WriteTentatively(LedgerBatch batch)
    {
        if (tentative.Length < batch.Count) tentative = new AppendOutcome[batch.Count];
        brokenLanes.Clear();
        commands!.Begin();
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch.IsDecided(i)) continue;
            tentative[i] = brokenLanes.Contains(batch.LaneOf(i)) ? new(AppendStatus.Abandoned, 0) : Write(batch[i]);
            if (!tentative[i].IsAppended) brokenLanes.Add(batch.LaneOf(i));
        }
    }

    private AppendOutcome Write(LedgerEntry entry)
    {
        SqliteBatchCommands open = commands!;
        if (!open.Follows(entry)) return new(AppendStatus.Fenced, 0);
        try
        {
            return new(AppendStatus.Appended, open.Insert(entry));
        }
        catch (SqliteException problem) when (SqliteConnections.IsRefusal(problem))
        {
            // SQLite undoes the failed statement alone; the transaction goes on.
            if (open.FindSame(entry) is { } same) return same.Hash == entry.Hash ? new(AppendStatus.Appended, same.Position) : new(AppendStatus.Fenced, 0);
            if (open.HasRequest(entry)) return new(AppendStatus.DuplicateRequest, 0);
            if (open.HasCharge(entry)) return new(AppendStatus.DuplicateCharge, 0);
            if (open.HasReversal(entry)) return new(AppendStatus.AlreadyReversed, 0);
            LedgerLog.EntryRefused(logger, entry.Sequence, PersonMask.Of(entry.PersonId), problem.Message);
            return new(AppendStatus.Refused, 0);
        }
    }

    private void Close()
    {
        commands?.Dispose();
        commands = null;
    }
}
