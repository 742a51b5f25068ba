using System.Globalization;

namespace Settlement.Bench;

/// <summary>The table at the end: medians over the rounds, and each store's ratio to the empty call of the same rounds.</summary>
internal static class Report
{
    public static void Print(IReadOnlyList<Measurement> all)
    {
        Console.WriteLine();
        Console.WriteLine("store      call      median /s      min /s      max /s    p50 ms    p99 ms   settle/ping");
        foreach (IGrouping<string, Measurement> store in all.GroupBy(m => m.Store))
        {
            double ping = Median(store.Where(m => m.Operation == "ping").Select(m => m.Rate));
            foreach (IGrouping<string, Measurement> operation in store.GroupBy(m => m.Operation))
            {
                double rate = Median(operation.Select(m => m.Rate));
                string ratio = operation.Key == "ping" ? "" : (rate / ping).ToString("P1", CultureInfo.InvariantCulture);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{store.Key,-10} {operation.Key,-8} {rate,11:N0} {operation.Min(m => m.Rate),11:N0} {operation.Max(m => m.Rate),11:N0} {Median(operation.Select(m => m.P50.TotalMilliseconds)),9:F2} {Median(operation.Select(m => m.P99.TotalMilliseconds)),9:F2}   {ratio}"));
            }
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
