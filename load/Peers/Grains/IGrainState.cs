using Settlement.Ledger;

namespace Settlement.Peers.Grains;

/// <summary>Where a person's grain writes its state.</summary>
internal interface IGrainState
{
    /// <summary>Makes the storage ready.</summary>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>Replaces a person's state by the newest entry and gives the state's new version.</summary>
    /// <param name="person">The person.</param>
    /// <param name="version">The version that was written last, or null when none was.</param>
    /// <param name="newest">What the state is now.</param>
    /// <exception cref="InvalidOperationException">Somebody else wrote the state since.</exception>
    ValueTask<int> WriteAsync(string person, int? version, LedgerEntry newest);
}

/// <summary>No storage: the state lives and dies with the process.</summary>
internal sealed class MemoryState : IGrainState
{
    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<int> WriteAsync(string person, int? version, LedgerEntry newest) => ValueTask.FromResult((version ?? 0) + 1);
}
