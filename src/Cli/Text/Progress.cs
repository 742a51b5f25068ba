namespace Settlement.Cli.Text;

/// <summary>Progress on standard error: a line that rewrites itself on a terminal, now and then a line elsewhere.</summary>
internal sealed class Progress(CliHost host)
{
    private const long LineEach = 100_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private long lastWritten;
    private long lastPart;
    private int width;
    private bool open;

    /// <summary>Says how far it is on the way to a known end: elsewhere than on a terminal, every tenth part.</summary>
    public void Report(string what, long done, long all) =>
        Write($"{Show.Count(done)} of {Show.Count(all)} {what}", all == 0 ? 10 : done * 10 / all, isLast: done == all);

    /// <summary>Says how far it is when the end is not known.</summary>
    public void Report(string what, long done)
    {
        if (!host.Interactive && done / LineEach <= lastPart) return;
        Write($"{Show.Count(done)} {what}", done / LineEach, isLast: false);
    }

    /// <summary>Says something of one's own: elsewhere than on a terminal, so often and no oftener.</summary>
    public void Report(string text, TimeSpan each)
    {
        if (!host.Interactive && host.Clock.GetElapsedTime(lastWritten) < each) return;
        if (!host.Interactive) lastWritten = host.Clock.GetTimestamp();
        Write(text, lastPart + 1, isLast: false);
    }

    /// <summary>Ends the line; the next report begins anew.</summary>
    public void End()
    {
        lock (gate)
        {
            if (open) host.Error.WriteLine();
            open = false;
            lastPart = 0;
            width = 0;
        }
    }

    private void Write(string text, long part, bool isLast)
    {
        lock (gate)
        {
            if (host.Interactive)
            {
                if (!isLast && open && host.Clock.GetElapsedTime(lastWritten) < Pause) return;
                lastWritten = host.Clock.GetTimestamp();
                host.Error.Write($"\r{text.PadRight(width)}");
                width = text.Length;
                open = true;
            }
            else if (part > lastPart)
            {
                lastPart = part;
                host.Error.WriteLine(text);
            }
        }
    }
}
