namespace Settlement.Policy;

/// <summary>Names of counters in packs, and over what each accumulates.</summary>
public static class CounterNames
{
    // By number: numbers are stable, and one that is given up leaves a gap.
    private static readonly string[] Names =
        [.. Enumerable.Range(0, (int)Enum.GetValues<CounterId>().Max() + 1).Select(static number => Camel($"{(CounterId)number}"))];

    /// <summary>Counter of a pack name, for example <c>pooledPaid</c>.</summary>
    public static bool TryParse(string text, out CounterId id)
    {
        foreach (var known in Enum.GetValues<CounterId>())
        {
            if (known != CounterId.None && NameOf(known) == text)
            {
                id = known;
                return true;
            }
        }

        id = CounterId.None;
        return false;
    }

    /// <summary>Pack name of a counter.</summary>
    public static string NameOf(CounterId id) => Names[(int)id];

    /// <summary>Over what a counter accumulates.</summary>
    public static CounterPeriod PeriodOf(CounterId id) => id switch
    {
        CounterId.QuarterDeductiblePaid or CounterId.QuarterPooledPaid or CounterId.QuarterVillagePaid => CounterPeriod.Quarter,
        CounterId.DiseaseMonthPaid => CounterPeriod.Month,
        CounterId.PregnancyPaid or CounterId.CycleBills or CounterId.DeferredAssistance => CounterPeriod.Reference,
        _ => CounterPeriod.Year,
    };

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
