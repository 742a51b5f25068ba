using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Running;

/// <summary>What was measured of one step, or of whole iterations. Safe for concurrent use.</summary>
internal sealed class Measured(string name)
{
    private readonly Lock gate = new();
    private readonly Side ok = new();
    private readonly Side failed = new();

    // Since the last sample of the time line.
    private readonly Histogram recent = new();
    private int recentFailed;

    public string Name => name;

    /// <summary>Counts a response.</summary>
    /// <param name="response">What came.</param>
    /// <param name="latency">How long it took, unless the response says otherwise.</param>
    public void Add(IResponse response, TimeSpan latency)
    {
        double milliseconds = response.CustomLatencyMs > 0 ? response.CustomLatencyMs : latency.TotalMilliseconds;
        long microseconds = (long)(milliseconds * 1000);
        lock (gate)
        {
            Side side = response.IsError ? failed : ok;
            side.Add(response, microseconds);
            if (response.IsError) recentFailed++;
            else recent.Add(microseconds);
        }
    }

    /// <summary>What came since the last sample.</summary>
    public Sample TakeSample(TimeSpan at)
    {
        lock (gate)
        {
            Sample sample = new(at, recent.Count, recentFailed, recent.At(50) / 1000.0, recent.At(99) / 1000.0);
            recent.Clear();
            recentFailed = 0;
            return sample;
        }
    }

    /// <summary>The figures so far.</summary>
    /// <param name="executed">Time they are spread over.</param>
    public (MeasurementStats Ok, MeasurementStats Failed) Stats(TimeSpan executed)
    {
        lock (gate)
        {
            long all = ok.Latencies.Count + failed.Latencies.Count;
            return (ok.Stats(executed, all, isError: false), failed.Stats(executed, all, isError: true));
        }
    }

    /// <summary>Latencies of what went well, in milliseconds, at given percentages.</summary>
    public double[] Quantiles(double[] percents)
    {
        lock (gate) return [.. percents.Select(percent => ok.Latencies.At(percent) / 1000.0)];
    }

    private sealed class Side
    {
        private readonly SortedDictionary<string, (int Count, string Message)> codes = new(StringComparer.Ordinal);

        public Histogram Latencies { get; } = new();

        public void Add(IResponse response, long microseconds)
        {
            Latencies.Add(microseconds);
            if (response.StatusCode.Length == 0) return;
            codes[response.StatusCode] = codes.TryGetValue(response.StatusCode, out (int Count, string Message) known)
                ? (known.Count + 1, known.Message)
                : (1, response.Message);
        }

        public MeasurementStats Stats(TimeSpan executed, long all, bool isError) => new()
        {
            Request = new RequestStats
            {
                Count = (int)Latencies.Count,
                RPS = Math.Round(Latencies.Count / Math.Max(1, executed.TotalSeconds), 1),
                Percent = Percent(Latencies.Count, all),
            },
            Latency = new LatencyStats
            {
                MinMs = Latencies.Count == 0 ? 0 : Milliseconds(Latencies.Min),
                MeanMs = Milliseconds(Latencies.Mean),
                MaxMs = Milliseconds(Latencies.Max),
                Percent50 = Milliseconds(Latencies.At(50)),
                Percent75 = Milliseconds(Latencies.At(75)),
                Percent95 = Milliseconds(Latencies.At(95)),
                Percent99 = Milliseconds(Latencies.At(99)),
                StdDev = Milliseconds(Latencies.StdDev),
            },
            StatusCodes =
            [
                .. codes.Select(code => new StatusCodeStats
                {
                    StatusCode = code.Key,
                    IsError = isError,
                    Message = code.Value.Message,
                    Count = code.Value.Count,
                    Percent = Percent(code.Value.Count, all),
                }),
            ],
        };

        private static double Milliseconds(double microseconds) => Math.Round(microseconds / 1000, 2);

        private static int Percent(long part, long all) => all == 0 ? 0 : (int)Math.Round(100.0 * part / all);
    }
}

/// <summary>One second of the time line.</summary>
/// <param name="At">End of the second.</param>
/// <param name="Ok">Iterations that went well in it.</param>
/// <param name="Failed">Iterations that failed in it.</param>
/// <param name="P50">Median latency of those that went well, in milliseconds.</param>
/// <param name="P99">What 99 % of them kept.</param>
internal sealed record Sample(TimeSpan At, long Ok, long Failed, double P50, double P99);
