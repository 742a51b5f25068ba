namespace Grpc.Core;

/// <summary>What the four kinds of client call share: headers, status, trailers, disposal.</summary>
internal readonly struct CallState
{
    private readonly Func<object, Task<Metadata>> responseHeaders;
    private readonly Func<object, Status> status;
    private readonly Func<object, Metadata> trailers;
    private readonly Action<object> dispose;
    private readonly object state;

    internal CallState(
        Func<object, Task<Metadata>> responseHeaders, Func<object, Status> status, Func<object, Metadata> trailers, Action<object> dispose,
        object state)
    {
        this.responseHeaders = responseHeaders;
        this.status = status;
        this.trailers = trailers;
        this.dispose = dispose;
        this.state = state;
    }

    internal CallState(Task<Metadata> responseHeaders, Func<Status> status, Func<Metadata> trailers, Action dispose)
        : this(_ => responseHeaders, _ => status(), _ => trailers(), _ => dispose(), responseHeaders)
    {
    }

    internal Task<Metadata> ResponseHeaders => responseHeaders(state);

    internal Status Status => status(state);

    internal Metadata Trailers => trailers(state);

    internal void Dispose() => dispose(state);
}
