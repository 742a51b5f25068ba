namespace Orleans.Runtime;

/// <summary>A first-in, first-out chain of requests, linked through the requests themselves.</summary>
internal struct RequestChain
{
    private Request? _tail;

    public Request? Head { get; private set; }

    public void Add(Request request)
    {
        request.Next = null;
        if (_tail is null) Head = request;
        else _tail.Next = request;
        _tail = request;
    }

    public void RemoveHead()
    {
        Head = Head!.Next;
        if (Head is null) _tail = null;
    }
}

/// <summary>
/// The requests of one activation that wait or run, and the rule which may start. One chain per kind: requests of a kind are alike,
/// so when the head of a chain may not start, none behind it may. Not thread-safe: guarded by the activation.
/// </summary>
internal struct RequestQueues
{
    private RequestChain _ordinary;
    private RequestChain _readOnly;
    private RequestChain _interleaving;
    private long _arrivals;
    private int _running;
    private int _runningOrdinary;
    private int _runningReadOnly;

    /// <summary>Whether no request runs.</summary>
    public readonly bool IsQuiet => _running == 0;

    /// <summary>Whether a request waits, startable or not.</summary>
    public readonly bool HasWaiting => _ordinary.Head is not null || _readOnly.Head is not null || _interleaving.Head is not null;

    /// <summary>Whether a request of this kind may start beside those that run.</summary>
    public readonly bool MayStart(RequestKind kind) => kind switch
    {
        RequestKind.Interleaving => true,
        RequestKind.ReadOnly => _runningOrdinary == 0,
        _ => _runningOrdinary == 0 && _runningReadOnly == 0,
    };

    /// <summary>Adds a request behind those of its kind.</summary>
    public void Add(Request request)
    {
        request.Order = _arrivals++;
        ChainOf(ref this, request.Shape.Kind).Add(request);
    }

    /// <summary>Counts a request as running.</summary>
    public void Started(RequestKind kind)
    {
        _running++;
        if (kind == RequestKind.Ordinary) _runningOrdinary++;
        else if (kind == RequestKind.ReadOnly) _runningReadOnly++;
    }

    /// <summary>Counts a request as ended.</summary>
    public void Ended(RequestKind kind)
    {
        _running--;
        if (kind == RequestKind.Ordinary) _runningOrdinary--;
        else if (kind == RequestKind.ReadOnly) _runningReadOnly--;
    }

    /// <summary>The kind whose head came first among those that may start; null if none may.</summary>
    public readonly RequestKind? NextKind()
    {
        RequestKind? best = null;
        var order = long.MaxValue;
        Consider(_ordinary.Head, RequestKind.Ordinary, ref best, ref order);
        Consider(_readOnly.Head, RequestKind.ReadOnly, ref best, ref order);
        Consider(_interleaving.Head, RequestKind.Interleaving, ref best, ref order);
        return best;
    }

    /// <summary>Takes the first request that may start and counts it as running. Requests whose callers have gone are dropped.</summary>
    public Request? Take()
    {
        while (NextKind() is { } kind)
        {
            var request = RemoveHead(kind);
            if (request.IsAnswered) continue;
            Started(kind);
            return request;
        }

        return null;
    }

    /// <summary>Takes all waiting requests, in order of arrival.</summary>
    public List<Request> TakeAll()
    {
        var all = new List<Request>();
        foreach (var kind in (ReadOnlySpan<RequestKind>)[RequestKind.Ordinary, RequestKind.ReadOnly, RequestKind.Interleaving])
        {
            while (ChainOf(ref this, kind).Head is not null) all.Add(RemoveHead(kind));
        }

        all.Sort(static (left, right) => left.Order.CompareTo(right.Order));
        return all;
    }

    private readonly void Consider(Request? head, RequestKind kind, ref RequestKind? best, ref long order)
    {
        if (head is null || head.Order >= order || !MayStart(kind)) return;
        best = kind;
        order = head.Order;
    }

    private Request RemoveHead(RequestKind kind)
    {
        ref var chain = ref ChainOf(ref this, kind);
        var request = chain.Head!;
        chain.RemoveHead();
        request.Next = null;
        return request;
    }

    private static ref RequestChain ChainOf(ref RequestQueues queues, RequestKind kind)
    {
        if (kind == RequestKind.Interleaving) return ref queues._interleaving;
        if (kind == RequestKind.ReadOnly) return ref queues._readOnly;
        return ref queues._ordinary;
    }
}
