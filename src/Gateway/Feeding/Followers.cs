using Settlement.Gateway.Identity;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Refusals;

namespace Settlement.Gateway.Feeding;

/// <summary>
/// Who follows the ledger now. Streams are few and bounded, and read a few pages at once however many there are: settling keeps the
/// ledger's connections and the processors to itself.
/// </summary>
public sealed class Followers : IDisposable
{
    /// <summary>
    /// Pages read from the ledger at once, over all streams: a quarter of the connections for reading that it has by default.
    /// </summary>
    private const int ReadAtOnce = 4;

    private readonly FeedOptions options;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly HashSet<Follower> streams = [];
    private readonly SemaphoreSlim reading = new(ReadAtOnce);

    /// <summary>Nobody follows yet.</summary>
    public Followers(GatewayOptions options, TimeProvider time)
    {
        this.options = options.Feed;
        this.time = time;
        GatewayMetrics.Started(this);
    }

    /// <summary>Streams open now.</summary>
    public int Count
    {
        get
        {
            lock (gate) return streams.Count;
        }
    }

    /// <summary>How old the newest change is that the slowest stream has taken, if it has not taken all there are; else zero.</summary>
    public TimeSpan Lag
    {
        get
        {
            DateTimeOffset now = time.GetUtcNow();
            lock (gate) return streams.Select(stream => stream.BehindSince is { } since ? now - since : TimeSpan.Zero).Append(TimeSpan.Zero)
                .Max();
        }
    }

    /// <summary>Lets a stream in; disposing of it lets it out.</summary>
    /// <exception cref="RefusalException">BUSY: there are as many as may be, or as the facility may have.</exception>
    internal Follower Enter(Caller caller)
    {
        lock (gate)
        {
            bool isFull = streams.Count >= options.MaxFollowers
                || (!caller.IsAgency && streams.Count(stream => stream.Holder == caller.Holder) >= options.MaxFollowersPerFacility);
            if (isFull) throw new RefusalException(BusyRefusal.Full);
            Follower follower = new(this, caller.Holder);
            streams.Add(follower);
            return follower;
        }
    }

    /// <summary>Reads a page when it is its turn.</summary>
    internal async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            return await read();
        }
        finally
        {
            reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GatewayMetrics.Stopped(this);
        reading.Dispose();
    }

    /// <summary>One stream.</summary>
    internal sealed class Follower(Followers all, string holder) : IDisposable
    {
        /// <summary>Whose it is.</summary>
        public string Holder { get; } = holder;

        /// <summary>When the newest change that the stream has read was recorded; null when it has given all there are.</summary>
        public DateTimeOffset? BehindSince { get; private set; }

        /// <summary>The stream has read so far, and has to give it.</summary>
        public void HasRead(DateTimeOffset? recordedAt)
        {
            lock (all.gate) BehindSince = recordedAt;
        }

        /// <summary>The stream has given all there are.</summary>
        public void IsAtNewest() => HasRead(null);

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (all.gate) all.streams.Remove(this);
        }
    }
}
