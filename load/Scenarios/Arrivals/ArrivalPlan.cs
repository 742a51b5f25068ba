using NBomber.Contracts;
using NBomber.CSharp;

namespace Settlement.Scenarios.Arrivals;

/// <summary>How many arrive in each second of a run, fixed before it begins.</summary>
internal sealed class ArrivalPlan
{
    /// <summary>How long before its due moment NBomber may have begun an arrival: one interval of its injection.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    private readonly (int Rate, int Seconds)[] stretches;
    private readonly long[] before;

    // Every rate is above 0: no two seconds begin with the same arrival.
    private ArrivalPlan((int Rate, int Seconds)[] stretches)
    {
        this.stretches = stretches;
        before = new long[stretches.Sum(stretch => stretch.Seconds) + 1];
        int second = 0;
        foreach ((int rate, int seconds) in stretches)
        {
            for (int end = second + seconds; second < end; second++) before[second + 1] = before[second] + rate;
        }
    }

    /// <summary>All arrivals.</summary>
    public long Count => before[^1];

    /// <summary>Length in seconds.</summary>
    public int Seconds => before.Length - 1;

    /// <summary>The same number each second.</summary>
    public static ArrivalPlan Steady(int rate, int seconds) => new([(rate, seconds)]);

    /// <summary>
    /// A morning: from a tenth of the peak up in even steps over the first six tenths, the peak over two tenths, half of it over the rest.
    /// </summary>
    public static ArrivalPlan Morning(int peak, int seconds)
    {
        const int Steps = 10;
        int climb = seconds * 6 / 10;
        int top = seconds * 2 / 10;
        List<(int Rate, int Seconds)> stretches = [];
        for (int step = 0; step < Steps; step++)
        {
            int length = (climb * (step + 1) / Steps) - (climb * step / Steps);
            if (length > 0) stretches.Add((Math.Max(1, peak * (step + 1) / Steps), length));
        }

        if (top > 0) stretches.Add((peak, top));
        stretches.Add((Math.Max(1, peak / 2), seconds - climb - top));
        return new ArrivalPlan([.. stretches]);
    }

    /// <summary>The plan as NBomber plays it; at the end time for those it began last.</summary>
    public LoadSimulation[] Simulations() =>
    [
        .. stretches.Select(stretch => Simulation.Inject(stretch.Rate, Lead, TimeSpan.FromSeconds(stretch.Seconds))),
        Simulation.Pause(Lead + TimeSpan.FromSeconds(1)),
    ];

    /// <summary>The second, from 0 on, of an arrival.</summary>
    /// <param name="arrival">From 0 to below <see cref="Count"/>.</param>
    public int SecondOf(long arrival)
    {
        int found = Array.BinarySearch(before, arrival);
        return found < 0 ? ~found - 1 : found;
    }
}
