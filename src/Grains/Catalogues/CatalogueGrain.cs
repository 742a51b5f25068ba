using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Storage;
using Settlement.Contract;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Refusals;
using Settlement.Registry;

namespace Settlement.Catalogues;

/// <summary>
/// The catalogue's writer. Rows that arrive while some are being written are written together next. It knows every version, to tell a
/// repeat and an overlap; a writer of another cluster is fenced by the storage, and then what it wrote is read first.
/// </summary>
[Reentrant]
public sealed class CatalogueGrain : Grain, ICatalogueGrain
{
    // Each round lost is a write of another cluster, so this many need a very busy one.
    private const int Rounds = 16;

    private readonly CatalogueStore store;
    private readonly TimeProvider time;
    private readonly List<Waiting> waiting = [];
    private MedicalCatalogue? known;
    private bool isWriting;

    /// <summary>A writer over the storage of the registry.</summary>
    public CatalogueGrain([FromKeyedServices(FacilityGrain.Storage)] IGrainStorage storage, TimeProvider time)
    {
        store = new CatalogueStore(storage);
        this.time = time;
    }

    /// <inheritdoc/>
    public async Task<Reply<CatalogueVersion>> Record(Immutable<CatalogueRow> row)
    {
        Waiting mine = new(row.Value);
        waiting.Add(mine);
        if (!isWriting) await WriteAllAsync();
        return await mine.Done.Task;
    }

    /// <inheritdoc/>
    public async Task<Immutable<CatalogueSegment>> ReadAfter(int version) => new(await store.ReadAfterAsync(version));

    /// <inheritdoc/>
    public async Task<Immutable<CatalogueVersion>> Read(int version) => new(await store.ReadOneAsync(version));

    private async Task WriteAllAsync()
    {
        isWriting = true;
        try
        {
            while (waiting.Count > 0)
            {
                Waiting[] together = [.. waiting];
                waiting.Clear();
                try
                {
                    await WriteAsync(together);
                }
                catch (Exception error)
                {
                    known = null; // some may have been written: the storage knows
                    foreach (Waiting one in together) one.Done.TrySetException(error);
                }
            }
        }
        finally
        {
            isWriting = false;
        }
    }

    private async Task WriteAsync(Waiting[] together)
    {
        for (int round = 0; round < Rounds; round++)
        {
            known ??= await ReadAllAsync();
            (List<CatalogueVersion> versions, List<(Waiting Of, Reply<CatalogueVersion> Answer)> answers) =
                await DecideAsync(known, together);
            try
            {
                for (int written = 0; written < versions.Count;) written += await store.AppendAsync(versions[written..]);
            }
            catch (InconsistentStateException)
            {
                known = null;
                continue;
            }

            foreach ((Waiting of, Reply<CatalogueVersion> answer) in answers) of.Done.SetResult(answer);
            return;
        }

        foreach (Waiting one in together) one.Done.SetResult(Refuse.Busy);
    }

    /// <summary>What becomes of rows, one after the other: what is accepted stands for those behind it.</summary>
    private async Task<(List<CatalogueVersion> Versions, List<(Waiting Of, Reply<CatalogueVersion> Answer)> Answers)> DecideAsync(
        MedicalCatalogue catalogue, Waiting[] together)
    {
        int before = catalogue.Newest;
        List<CatalogueVersion> versions = [];
        List<(Waiting Of, Reply<CatalogueVersion> Answer)> answers = [];
        string now = Dates.Text(time.GetUtcNow());
        foreach (Waiting one in together)
        {
            if (catalogue.Recorded(one.Row) is > 0 and int version)
            {
                CatalogueVersion first = (version > before ? versions[version - before - 1] : await store.ReadOneAsync(version)).Clone();
                first.Already = true;
                answers.Add((one, first));
            }
            else if (catalogue.Fault(one.Row) is { } fault)
            {
                answers.Add((one, fault));
            }
            else
            {
                CatalogueVersion next = new() { Version = catalogue.Newest + 1, Row = one.Row, RecordedAt = now };
                catalogue.Add(next);
                versions.Add(next);
                answers.Add((one, next));
            }
        }

        return (versions, answers);
    }

    private async Task<MedicalCatalogue> ReadAllAsync()
    {
        MedicalCatalogue catalogue = new();
        while ((await store.ReadAfterAsync(catalogue.Newest)).Versions is { Count: > 0 } next)
        {
            foreach (CatalogueVersion version in next) catalogue.Add(version);
        }

        return catalogue;
    }

    /// <summary>A row that waits to be written.</summary>
    private sealed record Waiting(CatalogueRow Row)
    {
        public TaskCompletionSource<Reply<CatalogueVersion>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
