using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Settlement.Torture.History;

/// <summary>
/// The clients' history: one line of JSON for each attempt when it has returned, and for each fault when it has ended. Only ever added to.
/// One monotonic clock, that of this process, stamps all of it. Safe for concurrent use.
/// </summary>
internal sealed class HistoryFile : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lock gate = new();
    private readonly StreamWriter writer;
    private readonly long begin = Stopwatch.GetTimestamp();
    private long acknowledged;
    private long unknown;

    /// <summary>Creates the file; one that is there already is replaced.</summary>
    public HistoryFile(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        writer = new StreamWriter(path);
    }

    /// <summary>Microseconds since the begin of the run.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(begin).TotalMicroseconds;

    /// <summary>Changes acknowledged so far.</summary>
    public long Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Attempts so far that ended without an answer.</summary>
    public long Unknown => Volatile.Read(ref unknown);

    public void Add(Attempt attempt)
    {
        if (attempt.Outcome == Outcome.Indeterminate) Interlocked.Increment(ref unknown);
        else if (attempt.Outcome == Outcome.Acknowledged && attempt.IsChange) Interlocked.Increment(ref acknowledged);
        Write(new Line(attempt, null));
    }

    public void Add(Struck fault) => Write(new Line(null, fault));

    /// <summary>Reads a history.</summary>
    /// <exception cref="InvalidDataException">A line is no line of a history.</exception>
    public static (List<Attempt> Attempts, List<Struck> Faults) Read(string path)
    {
        List<Attempt> attempts = [];
        List<Struck> faults = [];
        foreach (string text in File.ReadLines(path))
        {
            Line line = JsonSerializer.Deserialize<Line>(text, Json)
                ?? throw new InvalidDataException($"{path}: '{text}' is no line of a history.");
            if (line.Attempt is { } attempt) attempts.Add(attempt);
            if (line.Fault is { } fault) faults.Add(fault);
        }

        return (attempts, faults);
    }

    /// <summary>Writes out what is held in memory.</summary>
    public void Flush()
    {
        lock (gate) writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();

    private void Write(Line line)
    {
        string text = JsonSerializer.Serialize(line, Json);
        lock (gate) writer.WriteLine(text);
    }

    private sealed record Line(Attempt? Attempt, Struck? Fault);
}
