using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// Appends batches to PostgreSQL. The way that nearly every batch goes is one statement. A statement fails as a whole;
/// then the keys of its entries are read, whatever stands against an entry decides it, and the rest is written again.
/// </summary>
internal sealed class PostgresLedgerAppender(PostgresConnections connections, ILogger logger) : IStreamingAppender
{
    // A batch is repeated at once this often after a deadlock or a serialisation failure; then the writer's back-off takes over.
    private const int TransientRepeats = 5;

    private PostgresBatchCommands? commands;

    private enum Attempt
    {
        Done,
        Conflict,
        Refused,
    }

    public async Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        batch.Sort();
        // An answer that never came may still come: it must not be taken for that of another statement.
        if (commands is { IsQuiet: false }) await CloseAsync().ConfigureAwait(false);
        try
        {
            while (!await WriteInOpenPeriodAsync(batch, cancellation).ConfigureAwait(false)) await CloseAsync().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is DbException or TimeoutException or IOException)
        {
            await CloseAsync().ConfigureAwait(false);
            throw connections.Translate(problem);
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask SendAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        commands ??= await PostgresBatchCommands.OpenAsync(connections, cancellation).ConfigureAwait(false);
        await commands.SendAsync(batch, cancellation).ConfigureAwait(false);
    }

