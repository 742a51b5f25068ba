using Settlement.Ledger;

namespace Settlement.Persons;

/// <summary>An entry on its way to the ledger. Used turn by turn, as the grain's ledger is.</summary>
/// <param name="entry">The entry.</param>
/// <param name="head">Where the person stands after it.</param>
internal sealed class PendingAppend(LedgerEntry entry, PersonHead head)
{
    private bool? durable;

    // Mostly nobody but the request itself waits, and that one waits for the append.
    private TaskCompletionSource<bool>? waiting;

    public LedgerEntry Entry { get; } = entry;

    public PersonHead Head { get; } = head;

    /// <summary>True when the entry became durable.</summary>
    public Task<bool> Decided => durable is { } known
        ? Task.FromResult(known)
        : (waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public bool IsDurable => durable == true;

    public void Decide(bool isDurable)
    {
        durable = isDurable;
        waiting?.TrySetResult(isDurable);
    }
}

/// <summary>
/// The entries of one person on their way to the ledger, by request and by charge. Mostly there is one or none: the tables are made for a
/// second one and dropped with the last, because most of the time a person in memory is idle.
/// </summary>
internal struct PendingAppends
{
    private PendingAppend? only;
    private Dictionary<LedgerKey, PendingAppend>? byRequest;
    private Dictionary<LedgerKey, PendingAppend>? byCharge;

    /// <summary>The entry of a request, else that of a charge.</summary>
    public readonly PendingAppend? Find(LedgerKey request, LedgerKey? charge)
    {
        if (byRequest is null)
            return only is { Entry: var entry } && (entry.RequestKey == request || (charge is not null && entry.ChargeKey == charge))
                ? only
                : null;
        if (byRequest.TryGetValue(request, out PendingAppend? sameRequest)) return sameRequest;
        return charge is { } key && byCharge!.TryGetValue(key, out PendingAppend? sameCharge) ? sameCharge : null;
    }

    public void Add(PendingAppend append)
    {
        if (byRequest is null && only is null)
        {
            only = append;
            return;
        }

        if (only is { } first)
        {
            (byRequest, byCharge, only) = ([], [], null);
            Put(first);
        }

        Put(append);
    }

    public void Remove(PendingAppend append)
    {
        if (byRequest is null)
        {
            only = null;
            return;
        }

        byRequest.Remove(append.Entry.RequestKey);
        if (append.Entry.ChargeKey is { } charge) byCharge!.Remove(charge);
        if (byRequest.Count == 0) (byRequest, byCharge) = (null, null);
    }

    private readonly void Put(PendingAppend append)
    {
        byRequest![append.Entry.RequestKey] = append;
        if (append.Entry.ChargeKey is { } charge) byCharge![charge] = append;
    }
}
