namespace Settlement.Simulate;

/// <summary>Edges of the calendar in China, where benefit days are counted.</summary>
internal static class Calendar
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>The start of the next day.</summary>
    public static DateTime NextDay(DateTime local) => local.Date.AddDays(1);

    /// <summary>The start of the next quarter.</summary>
    public static DateTime NextQuarter(DateTime local) => new DateTime(local.Year, ((local.Month - 1) / 3 * 3) + 1, 1).AddMonths(3);

    /// <summary>The start of the next year.</summary>
    public static DateTime NextYear(DateTime local) => new(local.Year + 1, 1, 1);

    /// <summary>What moves a clock to just before an edge, so that it passes it by itself.</summary>
    public static TimeSpan ToEdge(DateTimeOffset now, Func<DateTime, DateTime> edge)
    {
        DateTime local = now.ToOffset(China).DateTime;
        return edge(local) - local - TimeSpan.FromMilliseconds(20);
    }

    /// <summary>A moment a little before midnight in China.</summary>
    public static DateTimeOffset BeforeMidnight(DateOnly day) => new(day.ToDateTime(new TimeOnly(23, 59, 59)), China);
}
