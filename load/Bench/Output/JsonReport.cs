using System.Text.Encodings.Web;
using System.Text.Json;

namespace Settlement.Bench.Output;

/// <summary>The figures of every round as JSON, for whoever compares runs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the file.</summary>
    public static void Write(string path, BenchOptions options, string database, DateTimeOffset at, IReadOnlyList<Figures> figures)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(
            file,
            new
            {
                At = at,
                Processors = Environment.ProcessorCount,
                Runtime = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
                Database = database,
                options.InFlight,
                options.Connections,
                options.Persons,
                options.Rounds,
                options.Seconds,
                options.WarmSeconds,
                options.Pool,
                options.Scale,
                options.Seed,
                Figures = figures,
            },
            Style);
    }
}
