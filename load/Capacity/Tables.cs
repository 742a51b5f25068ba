using System.Globalization;
using System.Text;

namespace Settlement.Capacity;

/// <summary>The tables of the document, in Markdown.</summary>
internal static class Tables
{
    /// <summary>Every table by the name that the document gives its place.</summary>
    public static IReadOnlyDictionary<string, string> Of(Figures figures) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["assumptions"] = Listed(figures.Assumed),
        ["costs"] = Listed(figures.Measured),
        ["need"] = Needs(figures),
    };

    private static string Listed(IReadOnlyList<Figure> figures)
    {
        StringBuilder table = new("| figure | value | is | from |\n|---|---|---|---|\n");
        foreach (Figure figure in figures)
            table.Append(
                CultureInfo.InvariantCulture,
                $"| `{figure.Name}` | {figure.Value:N0} {figure.Unit} | {figure.Means} | {figure.Source} |\n");
        return table.ToString();
    }

    private static string Needs(Figures figures)
    {
        Need city = new(figures, figures["cityInsured"]);
        Need province = new(figures, figures["provinceInsured"]);
        Need country = new(figures, figures["countryInsured"]);
        Need part = new(figures, figures["countryInsured"] / figures["provinces"]);
        long parts = figures["provinces"];
        StringBuilder table = new(
            $"| | city | province | country, one cluster | country, {parts} clusters |\n|---|---|---|---|---|\n");
        Row("insured persons", need => need.Insured);
        Row("settlements a day", need => need.SettlementsPerDay);
        Row("settlements a second, average", need => need.AveragePerSecond);
        Row("settlements a second, busiest", need => need.PeakPerSecond);
        Row("**silos**", need => need.Silos);
        Each("memory of active persons on a silo", need => Bytes(need.MemoryPerSilo));
        Row("ledger shards by work", need => need.ShardsByWork);
        Row("ledger shards by size", need => need.ShardsBySize);
        Row("**ledger shards**", need => need.Shards);
        Row("database servers with their copies", need => need.DatabaseServers);
        Row("entries a year", need => need.EntriesPerYear);
        Sum("ledger a year, one copy", need => need.BytesPerYear);
        Sum("ledger online, one copy", need => need.BytesOnline);
        Sum("ledger and archive, one copy", need => need.BytesKept);
        Each("write-ahead log of a shard in the busiest second", need => Bytes(need.LogPerSecond));
        return table.ToString();

        void Row(string name, Func<Need, long> value) => Line(name, need => Count(value(need)), Count(value(part) * parts));
        void Sum(string name, Func<Need, long> value) => Line(name, need => Bytes(value(need)), Bytes(value(part) * parts));
        void Each(string name, Func<Need, string> value) => Line(name, value, value(part));
        void Line(string name, Func<Need, string> value, string together) =>
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {value(city)} | {value(province)} | {value(country)} | {together} |\n");
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Bytes in the largest unit that leaves a whole number above nine, rounded to it: 12,345,678 is 12 MB.</summary>
    private static string Bytes(long value)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
        int unit = 0;
        for (; value >= 10_000 && unit < units.Length - 1; unit++) value = (value + 500) / 1000;
        return $"{Count(value)} {units[unit]}";
    }
}
