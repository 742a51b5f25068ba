namespace Settlement.Ledger;

/// <summary>
/// A span of time, and the positions between which the ledger holds every entry recorded in it; others may lie between them.
/// </summary>
/// <param name="From">The span's first moment.</param>
/// <param name="Until">The first moment after the span.</param>
/// <param name="First">Smallest position of an entry recorded in the span.</param>
/// <param name="Last">Largest position of one.</param>
public readonly record struct RecordedSpan(DateTimeOffset From, DateTimeOffset Until, long First, long Last);
