namespace Grpc.Core;

/// <summary>A stream of messages that are read one by one.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message the last <see cref="MoveNext" /> found.</summary>
    T Current { get; }

    /// <summary>Reads the next message; false at the end of the stream.</summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>A stream of messages that are written one by one; the next write may start when the last has ended.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the following messages are written.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message; ends when flow control has room.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes a message; ends when flow control has room.</summary>
    /// <exception cref="NotSupportedException">The writer knows no cancellation of one write.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException("Cancellation of stream writes is not supported.")
            : WriteAsync(message);
}

/// <summary>The stream of requests of a client.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream of requests.</summary>
    Task CompleteAsync();
}

/// <summary>The stream of responses of a server.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
