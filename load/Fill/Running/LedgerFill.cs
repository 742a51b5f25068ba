using Settlement.Fill.Persons;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Policy;

namespace Settlement.Fill.Running;

/// <summary>
/// Carries a plan out: year by year, so that the ledger lies on disk as years would have left it; within a year every processor decides
/// persons and keeps the writers' queues full. Between years only a person's place in the chain and account are kept, as bytes.
/// </summary>
internal sealed class LedgerFill
{
    /// <summary>Persons taken at a time by one worker.</summary>
    private const int Portion = 64;

    private readonly FillPlan plan;
    private readonly LedgerWriter writer;
    private readonly PersonYear years;
    /// <summary>Where each person stands between two years.</summary>
    private readonly RestingHead[] standings;
    private readonly int window;
    private long durable;
    private int nextRank;

    /// <summary>Prepares a fill.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="adjudicator">The rules; their packs are registered in the ledger.</param>
    /// <param name="writer">The ledger's writer.</param>
    /// <param name="queueCapacity">The writer's, so that it never answers Busy.</param>
    public LedgerFill(FillPlan plan, Adjudicator adjudicator, LedgerWriter writer, int queueCapacity)
    {
        this.plan = plan;
        this.writer = writer;
        Pack pack = adjudicator.Catalogue.Find(Facilities.Region)
            ?? throw new InvalidOperationException($"There is no pack of region {Facilities.Region}, by which the histories are made.");
        years = new PersonYear(plan, adjudicator, pack.InForceFrom.Year);
        standings = new RestingHead[plan.Persons];
        window = Math.Max(1, queueCapacity / Workers);
    }

    /// <summary>Entries durable so far.</summary>
    public long Durable => Interlocked.Read(ref durable);

    private static int Workers => Environment.ProcessorCount;

    /// <summary>Keeps the packs in the ledger, as a silo does at its start.</summary>
    public static async Task RegisterPacksAsync(ILedgerStore store, PolicyCatalogue policies)
    {
        foreach (Pack pack in policies.Packs)
            await store.RegisterPackAsync(pack.PackKey, [.. pack.Hash], $"{pack.Name} {pack.Version}", [.. pack.Archive]);
    }

    /// <summary>
    /// Whether an entry of the ledger is one that this fill writes. Before going on with a fill: another one's must not be added to.
    /// </summary>
    public bool Writes(LedgerEntry entry)
    {
        int rank = 0;
        while (rank < plan.Persons && FillPlan.PersonId(plan.PersonAt(rank)) != entry.PersonId) rank++;
        if (rank == plan.Persons) return false;
        List<LedgerEntry> made = [];
        PersonHead head = PersonHead.Unknown;
        for (int year = 0; year < plan.Years && made.Count < entry.Sequence; year++) head = years.Make(rank, year, head, made.Add);
        return made.Count >= entry.Sequence && made[entry.Sequence - 1].Hash == entry.Hash;
    }

    /// <summary>Writes everything. Every entry is durable when it ends.</summary>
    /// <exception cref="InvalidOperationException">An entry was not appended: the ledger holds other entries, or the rules refuse a
    /// draw.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        for (int year = 0; year < plan.Years; year++)
        {
            nextRank = 0;
            int current = year;
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkOrStopAllAsync(current), cancellation)));
        }

        async Task WorkOrStopAllAsync(int year)
        {
            try
            {
                await WorkAsync(year, failed.Token);
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    private async Task WorkAsync(int year, CancellationToken cancellation)
    {
        Queue<(LedgerEntry Entry, Task<AppendOutcome> Outcome)> waiting = new(window);
        List<LedgerEntry> made = [];
        for (int first; (first = Interlocked.Add(ref nextRank, Portion) - Portion) < plan.Persons;)
        {
            int end = Math.Min(first + Portion, plan.Persons);
            for (int rank = first; rank < end; rank++)
            {
                cancellation.ThrowIfCancellationRequested();
                made.Clear();
                PersonHead head = years.Make(rank, year, standings[rank].Wake(), made.Add);
                standings[rank].Keep(head, AccountCodec.Encode(head.Account));
                PersonLane lane = writer.OpenLane(made[0].PersonId);
                foreach (LedgerEntry entry in made)
                {
                    if (waiting.Count == window) await TakeAsync(waiting);
                    waiting.Enqueue((entry, writer.AppendAsync(lane, entry).AsTask()));
                }
            }
        }

        while (waiting.Count > 0) await TakeAsync(waiting);
    }

    private async ValueTask TakeAsync(Queue<(LedgerEntry Entry, Task<AppendOutcome> Outcome)> waiting)
    {
        (LedgerEntry entry, Task<AppendOutcome> outcome) = waiting.Dequeue();
        AppendStatus status = (await outcome).Status;
        if (status != AppendStatus.Appended)
        {
            throw new InvalidOperationException(status == AppendStatus.Fenced
                ? $"Entry {entry.Sequence} of person {PersonId.Mask(entry.PersonId)} is in the ledger with other content: something else has written to it."
                : $"Entry {entry.Sequence} of person {PersonId.Mask(entry.PersonId)} was answered {status}.");
        }

        Interlocked.Increment(ref durable);
    }
}
