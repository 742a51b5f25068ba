namespace Settlement.Torture.Relaying;

/// <summary>
/// The proxy between silos, one link in front of each. Silos send to each other on whichever connection there is, whoever made it: what
/// one silo exchanges with the others goes through its own link and, on the connections that it made itself, through theirs.
/// </summary>
internal sealed class SiloLinks : IAsyncDisposable
{
    private readonly Relay relay;
    private readonly SemaphoreSlim turn = new(1);
    private readonly int[] processes;
    private readonly Cut?[] cuts;

    private SiloLinks(Relay relay) => (this.relay, processes, cuts) = (relay, new int[relay.Ports.Count], new Cut?[relay.Ports.Count]);

    /// <summary>Where others reach each silo.</summary>
    public IReadOnlyList<int> Ports => relay.Ports;

    /// <summary>Starts it, in front of the ports on which the silos listen for each other.</summary>
    public static async Task<SiloLinks> StartAsync(int[] siloPorts) => new(await Relay.StartAsync(siloPorts));

    /// <summary>A silo has a new process. What is cut is cut of that one, too.</summary>
    public Task StartedAsync(int silo, int process) => InTurnAsync(async () =>
    {
        processes[silo] = process;
        if (cuts[silo] is not { } cut) return;
        cut.Processes.Add(process);
        await SayToOthersAsync(silo, cut.FromSilo, process);
    });

    /// <summary>Cuts a silo off from the others.</summary>
    /// <param name="silo">Which.</param>
    /// <param name="toSilo">Word for the connections that others made to it.</param>
    /// <param name="fromSilo">Word for those that it made to others.</param>
    public Task CutAsync(int silo, string toSilo, string fromSilo) => InTurnAsync(async () =>
    {
        cuts[silo] = new Cut(fromSilo, [processes[silo]]);
        await relay.SayAsync(silo, toSilo);
        await SayToOthersAsync(silo, fromSilo, processes[silo]);
    });

    /// <summary>Ends it.</summary>
    /// <param name="silo">Which.</param>
    /// <param name="word"><c>open</c>, or <c>reset</c> where what was held must not arrive.</param>
    public Task HealAsync(int silo, string word) => InTurnAsync(async () =>
    {
        Cut cut = cuts[silo]!;
        cuts[silo] = null;
        await relay.SayAsync(silo, word);
        foreach (int process in cut.Processes) await SayToOthersAsync(silo, word, process);
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        turn.Dispose();
        await relay.DisposeAsync();
    }

    private async Task SayToOthersAsync(int silo, string word, int process)
    {
        for (int other = 0; other < processes.Length; other++)
        {
            if (other != silo) await relay.SayAsync(other, $"{word} from {process}");
        }
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What holds for the connections that a silo made, and the processes which it has been since.</summary>
    private sealed record Cut(string FromSilo, List<int> Processes);
}
