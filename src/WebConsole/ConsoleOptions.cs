namespace Settlement.WebConsole;

/// <summary>Options of the web console, section <c>Console</c>.</summary>
public sealed class ConsoleOptions
{
    /// <summary>Whether the console is served at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>After how long without a request a session ends.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>After how long a session ends in any case.</summary>
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromHours(8);

    /// <summary>
    /// Whether cookies are for HTTPS only also where the request itself came without TLS: set it behind a proxy that ends TLS. A request
    /// over TLS always gets such cookies.
    /// </summary>
    public bool SecureCookies { get; set; }

    /// <summary>
    /// Folder of the keys that protect cookies and links, shared by gateways that serve the same sessions. Empty: in memory, so that
    /// sessions end with the process.
    /// </summary>
    public string KeyRing { get; set; } = "";

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    public void Validate()
    {
        if (IdleTimeout < TimeSpan.FromMinutes(1))
            throw new InvalidOperationException($"Console:IdleTimeout is {IdleTimeout}: it must be at least one minute.");
        if (SessionLength < IdleTimeout)
            throw new InvalidOperationException(
                $"Console:SessionLength is {SessionLength}: it must not be shorter than Console:IdleTimeout, {IdleTimeout}.");
    }
}
