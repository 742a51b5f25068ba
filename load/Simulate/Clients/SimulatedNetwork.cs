using Settlement.Persons;

namespace Settlement.Simulate;

/// <summary>
/// The way between clients and silos: messages take time, get lost, come twice, overtake each other, or reach the wrong silo.
/// </summary>
internal sealed class SimulatedNetwork(EventLoop loop, FaultInjector faults, SimulatedCluster cluster, MemoryLedger ledger, Chance chance)
{
    private const long ClientTimeout = 3 * Ticks.Second;

    /// <summary>Sends a request to the person's silo. Null when no answer came in time, or no silo took it.</summary>
    /// <param name="person">Whom it concerns.</param>
    /// <param name="invoke">The call on the grain.</param>
    /// <param name="left">Told when an answer leaves the grain, whether it arrives or not; with the newest commit when the request had
    /// arrived.</param>
    public Task<T?> CallAsync<T>(string person, Func<IInsuredPersonGrain, Task<T>> invoke, Action<T?, Exception?, long> left)
        where T : class
    {
        TaskCompletionSource<T?> heard = new();
        Call<T> call = new()
        {
            Person = person,
            NewestCommit = () => ledger.Count,
            Invoke = invoke,
            Left = (answer, defect, committed) =>
            {
                left(answer, defect, committed);
                if (!faults.Strikes(FaultKind.LoseReply)) loop.After(Way(), () => heard.TrySetResult(answer));
            },
            Rejected = () => loop.After(Way(), () => heard.TrySetResult(null)),
        };
        if (!faults.Strikes(FaultKind.LoseRequest)) Send(call);
        if (faults.Strikes(FaultKind.DuplicateRequest))
        {
            Chance details = faults.Details(FaultKind.DuplicateRequest);
            loop.After(details.OneIn(4)
                ? details.Between(0, 60 * Ticks.Second)
                : details.Between(0, 50 * Ticks.Millisecond), () => Send(call));
        }

        loop.After(ClientTimeout, () => heard.TrySetResult(null));
        return heard.Task;
    }

    private void Send(Call call) => loop.After(Way(), () =>
    {
        if (Route(call.Person) is { } silo) silo.Receive(call);
        else call.Reject();
    });

    /// <summary>The person's own silo while there is one, the next after it otherwise; now and then any.</summary>
    private SimulatedSilo? Route(string person)
    {
        int home = person[^1] % cluster.Count;
        if (faults.Strikes(FaultKind.Misroute)) home = faults.Details(FaultKind.Misroute).Below(cluster.Count);
        for (int i = 0; i < cluster.Count; i++)
        {
            if (cluster.At((home + i) % cluster.Count) is { } silo) return silo;
        }

        return null;
    }

    private long Way() => faults.Strikes(FaultKind.DelayMessage)
        ? faults.Details(FaultKind.DelayMessage).Between(Ticks.Millisecond, 10 * Ticks.Second)
        : chance.Between(100, 900) * Ticks.Microsecond;
}