    public async Task<bool> IsDurableAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        PostgresException? refused = await commands!.ReadAnswerAsync(batch, cancellation).ConfigureAwait(false);
        // What lasts comes up again when the batch is written by itself, and is told then.
        if (refused is not null && IsPassing(refused)) LedgerLog.BatchRepeated(logger, batch.UndecidedCount, refused.SqlState);
        return refused is null;
    }

    public ValueTask GiveUpAsync() => new(CloseAsync());

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    /// <summary>
    /// Writes what is undecided. False when the periods have changed since the connection was opened: a new one learns them, and is a new
    /// session, in which each lane shows anew that it follows what the ledger holds.
    /// </summary>
    private async Task<bool> WriteInOpenPeriodAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        bool fresh = commands is null;
        try
        {
            commands ??= await PostgresBatchCommands.OpenAsync(connections, cancellation).ConfigureAwait(false);
            await commands.EnsureSchemaAsync(connections.Place, cancellation).ConfigureAwait(false);
            await WriteAsync(batch, Undecided(batch, Enumerable.Range(0, batch.Count)), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException problem) when (IsLeftBehind(problem) && !fresh)
        {
            LedgerLog.PeriodsChanged(logger, problem.MessageText);
            return false;
        }
    }

    private static List<int> Undecided(LedgerBatch batch, IEnumerable<int> indexes) => [.. indexes.Where(index => !batch.IsDecided(index))];

    private async Task WriteAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        while (indexes.Count > 0)
        {
            (Attempt attempt, string reason) = await TryInsertAsync(batch, indexes, cancellation).ConfigureAwait(false);
            if (attempt == Attempt.Done) return;
            if (attempt == Attempt.Refused)
            {
                await WriteHalvesAsync(batch, indexes, reason, cancellation).ConfigureAwait(false);
                return;
            }

            HashSet<int> blocked = await DecideConflictsAsync(batch, indexes, cancellation).ConfigureAwait(false);
            List<int> rest = Undecided(batch, indexes);
            List<int> later = BatchCollisions.TakeOut(batch, rest, blocked);
            if (rest.Count == indexes.Count)
            {
                // The database saw a conflict that nobody finds: an index does not agree with its table.
                throw new LedgerException($"{connections.Place} reports a conflict that no entry explains: {reason}");
            }
            await WriteAsync(batch, rest, cancellation).ConfigureAwait(false);
            indexes = Undecided(batch, later);
        }
    }

    private async Task<(Attempt Attempt, string Reason)> TryInsertAsync(
        LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        for (int repeat = 1; ; repeat++)
        {
            try
            {
                await commands!.InsertAsync(batch, indexes, cancellation).ConfigureAwait(false);
                foreach (int index in indexes) batch.Decide(index, AppendStatus.Appended);
                return (Attempt.Done, "");
            }
            catch (PostgresException problem) when (IsConflict(problem))
            {
                return (Attempt.Conflict, $"{problem.MessageText} ({problem.ConstraintName ?? problem.ColumnName})");
            }
            catch (PostgresException problem) when (IsRefusal(problem))
            {
                return (Attempt.Refused, $"{problem.MessageText} ({problem.ConstraintName ?? problem.SqlState})");
            }
            catch (PostgresException problem) when (IsPassing(problem) && repeat < TransientRepeats)
            {
                LedgerLog.BatchRepeated(logger, indexes.Count, problem.SqlState);
            }
        }
    }

    /// <summary>
    /// Decides the entries against which something stands in the ledger; all of that is committed and stays. Returns those that cannot be
    /// decided yet because an earlier entry of their lane is still to be written.
    /// </summary>
    private async Task<HashSet<int>> DecideConflictsAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        List<KeyFindings> findings = await commands!.FindAsync(batch, indexes, cancellation).ConfigureAwait(false);
        HashSet<LedgerHash> inBatch = [];
        HashSet<PersonLane> open = [];
        HashSet<int> blocked = [];
        int length;
        for (int i = 0; i < indexes.Count; i += length)
        {
            int index = indexes[i];
            length = batch.UnitLength(index);
            if (batch.IsDecided(index)) continue;
            AppendStatus status = StatusOf(batch, index, CollectionsMarshal.AsSpan(findings).Slice(i, length), inBatch);
            if (status is AppendStatus.None or AppendStatus.Appended)
                for (int k = 0; k < length; k++) inBatch.Add(batch[index + k].Hash);
            if (status == AppendStatus.None) open.Add(batch.LaneOf(index));
            else if (open.Contains(batch.LaneOf(index))) blocked.Add(index);
            else if (status != AppendStatus.Appended) batch.Decide(index, status);
            else
                for (int k = 0; k < length; k++) batch.Decide(index + k, status);
        }
        return blocked;
    }

    /// <summary>What stands against an entry or a group: the first that stands against one of its entries.</summary>
    private static AppendStatus StatusOf(LedgerBatch batch, int first, ReadOnlySpan<KeyFindings> found, HashSet<LedgerHash> inBatch)
    {
        int there = 0;
        for (int k = 0; k < found.Length; k++)
        {
            LedgerEntry entry = batch[first + k];
            AppendStatus status = StatusOf(entry, found[k], k > 0 || inBatch.Contains(entry.PreviousHash));
            if (status == AppendStatus.Appended) there++;
            else if (status != AppendStatus.None) return status;
        }
        if (there == 0) return AppendStatus.None;
        // A group is durable as a whole: where the ledger holds a part of it, somebody else wrote that part.
        return there == found.Length ? AppendStatus.Appended : AppendStatus.Fenced;
    }

    private static AppendStatus StatusOf(LedgerEntry entry, KeyFindings found, bool previousInBatch)
    {
        if (found.Same is { } same) return same == entry.Hash ? AppendStatus.Appended : AppendStatus.Fenced;
        if (found.Passed) return AppendStatus.Fenced;
        if (entry.Sequence > 1 && found.Previous != entry.PreviousHash && !previousInBatch) return AppendStatus.Fenced;
        if (found.Request) return AppendStatus.DuplicateRequest;
        if (found.Charge) return AppendStatus.DuplicateCharge;
        if (found.Reversal) return AppendStatus.AlreadyReversed;
        return found.Archived ? AppendStatus.Archived : AppendStatus.None;
    }

    /// <summary>Finds the entry or group that the database refuses by halving; its neighbours are written.</summary>
    private async Task WriteHalvesAsync(LedgerBatch batch, List<int> indexes, string reason, CancellationToken cancellation)
    {
        int half = batch.UnitLength(indexes[0]);
        if (half == indexes.Count)
        {
            LedgerEntry entry = batch[indexes[0]];
            if (half == 1) LedgerLog.EntryRefused(logger, entry.Sequence, PersonMask.Of(entry.PersonId), reason);
            else LedgerLog.GroupRefused(logger, entry.Sequence, entry.Sequence + half - 1, PersonMask.Of(entry.PersonId), reason);
            batch.Decide(indexes[0], AppendStatus.Refused);
            return;
        }
        while (half + batch.UnitLength(indexes[half]) <= indexes.Count / 2) half += batch.UnitLength(indexes[half]);
        await WriteAsync(batch, indexes[..half], cancellation).ConfigureAwait(false);
        await WriteAsync(batch, Undecided(batch, indexes[half..]), cancellation).ConfigureAwait(false);
    }

    private static bool IsConflict(PostgresException problem) =>
        problem.SqlState is PostgresErrorCodes.UniqueViolation or PostgresBatchSql.AnsweredWithNo
        || (problem.SqlState == PostgresErrorCodes.NotNullViolation && problem.ColumnName == "sequence");

    // Classes 22 (data exception) and 23 (integrity constraint violation), and a row or index entry too large.
    private static bool IsRefusal(PostgresException problem) =>
        problem.SqlState.StartsWith("22", StringComparison.Ordinal)
        || problem.SqlState.StartsWith("23", StringComparison.Ordinal)
        || problem.SqlState == PostgresErrorCodes.ProgramLimitExceeded;

    private static bool IsPassing(PostgresException problem) =>
        problem.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    // The period was closed, or the table of one that was detached is gone.
    private static bool IsLeftBehind(PostgresException problem) =>
        problem.SqlState is PeriodLayout.NotOpen or PostgresErrorCodes.UndefinedTable;

    private async Task CloseAsync()
    {
        if (commands is null) return;
        PostgresBatchCommands closing = commands;
        commands = null;
        await closing.DisposeAsync().ConfigureAwait(false);
    }
}
