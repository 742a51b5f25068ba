using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Refusals;

namespace Settlement.Gateway.Reads;

/// <summary>
/// Writes down who asks for whose data, before it is asked for. Asking costs a place in a bounded queue, never a wait for the disk. When
/// the queue is full, because the disk is slow or full, reads are refused as busy: what cannot be written down is not shown. Settling,
/// which reads no more than it writes, goes on.
/// </summary>
public sealed class ReadTrail : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private const int AtOnce = 256;

    private readonly Channel<ReadRecord> queue;
    private readonly ReadTrailFile file;
    private readonly TimeProvider time;
    private readonly ILogger<ReadTrail> log;

    /// <summary>Opens the trail.</summary>
    public ReadTrail(GatewayOptions options, TimeProvider time, ILogger<ReadTrail> log)
    {
        this.time = time;
        this.log = log;
        queue = Channel.CreateBounded<ReadRecord>(new BoundedChannelOptions(options.Reads.QueueCapacity) { SingleReader = true });
        file = new ReadTrailFile(options.ReadsDirectory, options.Reads.MaxFileBytes);
    }

    /// <summary>Writes down that a caller asks for a person's data.</summary>
    /// <exception cref="RefusalException">BUSY: it cannot be written down now.</exception>
    public void Note(Caller caller, string operation, string person) =>
        Note(new ReadRecord(time.GetUtcNow(), caller, operation, person, ""));

    /// <summary>The same where the request names a settlement or a request id instead of the person.</summary>
    /// <exception cref="RefusalException">BUSY: it cannot be written down now.</exception>
    public void Note(Caller caller, string operation, string person, string subject) =>
        Note(new ReadRecord(time.GetUtcNow(), caller, operation, person, subject));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        if (ExecuteTask is { } writing) await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        file.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (file.Waiting < AtOnce && queue.Reader.TryRead(out ReadRecord record)) file.Add(record);
            while (!TryWrite())
            {
                // Nothing is passed over: it is tried again, and what comes when the queue is full is refused.
                if (stoppingToken.IsCancellationRequested) return;
                await Task.Delay(AfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool TryWrite()
    {
        try
        {
            file.Write();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            log.ReadTrailStuck(error, queue.Reader.Count + file.Waiting);
            return false;
        }
    }

    private void Note(in ReadRecord record)
    {
        if (!queue.Writer.TryWrite(record)) throw new RefusalException(BusyRefusal.Full);
    }
}
