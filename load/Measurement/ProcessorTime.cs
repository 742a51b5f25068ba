using System.Globalization;

namespace Settlement.Measurement;

/// <summary>Processor time of a process with all its descendants, living or ended, from Linux' <c>/proc</c>.</summary>
public static class ProcessorTime
{
    // USER_HZ, in which /proc tells times, is 100 on every Linux there is.
    private const long MicrosecondsPerTick = 10_000;
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;
    private const int MostNameLength = 15;

    /// <summary>Time on a processor, user and system, in microseconds and steps of 10,000, since the process began.</summary>
    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static long OfTree(int root)
    {
        Dictionary<int, (int Parent, long Ticks)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Read(id) is { } stat)
                all[id] = stat;
        }

        if (!all.ContainsKey(root)) throw new InvalidOperationException($"There is no process {root}.");
        ILookup<int, int> children = all.ToLookup(entry => entry.Value.Parent, entry => entry.Key);
        long ticks = 0;
        Stack<int> open = new([root]);
        while (open.TryPop(out int id))
        {
            ticks += all[id].Ticks;
            foreach (int child in children[id]) open.Push(child);
        }

        return ticks * MicrosecondsPerTick;
    }

    /// <summary>
    /// Time on a processor, user and system, in microseconds and steps of 10,000, of the living threads of one name of a process.
    /// </summary>
    /// <param name="process">Its id.</param>
    /// <param name="name">The name, of which Linux keeps 15 characters.</param>
    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static long OfThreads(int process, string name)
    {
        string folder = $"/proc/{process}/task";
        if (!Directory.Exists(folder)) throw new InvalidOperationException($"There is no process {process}.");
        string kept = $"({(name.Length > MostNameLength ? name[..MostNameLength] : name)})";
        return Directory.EnumerateDirectories(folder)
            .Select(static thread => ReadStat($"{thread}/stat"))
            .Where(stat => stat is not null && stat.Contains(kept, StringComparison.Ordinal))
            .Sum(static stat => Parse(stat!).Ticks) * MicrosecondsPerTick;
    }

    /// <summary>The parent of a process.</summary>
    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static int ParentOf(int id) => (Read(id) ?? throw new InvalidOperationException($"There is no process {id}.")).Parent;

    /// <summary>Parent and times (own and of waited-for children, user and system) of one <c>/proc/ID/stat</c>.</summary>
    public static (int Parent, long Ticks) Parse(string stat)
    {
        // The name, in brackets, may hold blanks and brackets: all else comes after the last one.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = fields.Skip(FirstTimeField).Take(TimeFields).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return (int.Parse(fields[ParentField], CultureInfo.InvariantCulture), ticks);
    }

    private static (int Parent, long Ticks)? Read(int id) => ReadStat($"/proc/{id}/stat") is { } stat ? Parse(stat) : null;

    private static string? ReadStat(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null; // It ended while we looked.
        }
    }
}
