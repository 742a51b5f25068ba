namespace Settlement.Policy;

/// <summary>
/// Working days as the engine counts them: Monday to Friday. No source gives the public holidays and the weekends worked in their stead,
/// which the State Council sets anew each year: a day counted here may be a holiday, and every answer says so.
/// </summary>
public static class WorkingDays
{
    /// <summary>The last day of a limit that begins with a day; that day itself is not counted (Civil Code, article 201).</summary>
    /// <param name="received">Day on which everything needed was received.</param>
    /// <param name="days">Working days, 0 or more; 0 gives the day itself.</param>
    public static DateOnly After(DateOnly received, int days)
    {
        var day = received;
        for (var left = days; left > 0; left--)
            do
                day = day.AddDays(1);
            while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);

        return day;
    }
}
