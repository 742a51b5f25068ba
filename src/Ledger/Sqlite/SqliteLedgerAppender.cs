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
        int length;
        for (int i = 0; i < batch.Count; i += length)
        {
            length = batch.UnitLength(i);
            if (batch.IsDecided(i)) continue;
            if (brokenLanes.Contains(batch.LaneOf(i))) Array.Fill(tentative, new(AppendStatus.Abandoned, 0), i, length);
            else if (length == 1) tentative[i] = Write(batch[i]).Outcome;
            else WriteGroup(batch, i, length);
            if (!tentative[i].IsAppended) brokenLanes.Add(batch.LaneOf(i));
        }
    }

    /// <summary>Writes a group's entries, or takes back those it wrote and gives all the outcome of the one that failed.</summary>
    private void WriteGroup(LedgerBatch batch, int first, int length)
    {
        commands!.BeginGroup();
        int there = 0;
        AppendStatus failure = AppendStatus.None;
        for (int i = first; i < first + length && failure == AppendStatus.None; i++)
        {
            (tentative[i], bool wasThere) = Write(batch[i]);
            if (wasThere) there++;
            if (!tentative[i].IsAppended) failure = tentative[i].Status;
        }

        // A group is durable as a whole: where the ledger holds a part of it, somebody else wrote that part.
        if (failure == AppendStatus.None && there > 0 && there < length) failure = AppendStatus.Fenced;
        if (failure != AppendStatus.None)
        {
            commands.TakeGroupBack();
            Array.Fill(tentative, new(failure, 0), first, length);
        }
        commands.EndGroup();
    }

    private (AppendOutcome Outcome, bool WasThere) Write(LedgerEntry entry)
    {
        SqliteBatchCommands open = commands!;
        if (!open.Follows(entry)) return Not(AppendStatus.Fenced);
        try
        {
            return (new(AppendStatus.Appended, open.Insert(entry)), false);
        }
        catch (SqliteException problem) when (SqliteConnections.IsRefusal(problem))
        {
            // SQLite undoes the failed statement alone; the transaction goes on.
            if (open.FindSame(entry) is { } same)
                return same.Hash == entry.Hash ? (new(AppendStatus.Appended, same.Position), true) : Not(AppendStatus.Fenced);
            if (open.HasRequest(entry)) return Not(AppendStatus.DuplicateRequest);
            if (open.HasCharge(entry)) return Not(AppendStatus.DuplicateCharge);
            if (open.HasReversal(entry)) return Not(AppendStatus.AlreadyReversed);
            LedgerLog.EntryRefused(logger, entry.Sequence, PersonMask.Of(entry.PersonId), problem.Message);
            return Not(AppendStatus.Refused);
        }
    }

    private static (AppendOutcome Outcome, bool WasThere) Not(AppendStatus status) => (new(status, 0), false);

    private void Close()
    {
        commands?.Dispose();
        commands = null;
    }
}
