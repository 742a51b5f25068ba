namespace Settlement.Cli.Importing;

/// <summary>How a row ended.</summary>
internal enum RowEnd
{
    /// <summary>Recorded.</summary>
    Recorded,

    /// <summary>Recorded by an earlier request.</summary>
    AlreadyThere,

    /// <summary>Refused.</summary>
    Refused,

    /// <summary>Nobody knows.</summary>
    Unknown,
}

/// <summary>A row on its way.</summary>
/// <param name="line">Its first line in the file.</param>
/// <param name="cells">Its cells.</param>
internal sealed class RowInWork(int line, string[] cells)
{
    public int Line => line;

    public string[] Cells => cells;

    /// <summary>How it ended; null while it has not.</summary>
    public RowEnd? End { get; set; }

    /// <summary>Why it was not recorded.</summary>
    public RowFault? Fault { get; set; }
}

/// <summary>
/// The rows between the first that has no end yet and the last that was read. They end in any order and leave in the file's, so that one
/// line says how far the import is. Holds so many rows and no more.
/// </summary>
/// <param name="room">Most rows at once.</param>
/// <param name="left">Takes a row that leaves; called for one row after the other.</param>
internal sealed class RowWindow(int room, Action<RowInWork> left) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<RowInWork> rows = new();
    private readonly SemaphoreSlim free = new(room);

    /// <summary>Takes a row in, when there is room.</summary>
    public async Task AddAsync(RowInWork row, CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation);
        lock (gate) rows.Enqueue(row);
    }

    /// <summary>A row has ended.</summary>
    public void Ended(RowInWork row, RowEnd end, RowFault? fault = null)
    {
        lock (gate)
        {
            (row.End, row.Fault) = (end, fault);
            while (rows.TryPeek(out RowInWork? first) && first.End is not null)
            {
                left(first);
                rows.Dequeue();
                free.Release();
            }
        }
    }

    /// <summary>Does something while no row leaves.</summary>
    public void Still(Action work)
    {
        lock (gate) work();
    }

    /// <inheritdoc/>
    public void Dispose() => free.Dispose();
}
