namespace Settlement.Simulate;

/// <summary>What happened, line by line, for whoever reads a failing run. Off in all other runs, where a line costs nothing.</summary>
internal sealed class Journal(EventLoop loop, TextWriter? output)
{
    public bool IsOn => output is not null;

    public void Write(string line) =>
        output?.WriteLine(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{loop.Now / Ticks.Microsecond,12:N0} us  {line}"));
}
