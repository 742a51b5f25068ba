using Orleans;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Reconciling;

/// <summary>Reads the books of facilities from the ledger, page by page; any key will do, callers spread over a few.</summary>
[Alias("settlement.reconciliation")]
public interface IReconciliationGrain : IGrainWithStringKey
{
    /// <summary>Settlements at the counter and their reversals, recorded on one day, in the order of the ledger.</summary>
    /// <param name="facility">Whose; null: every facility's.</param>
    /// <param name="day">The calendar day in China.</param>
    /// <param name="from">Where the page before ended; null for the first.</param>
    [Alias("page")]
    Task<Reply<BookPage>> ReadPage(string? facility, DateOnly day, BookCursor? from);

    /// <summary>A facility's row on whatever day the ledger has it; no rows when there is none.</summary>
    /// <param name="facility">Whose.</param>
    /// <param name="settlementId">The settlement; empty: the request id finds it.</param>
    /// <param name="requestId">Request id of the settlement.</param>
    [Alias("find")]
    Task<Reply<BookPage>> Find(string facility, string settlementId, string requestId);
}

/// <summary>Where a page of a day ends: the positions that the day takes up, and the last one read.</summary>
[GenerateSerializer, Immutable, Alias("settlement.book-cursor")]
public sealed record BookCursor([property: Id(0)] long First, [property: Id(1)] long Last, [property: Id(2)] long After);

/// <summary>Rows of the book, and where the next page begins; null at the end.</summary>
[GenerateSerializer, Immutable, Alias("settlement.book-page")]
public sealed record BookPage([property: Id(0)] BookRow[] Rows, [property: Id(1)] BookCursor? Next);

/// <summary>One settlement or reversal.</summary>
/// <param name="Facility">Whose it is.</param>
/// <param name="Day">The day it belongs to.</param>
/// <param name="Item">As lists show it; a reversal's amounts are negative.</param>
/// <param name="Payments">What each payer pays, or gets back, as positive amounts.</param>
[GenerateSerializer, Immutable, Alias("settlement.book-row")]
public sealed record BookRow(
    [property: Id(0)] string Facility, [property: Id(1)] DateOnly Day, [property: Id(2)] DetailItem Item,
    [property: Id(3)] Payments Payments);
