using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Settlement.Http2;

namespace Settlement.Bench.Subjects;

/// <summary>
/// What the disk alone makes an open loop wait: a file is written and synchronised about as PostgreSQL's log is at half load, and nothing
/// else is done. What was due while the disk stood still counts from when it was due.
/// </summary>
internal sealed class DiskAlone : IDisposable
{
    private const int WritesPerSecond = 400;
    private const int WriteBytes = 44 << 10;
    private const int Writes = 1500;

    private readonly SafeFileHandle file;
    private readonly byte[] content = new byte[WriteBytes];
    private long written;

    /// <summary>Makes the file, with all its blocks: PostgreSQL writes into files of before, too.</summary>
    /// <param name="folder">Where; it should be on the disk of what it is compared with.</param>
    /// <param name="seed">Of what is written.</param>
    public DiskAlone(string folder, int seed)
    {
        new Random(seed).NextBytes(content);
        file = File.OpenHandle(Path.Combine(folder, "disk-alone"), FileMode.CreateNew, FileAccess.ReadWrite);
        for (int i = 0; i < Writes; i++) Write();
        Synchronise();
    }

    /// <summary>Writes at that rate until the time is over.</summary>
    public LoadResult Run(TimeSpan span)
    {
        LoadResult result = new();
        long begin = Stopwatch.GetTimestamp();
        for (TimeSpan due = default; due < span; due += TimeSpan.FromSeconds(1) / WritesPerSecond)
        {
            TimeSpan early = due - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.Zero) Thread.Sleep(early);
            // A sleep is of whole milliseconds, so this may come before it is due.
            TimeSpan now = Stopwatch.GetElapsedTime(begin);
            TimeSpan from = now < due ? now : due;
            Write();
            Synchronise();
            result.Latency.Record((long)(Stopwatch.GetElapsedTime(begin) - from).TotalNanoseconds);
        }

        result.Duration = Stopwatch.GetElapsedTime(begin);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Write() => RandomAccess.Write(file, content, written++ % Writes * WriteBytes);

    // As PostgreSQL does it (wal_sync_method). FlushToDisk would also wait for the time of the last change.
    private void Synchronise()
    {
        if (FdataSync(file) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FdataSync(SafeFileHandle file);
}
