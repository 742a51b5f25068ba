using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Settlement.Contract;

namespace Settlement.Catalogues;

/// <summary>
/// The catalogue in the storage of the registry: versions in segments of <see cref="Size"/>, of which only the last is written, so that
/// an import of hundreds of thousands writes none of them often. A segment's version fences two writers.
/// </summary>
/// <param name="storage">The storage.</param>
internal sealed class CatalogueStore(IGrainStorage storage)
{
    /// <summary>Versions of a full segment.</summary>
    public const int Size = 500;

    private const string StateName = "catalogue";
    private (int Segment, GrainState<CatalogueSegment> State)? tail;
    private (int Segment, CatalogueSegment State)? read;

    /// <summary>The versions behind one that are in its segment, or in the next when that is full.</summary>
    public async Task<CatalogueSegment> ReadAfterAsync(int version)
    {
        GrainState<CatalogueSegment> whole = await ReadAsync(version / Size);
        CatalogueSegment behind = new();
        behind.Versions.Add(whole.State!.Versions.Skip(version % Size));
        return behind;
    }

    /// <summary>Adds versions that follow the newest, all that fit into the last segment.</summary>
    /// <param name="versions">The versions, in order, without gaps.</param>
    /// <returns>How many were added, durably; never none.</returns>
    /// <exception cref="InconsistentStateException">Another writer added some: nothing was written.</exception>
    public async Task<int> AppendAsync(IReadOnlyList<CatalogueVersion> versions)
    {
        int before = versions[0].Version - 1;
        (int segment, int there) = (before / Size, before % Size);
        GrainState<CatalogueSegment> last = tail is { } held && held.Segment == segment ? held.State : await ReadAsync(segment);
        if (last.State!.Versions.Count != there)
            throw new InconsistentStateException($"Version {before + 1} of the catalogue was recorded by another writer.");
        CatalogueVersion[] fitting = [.. versions.Take(Size - there)];
        last.State.Versions.Add(fitting);
        tail = null; // while it is written, what is stored is not known
        await storage.WriteStateAsync(StateName, IdOf(segment), last);
        tail = (segment, last);
        return fitting.Length;
    }

    /// <summary>One version. Its segment is held, for a repeated import asks for one after the other.</summary>
    public async Task<CatalogueVersion> ReadOneAsync(int version)
    {
        (int segment, int at) = ((version - 1) / Size, (version - 1) % Size);
        if (read is not { } held || held.Segment != segment || held.State.Versions.Count <= at)
            read = held = (segment, (await ReadAsync(segment)).State!);
        return held.State.Versions[at];
    }

    private async Task<GrainState<CatalogueSegment>> ReadAsync(int segment)
    {
        GrainState<CatalogueSegment> state = new() { State = new CatalogueSegment() };
        await storage.ReadStateAsync(StateName, IdOf(segment), state);
        return state;
    }

    // A word before the number keeps Orleans from reading the key as one.
    private static GrainId IdOf(int segment) =>
        GrainId.Create(StateName, string.Create(CultureInfo.InvariantCulture, $"segment/{segment}"));
}
