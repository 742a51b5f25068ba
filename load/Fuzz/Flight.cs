using System.Diagnostics;
using System.Globalization;

namespace Settlement.Fuzz;

/// <summary>Which inputs of a target are under way. A line of the log may come a moment after its input has been answered.</summary>
internal sealed class Flight(string target)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly SortedSet<long> underWay = [];
    private readonly Queue<(long Number, long EndedAt)> ended = [];
    private long newest = -1;

    /// <summary>Name of the target.</summary>
    public string Target => target;

    /// <summary>An input is sent.</summary>
    public void Begins(long number)
    {
        lock (gate)
        {
            underWay.Add(number);
            newest = Math.Max(newest, number);
        }
    }

    /// <summary>An input was answered, or given up.</summary>
    public void Ends(long number)
    {
        lock (gate)
        {
            underWay.Remove(number);
            ended.Enqueue((number, Stopwatch.GetTimestamp()));
            Forget();
        }
    }

    /// <summary>The inputs that were under way within the last second, as <c>--only</c> takes them; empty before the first.</summary>
    public string Range()
    {
        lock (gate)
        {
            Forget();
            if (newest < 0) return "";
            long oldest = ended.Select(one => one.Number).Append(underWay.Count > 0 ? underWay.Min : newest).Min();
            return oldest == newest ? $"{newest}" : string.Create(CultureInfo.InvariantCulture, $"{oldest}-{newest}");
        }
    }

    private void Forget()
    {
        while (ended.TryPeek(out (long Number, long EndedAt) first) && Stopwatch.GetElapsedTime(first.EndedAt) > Late) ended.Dequeue();
    }
}
