namespace Orleans.Runtime;

/// <summary>A caller that waits: its place in the table, its deadline and its cancellation.</summary>
internal sealed class PendingCall(PendingCalls.Stripe stripe, Request request, long deadline)
{
    private CancellationTokenRegistration _registration;
    private volatile bool _registered;

    public Request Request { get; } = request;

    /// <summary>Coarse time of the deadline, in 100 ns.</summary>
    public long Deadline { get; } = deadline;

    public PendingCall? Previous { get; set; }

    public PendingCall? Next { get; set; }

    public bool IsLinked { get; set; }

    /// <summary>Cancels the answer when the caller's token is cancelled.</summary>
    public void Watch(CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        _registration = token.UnsafeRegister(
            static (state, token) =>
            {
                var call = (PendingCall)state!;
                call.Request.Cancel(token);
                call.Settle();
            },
            this);
        _registered = true;
    }

    /// <summary>Leaves the table: the caller has its answer.</summary>
    public void Settle()
    {
        stripe.Remove(this);
        if (_registered) _registration.Unregister();
    }
}

/// <summary>
/// All callers that wait for an answer, so that a late answer becomes a <see cref="TimeoutException"/>. No timer per call: all have the
/// same time to live, so each stripe is in order of deadline and the heartbeat looks at the heads only.
/// </summary>
internal sealed class PendingCalls(Heartbeat heartbeat, TimeSpan timeToLive)
{
    private readonly Stripe[] _stripes = MakeStripes();
    private volatile Func<Request, Exception>? _closed;

    /// <summary>Adds a request whose answer is expected. Call it without holding any lock.</summary>
    public void Add(Request request)
    {
        var stripe = _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)];
        var call = stripe.Add(request, heartbeat, timeToLive);
        call.Watch(request.Token);
        if (_closed is { } failure) request.Fail(failure(request));
        if (request.IsAnswered) call.Settle();
    }

    /// <summary>Answers calls whose time is over.</summary>
    public void Expire(long now)
    {
        foreach (var stripe in _stripes)
        {
            while (stripe.FirstBefore(now) is { } call)
            {
                call.Request.Fail(new TimeoutException($"Response did not arrive on time in {timeToLive} for {call.Request}."));
                call.Settle();
            }
        }
    }

    /// <summary>Answers all calls with a failure, those of now and those to come.</summary>
    public void Close(Func<Request, Exception> failure)
    {
        _closed = failure;
        foreach (var stripe in _stripes)
        {
            while (stripe.FirstBefore(long.MaxValue) is { } call)
            {
                call.Request.Fail(failure(call.Request));
                call.Settle();
            }
        }
    }

    private static Stripe[] MakeStripes()
    {
        var stripes = new Stripe[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * 2)];
        for (var i = 0; i < stripes.Length; i++) stripes[i] = new Stripe();
        return stripes;
    }

    /// <summary>A doubly linked list in order of deadline.</summary>
    internal sealed class Stripe
    {
        private readonly Lock _gate = new();
        private PendingCall? _head;
        private PendingCall? _tail;

        public PendingCall Add(Request request, Heartbeat heartbeat, TimeSpan timeToLive)
        {
            lock (_gate)
            {
                var call = new PendingCall(this, request, heartbeat.Now + timeToLive.Ticks + heartbeat.Period.Ticks);
                request.Pending = call;
                call.Previous = _tail;
                call.IsLinked = true;
                if (_tail is null) _head = call;
                else _tail.Next = call;
                _tail = call;
                return call;
            }
        }

        public void Remove(PendingCall call)
        {
            lock (_gate)
            {
                if (!call.IsLinked) return;
                call.IsLinked = false;
                if (call.Previous is null) _head = call.Next;
                else call.Previous.Next = call.Next;
                if (call.Next is null) _tail = call.Previous;
                else call.Next.Previous = call.Previous;
                call.Previous = call.Next = null;
            }
        }

        public PendingCall? FirstBefore(long now)
        {
            lock (_gate) return _head is { } head && head.Deadline <= now ? head : null;
        }
    }
}
