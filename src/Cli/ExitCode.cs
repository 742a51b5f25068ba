namespace Settlement.Cli;

/// <summary>What a command's exit code means. The same for every command, and printed by every <c>--help</c>.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The server refused, a case does not match, or the audit found a violation.</summary>
    public const int Refused = 1;

    /// <summary>The command line or an input file cannot be read.</summary>
    public const int Usage = 2;

    /// <summary>Something outside is missing: server, ledger, key, stack.</summary>
    public const int Environment = 3;

    /// <summary>The request may or may not have been settled.</summary>
    public const int Unknown = 4;

    /// <summary>The paragraph of the help.</summary>
    public const string Help = """
        Exit codes:
          0  done
          1  refused by the server, a case that does not match, or a violation found by the audit
          2  the command line or an input file cannot be read
          3  something outside is missing: server not reachable, no key, no ledger, no stack
          4  unknown outcome: the request may have been settled; ask get-by-request, or repeat it unchanged
        """;
}

/// <summary>Ends a command with a message for the user and an exit code.</summary>
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
