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
            connections.EnsureWritable();
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
            if (batch.IsDecided(i)) continue;
            if (tentative[i].IsAppended) batch.LaneOf(i).WrittenIn = commands.Session;
            batch.Decide(i, tentative[i].Status);
        }
    }

    private void WriteTentatively(LedgerBatch batch)
    {
        if (tentative.Length < batch.Count) tentative = new AppendOutcome[batch.Count];
        brokenLanes.Clear();
        commands!.Begin();
        SqliteSchema.EnsureCurrent(commands.SchemaVersion(), connections.File);
        int length;
        for (int i = 0; i < batch.Count; i += length)
        {
            length = batch.UnitLength(i);
            if (batch.IsDecided(i)) continue;
            if (brokenLanes.Contains(batch.LaneOf(i))) Array.Fill(tentative, new(AppendStatus.Abandoned), i, length);
            else if (length == 1) tentative[i] = Write(batch, i).Outcome;
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
            (tentative[i], bool wasThere) = Write(batch, i);
            if (wasThere) there++;
            if (!tentative[i].IsAppended) failure = tentative[i].Status;
        }

        // A group is durable as a whole: where the ledger holds a part of it, somebody else wrote that part.
        if (failure == AppendStatus.None && there > 0 && there < length) failure = AppendStatus.Fenced;
        if (failure != AppendStatus.None)
        {
            commands.TakeGroupBack();
            Array.Fill(tentative, new(failure), first, length);
        }
        commands.EndGroup();
    }

    private (AppendOutcome Outcome, bool WasThere) Write(LedgerBatch batch, int index)
    {
        SqliteBatchCommands open = commands!;
        LedgerEntry entry = batch[index];
        if (!Follows(batch, index)) return Not(AppendStatus.Fenced);
        try
        {
            open.Insert(entry);
            return (new(AppendStatus.Appended), false);
        }
        catch (SqliteException problem) when (SqliteConnections.IsRefusal(problem))
        {
            // SQLite undoes the failed statement alone; the transaction goes on.
            if (open.FindHash(entry.PersonId, entry.Sequence) is { } same)
                return same == entry.Hash ? (new(AppendStatus.Appended), true) : Not(AppendStatus.Fenced);
            if (open.HasRequest(entry)) return Not(AppendStatus.DuplicateRequest);
            if (open.HasCharge(entry)) return Not(AppendStatus.DuplicateCharge);
            if (open.HasReversal(entry)) return Not(AppendStatus.AlreadyReversed);
            LedgerLog.EntryRefused(logger, entry.Sequence, PersonMask.Of(entry.PersonId), problem.Message);
            return Not(AppendStatus.Refused);
        }
    }

    /// <summary>
    /// Whether the ledger holds the entry that this one says it follows, or it is the first. What this very session wrote is there.
    /// </summary>
    private bool Follows(LedgerBatch batch, int index)
    {
        LedgerEntry entry = batch[index];
        return entry.Sequence == 1
            || batch.LaneOf(index).WrittenIn == commands!.Session
            || (index > 0 && tentative[index - 1].IsAppended && entry.Follows(batch[index - 1]))
            || commands.FindHash(entry.PersonId, entry.Sequence - 1) == entry.PreviousHash;
    }

    private static (AppendOutcome Outcome, bool WasThere) Not(AppendStatus status) => (new(status), false);

    private void Close()
    {
        commands?.Dispose();
        commands = null;
    }
}
