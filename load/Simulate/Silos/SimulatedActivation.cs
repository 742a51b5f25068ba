using Settlement.Persons;

namespace Settlement.Simulate;

/// <summary>
/// One activation of a person in one silo: the product's grain, and its turns. As on Orleans, one that is to end finishes what it has
/// begun; what comes meanwhile waits for its successor.
/// </summary>
internal sealed class SimulatedActivation
{
    private readonly TurnQueue turns;
    private readonly Action<SimulatedActivation> ended;
    private readonly InsuredPersonGrain grain;
    private readonly List<Call> waiting = [];
    private int running;
    private bool isEnding;

    public SimulatedActivation(string person, SimulatedProcess process, GrainParts parts, Action<SimulatedActivation> ended)
    {
        Person = person;
        this.ended = ended;
        turns = new TurnQueue(process);
        grain = new InsuredPersonGrain(
            GrainContextDouble.Create(person, Deactivate), parts.Adjudicator, parts.Store, parts.Writer, parts.Time);
    }

    public string Person { get; }

    /// <summary>What came while it was ending.</summary>
    public IReadOnlyList<Call> Waiting => waiting;

    public TurnQueue Turns => turns;

    /// <summary>Takes a request.</summary>
    public void Take(Call call)
    {
        if (isEnding)
        {
            waiting.Add(call);
            return;
        }

        running++;
        long committed = call.NewestCommit();
        turns.Start(() => RunAsync(call, committed));
    }

    /// <summary>Ends it when what it has begun is done.</summary>
    public void Deactivate()
    {
        if (isEnding) return;
        isEnding = true;
        if (running == 0) ended(this);
    }

    private async Task RunAsync(Call call, long committed)
    {
        await call.RunAsync(grain, committed);
        running--;
        if (isEnding && running == 0) ended(this);
    }
}
