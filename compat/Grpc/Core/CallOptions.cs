using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>What a client sets for one call.</summary>
public struct CallOptions
{
    private Metadata? headers;
    private DateTime? deadline;
    private CancellationToken cancellationToken;
    private WriteOptions? writeOptions;

    /// <summary>Options of a call; the deadline is UTC.</summary>
    [SuppressMessage(
        "Design", "CA1068:CancellationToken parameters must come last",
        Justification = "The order is that of the library this stands in for.")]
    public CallOptions(
        Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null)
    {
        this.headers = headers;
        this.deadline = deadline;
        this.cancellationToken = cancellationToken;
        this.writeOptions = writeOptions;
    }

    /// <summary>Metadata sent before the first message.</summary>
    public readonly Metadata? Headers => headers;

    /// <summary>When the call fails with DEADLINE_EXCEEDED.</summary>
    public readonly DateTime? Deadline => deadline;

    /// <summary>Cancels the call.</summary>
    public readonly CancellationToken CancellationToken => cancellationToken;

    /// <summary>How messages are written if the stream does not say otherwise.</summary>
    public readonly WriteOptions? WriteOptions => writeOptions;

    /// <summary>The same options with other metadata.</summary>
    public readonly CallOptions WithHeaders(Metadata headers) => this with { headers = headers };

    /// <summary>The same options with another deadline.</summary>
    public readonly CallOptions WithDeadline(DateTime deadline) => this with { deadline = deadline };

    /// <summary>The same options with another token.</summary>
    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with
    {
        cancellationToken = cancellationToken,
    };

    /// <summary>The same options with other write options.</summary>
    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { writeOptions = writeOptions };
}
