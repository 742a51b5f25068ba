using System.Diagnostics;

namespace Settlement.Scenarios.Serving;

/// <summary>Looks every few seconds at what a server process of this machine takes.</summary>
internal sealed class ServerWatch : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly int processId;
    private readonly TimeProvider time;
    private readonly Action<double, double> seen;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private (long At, TimeSpan Used) last;

    /// <summary>Begins to look, with a first look now.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seen">Takes memory in megabytes, and how many processors were in use since the last look.</param>
    public ServerWatch(int processId, TimeProvider time, Action<double, double> seen)
    {
        this.processId = processId;
        this.time = time;
        this.seen = seen;
        last = (time.GetTimestamp(), TimeSpan.Zero);
        Look(first: true);
        timer = time.CreateTimer(_ => Look(first: false), null, Between, Between);
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Look(bool first)
    {
        lock (gate)
        {
            using Process? process = Find();
            if (process is null) return; // it has ended: every call tells so louder than this could
            (long now, TimeSpan used) = (time.GetTimestamp(), process.TotalProcessorTime);
            double inUse = first ? 0 : (used - last.Used) / time.GetElapsedTime(last.At, now);
            last = (now, used);
            seen(process.WorkingSet64 / (double)(1 << 20), inUse);
        }
    }

    private Process? Find()
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
