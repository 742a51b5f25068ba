using System.Globalization;
using Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>
/// Calendar days and moments as the contract writes them. Benefit days are days in China, which keeps one offset all year.
/// </summary>
internal static class Dates
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>A day the gateway has checked.</summary>
    public static DateOnly Day(string text) => IsoDay.Parse(text);

    /// <summary>A day the gateway has checked, or null when left out.</summary>
    public static DateOnly? DayOrNull(string text) => text.Length == 0 ? null : Day(text);

    /// <summary>A day as text.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A day as text, empty when there is none.</summary>
    public static string Text(DateOnly? day) => day is { } known ? Text(known) : "";

    /// <summary>A moment as RFC 3339 in China's offset, to the second.</summary>
    public static string Text(DateTimeOffset moment) =>
        // The sortable format is one of those that the library does not interpret letter by letter.
        string.Concat(moment.ToOffset(China).DateTime.ToString("s", CultureInfo.InvariantCulture), "+08:00");

    /// <summary>The first moment of a day in China.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), China);

    /// <summary>The calendar day in China of a moment.</summary>
    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.ToOffset(China).DateTime);
}
