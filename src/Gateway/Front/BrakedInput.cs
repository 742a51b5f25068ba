using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Settlement.Gateway.Overload;

namespace Settlement.Gateway.Front;

/// <summary>
/// What comes on a connection, given to Kestrel no faster than the connection's brake allows: Kestrel takes at most 4 KiB at a time, some
/// eight calls. Nothing is kept here; beyond its own bound the transport reads no more either, and the network slows the sender.
/// </summary>
internal sealed class BrakedInput(PipeReader inner, ConnectionBrake brake, WaitingLine line, CancellationToken closed) : PipeReader
{
    // Whoever pings a connection hears from it in this time at least; clients wait for ten or twenty seconds.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private volatile bool isCancelled;

    /// <summary>Gives each connection of a listener a brake.</summary>
    public static ConnectionDelegate On(ConnectionDelegate next, WaitingLine line) => async connection =>
    {
        ConnectionBrake brake = new();
        connection.Features.Set(brake);
        IDuplexPipe whole = connection.Transport;
        connection.Transport = new Transport(new BrakedInput(whole.Input, brake, line, connection.ConnectionClosed), whole.Output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = whole;
        }
    };

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> read = inner.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully && !brake.IsOn ? read : WithBrake(read);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        isCancelled = true;
        inner.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    // The brake is looked at when something has come: until then Kestrel waits here for hours.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WithBrake(ValueTask<ReadResult> read)
    {
        ReadResult came = await read;
        if (came.IsCanceled || !brake.IsOn) return came;
        for (TimeSpan waited = TimeSpan.Zero;
            waited < LongestPause && !isCancelled && !closed.IsCancellationRequested && !brake.MayRead;
            waited += WaitingLine.Tick)
            await line.After(WaitingLine.Tick, closed);
        return came;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
