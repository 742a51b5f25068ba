using Orleans;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Feeding;

/// <summary>Reads the changes of the ledger page by page; any key will do, callers spread over a few.</summary>
[Alias("settlement.feed")]
public interface IFeedGrain : IGrainWithStringKey
{
    /// <summary>
    /// The changes behind a position, in the order of the ledger. Whatever is passed over does not match; a change is there only when no
    /// smaller position can appear any more.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">Where the page before ended; 0 at first.</param>
    [Alias("page")]
    Task<Reply<FeedPage>> ReadPage(FeedFilter filter, long after);
}

/// <summary>Which changes are wanted.</summary>
/// <param name="Facility">Whose; empty: everybody's.</param>
/// <param name="BooksOnly">Whether only what is in the facility's own books is shown: settled at its counter, or voided by it.</param>
/// <param name="Region">Division code of the region; 0: all.</param>
/// <param name="Kinds">Of which kinds; none: of all.</param>
[GenerateSerializer, Immutable, Alias("settlement.feed-filter")]
public sealed record FeedFilter(
    [property: Id(0)] string Facility, [property: Id(1)] bool BooksOnly, [property: Id(2)] int Region,
    [property: Id(3)] Change.Types.Kind[] Kinds);

/// <summary>A page of changes.</summary>
/// <param name="Changes">Those that match.</param>
/// <param name="Position">Everything up to here has been looked at.</param>
/// <param name="RecordedAt">When the entry there was recorded; null when there was none.</param>
/// <param name="More">Whether there may be further ones already.</param>
[GenerateSerializer, Immutable, Alias("settlement.feed-page")]
public sealed record FeedPage(
    [property: Id(0)] Change[] Changes, [property: Id(1)] long Position, [property: Id(2)] DateTimeOffset? RecordedAt,
    [property: Id(3)] bool More);
