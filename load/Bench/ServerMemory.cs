using System.Diagnostics;
using System.Globalization;

namespace Settlement.Bench;

/// <summary>
/// What a server takes of memory: what the system counts, and what the runtime had committed and in use when it collected last. All in MiB.
/// </summary>
/// <param name="Resident">Working set of the process.</param>
/// <param name="Committed">What the collector held of the system after its last collection.</param>
/// <param name="Heap">The managed heap after it, all generations; what is dead in old ones counts until they are collected.</param>
/// <param name="FullCollections">Collections of the oldest generation so far.</param>
internal sealed record ServerMemory(double Resident, double Committed, double Heap, long FullCollections)
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Looks at a server.</summary>
    /// <param name="processId">Its process.</param>
    /// <param name="metrics">Where it gives its metrics.</param>
    /// <exception cref="InvalidOperationException">It does not tell of its collector.</exception>
    public static async Task<ServerMemory> OfAsync(int processId, Uri metrics)
    {
        using HttpClient http = new();
        string page = await http.GetStringAsync(metrics);
        using Process watched = Process.GetProcessById(processId);
        return new ServerMemory(
            watched.WorkingSet64 / Mebibyte,
            Sum(page, "dotnet_gc_last_collection_memory_committed_size_bytes") / Mebibyte,
            Sum(page, "dotnet_gc_last_collection_heap_size_bytes") / Mebibyte,
            (long)Sum(page, "dotnet_gc_collections_total", "\"gen2\""));
    }

    /// <summary>For a line of the report.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Resident:N0} MiB resident, {Committed:N0} committed, {Heap:N0} on the heap after {FullCollections} full collections");

    /// <summary>The values of a metric, all its dimensions together.</summary>
    private static double Sum(string page, string name, string label = "")
    {
        double[] values =
        [
            .. page.Split('\n')
                .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{'
                    && line.Contains(label, StringComparison.Ordinal))
                .Select(line => line[(Math.Max(line.LastIndexOf('}'), name.Length - 1) + 1)..].Trim().Split(' ')[0])
                .Select(value => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture)),
        ];
        return values.Length > 0 ? values.Sum() : throw new InvalidOperationException($"{name} is not in the metrics of the server.");
    }
}
