using System.Globalization;

namespace Settlement.Torture.Relaying;

/// <summary>
/// The fault proxy as a process, so that it can be killed like any other: <c>relay LISTEN:TARGET...</c>. It obeys lines of its input,
/// <c>NUMBER WORD</c>, answers each with a line, and ends with its input.
/// </summary>
internal static class RelayProgram
{
    /// <summary>The word on the command line.</summary>
    public const string Name = "relay";

    public static int Run(string[] pairs)
    {
        RelayLink[] links = [.. pairs.Select(static pair => pair.Split(':'))
            .Select(static ports => new RelayLink(Port(ports[0]), Port(ports[1])))];
        foreach (RelayLink link in links) _ = link.RunAsync().ContinueWith(End, TaskScheduler.Default);
        Console.Out.WriteLine("ready");
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', 2);
            links[Port(words[0])].Obey(words[1]);
            Console.Out.WriteLine("done");
        }

        return 0;
    }

    // A link that no longer takes connections must not look like a fault of the run: who started the proxy hears of its end.
    private static void End(Task link)
    {
        Console.Error.WriteLine(link.Exception);
        Environment.Exit(1);
    }

    private static int Port(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
