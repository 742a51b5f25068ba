namespace Settlement.Cli.Text;

/// <summary>Progress on standard error: a line that rewrites itself on a terminal, every tenth part elsewhere.</summary>
internal sealed class Progress(CliHost host)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private long lastWritten;
    private long lastTenth;
    private bool open;

    /// <summary>Says how far it is.</summary>
    public void Report(string what, long done, long all)
    {
        lock (gate)
        {
            if (host.Interactive)
            {
                if (done < all && open && host.Clock.GetElapsedTime(lastWritten) < Pause) return;
                lastWritten = host.Clock.GetTimestamp();
                host.Error.Write($"\r{Show.Count(done)} of {Show.Count(all)} {what}   ");
                open = true;
                return;
            }

            long tenth = all == 0 ? 10 : done * 10 / all;
            if (tenth <= lastTenth) return;
            lastTenth = tenth;
            host.Error.WriteLine($"{Show.Count(done)} of {Show.Count(all)} {what}");
        }
    }

    /// <summary>Ends the line; the next report begins anew.</summary>
    public void End()
    {
        lock (gate)
        {
            if (open) host.Error.WriteLine();
            open = false;
            lastTenth = 0;
        }
    }
}
