using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Settlement.Persons;

namespace Settlement.Gateway.Reads;

/// <summary>
/// The files of the trail: a line of JSON for each read, appended and never changed. A process writes files of its own, so that several may
/// share a folder. A new day, or a full file, begins the next.
/// </summary>
internal sealed class ReadTrailFile(string folder, long maxBytes) : IDisposable
{
    private readonly List<ReadRecord> waiting = [];
    private readonly ArrayBufferWriter<byte> lines = new(4096);
    private FileStream? current;
    private PersonHash? hash;
    private DateOnly day;
    private int number;

    /// <summary>Reads that were added and are not written.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Adds a read to those that are written next.</summary>
    public void Add(in ReadRecord record) => waiting.Add(record);

    /// <summary>
    /// Appends what waits. After a failure all of it goes into a new file: a line may then stand in the trail twice, and none is missing.
    /// </summary>
    /// <exception cref="IOException">It cannot be written now.</exception>
    public void Write()
    {
        if (waiting.Count == 0) return;
        hash ??= PersonHash.Open(folder);
        lines.Clear();
        foreach (ReadRecord record in waiting) Append(record, hash);
        DateOnly today = DateOnly.FromDateTime(waiting[0].At.UtcDateTime);
        if (current is null || today != day || current.Length >= maxBytes) Begin(today);
        try
        {
            current!.Write(lines.WrittenSpan);
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }

        waiting.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        current?.Dispose();
        current = null;
    }

    private void Append(in ReadRecord record, PersonHash keyed)
    {
        using (Utf8JsonWriter json = new(lines))
        {
            json.WriteStartObject();
            json.WriteString("at", record.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("operation", record.Operation);
            json.WriteString("holder", record.Caller.Holder);
            json.WriteString("key", record.Caller.KeyId);
            if (record.Person.Length > 0)
            {
                json.WriteString("person", PersonId.Mask(record.Person));
                json.WriteString("personHash", keyed.Of(record.Person));
            }

            if (record.Subject.Length > 0) json.WriteString("subject", record.Subject);
            json.WriteEndObject();
        }

        lines.Write("\n"u8);
    }

    private void Begin(DateOnly today)
    {
        Dispose();
        // Unbuffered: a line that was handed over is with the operating system.
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        while (current is null)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"reads-{today:yyyyMMdd}-{Environment.ProcessId}-{++number}.jsonl");
            string path = Path.Combine(folder, name);
            // A process of an earlier day, or another host in this process, may have had our name.
            if (!File.Exists(path)) current = new FileStream(path, options);
        }

        day = today;
    }
}
