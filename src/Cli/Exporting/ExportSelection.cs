using Settlement.Ledger;

namespace Settlement.Cli.Exporting;

/// <summary>Which part of the ledger is exported.</summary>
internal sealed record ExportSelection
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Only what lies behind this position.</summary>
    public long After { get; init; }

    /// <summary>First and last day in China on which it was recorded; null: whenever.</summary>
    public (DateOnly From, DateOnly To)? Days { get; init; }

    /// <summary>Division code of the region; 0: all.</summary>
    public int Region { get; init; }

    /// <summary>Benefit year; 0: all.</summary>
    public int Year { get; init; }

    /// <summary>The facility whose settlements, and reversals of them, are meant; null: all.</summary>
    public string? Facility { get; init; }

    /// <summary>The first moment of the days and the first behind them.</summary>
    public (DateTimeOffset Begin, DateTimeOffset End)? Span =>
        Days is { } days ? (StartOf(days.From), StartOf(days.To.AddDays(1))) : null;

    /// <summary>Whether an entry is meant, as far as its own columns tell.</summary>
    public bool Takes(LedgerEntry entry) =>
        (Region == 0 || entry.Region == Region)
        && (Year == 0 || entry.BenefitYear == Year)
        && (Span is not { } span || (entry.RecordedAt >= span.Begin && entry.RecordedAt < span.End));

    /// <summary>A moment as China's clock has it.</summary>
    public static string Text(DateTimeOffset moment) =>
        moment.ToOffset(China).ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), China);
}
