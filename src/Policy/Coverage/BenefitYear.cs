namespace Settlement.Policy;

/// <summary>Benefit years, by the day on which they begin (<c>benefit.year-start</c>).</summary>
internal static class BenefitYear
{
    /// <summary>The benefit year a day lies in.</summary>
    public static int Of(RuleSet rules, DateOnly day)
    {
        var start = rules[Parameter.BenefitYearStart];
        return (day.Month * 100) + day.Day >= start ? day.Year : day.Year - 1;
    }

    /// <summary>First day of a benefit year.</summary>
    public static DateOnly First(RuleSet rules, int year) => Day(rules[Parameter.BenefitYearStart], year);

    /// <summary>Last day of a benefit year.</summary>
    public static DateOnly Last(RuleSet rules, int year)
        => year >= DateOnly.MaxValue.Year ? DateOnly.MaxValue : Day(rules[Parameter.BenefitYearStart], year + 1).AddDays(-1);

    /// <summary>A month and day (MMDD) of a calendar year; 29 February is the 28th where there is none.</summary>
    public static DateOnly Day(long monthDay, int year)
    {
        var (month, day) = ((int)monthDay / 100, (int)monthDay % 100);
        return new DateOnly(year, month, Math.Min(day, DateTime.DaysInMonth(year, month)));
    }
}
