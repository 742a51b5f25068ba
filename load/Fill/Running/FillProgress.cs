using System.Globalization;

namespace Settlement.Fill.Running;

/// <summary>A bar with rate and time left on standard error: rewritten in place on a terminal, a line now and then elsewhere.</summary>
internal sealed class FillProgress(TextWriter output, bool interactive, TimeProvider time, long all)
{
    private const int Width = 30;
    private readonly long started = time.GetTimestamp();

    /// <summary>Writes until the work is done.</summary>
    public async Task ShowAsync(Func<long> done, Task work)
    {
        TimeSpan pause = TimeSpan.FromSeconds(interactive ? 0.25 : 10);
        while (await Task.WhenAny(work, Task.Delay(pause, time)) != work) Write(Line(done(), time.GetElapsedTime(started)), last: false);
        Write(Line(done(), time.GetElapsedTime(started)), last: true);
        await work;
    }

    /// <summary>What is shown after a time.</summary>
    public string Line(long done, TimeSpan taken)
    {
        int full = (int)(done * Width / all);
        double rate = taken > TimeSpan.Zero ? done / taken.TotalSeconds : 0;
        string left = rate > 0 ? TimeSpan.FromSeconds((all - done) / rate)
            .ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture) : "--:--:--";
        return string.Create(CultureInfo.InvariantCulture,
            $"[{new string('#', full)}{new string('.', Width - full)}] {done * 100.0 / all:F1} %  {done:N0} of {all:N0} entries  {rate:N0}/s  {left} left");
    }

    private void Write(string line, bool last)
    {
        if (interactive) output.Write($"\r{line}   ");
        if (!interactive || last) output.WriteLine(interactive ? "" : line);
    }
}
