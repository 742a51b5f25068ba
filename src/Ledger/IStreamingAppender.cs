namespace Settlement.Ledger;

/// <summary>
/// An appender that can be sent a batch while the one before it is on its way: the database need not wait for it. It only tries: what it
/// does not make durable stays undecided, and <see cref="ILedgerAppender.AppendBatchAsync"/> finds out why.
/// </summary>
/// <remarks>
/// A batch is sent whole, as one transaction that commits by itself: whoever stalls or dies between two calls leaves nothing open. Two at
/// most are on their way, and while one is nothing else may be asked of the appender. After an exception from any member what became of
/// both is unknown: give the connection up.
/// </remarks>
public interface IStreamingAppender : ILedgerAppender
{
    /// <summary>
    /// Sends the undecided entries of a batch, of which there is at least one. None may be of a lane that has an entry on its way in
    /// another batch.
    /// </summary>
    ValueTask SendAsync(LedgerBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Waits for the answer to the batch that was sent, of two the first. True: all its entries are durable. False: none is, and none will
    /// be. Decides nothing.
    /// </summary>
    Task<bool> IsDurableAsync(LedgerBatch batch, CancellationToken cancellation);

    /// <summary>Gives the connection up after a failure, and with it what was not committed.</summary>
    ValueTask GiveUpAsync();
}
