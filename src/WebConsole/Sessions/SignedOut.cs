using System.Collections.Concurrent;

namespace Settlement.WebConsole.Sessions;

/// <summary>
/// Sessions that were signed out before their time. Their cookie was taken from the browser, and a copy of it that somebody kept is refused
/// here until it would have ended anyway. Known to the process that signed it out.
/// </summary>
internal sealed class SignedOut(ConsoleOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> until = new();

    /// <summary>Ends a session.</summary>
    public void Add(string session)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string old, DateTimeOffset end) in until)
        {
            if (end < now) until.TryRemove(old, out _);
        }

        until[session] = now + options.SessionLength;
    }

    /// <summary>Whether a session was ended.</summary>
    public bool Has(string session) => until.ContainsKey(session);
}
