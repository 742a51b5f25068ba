using System.Runtime.InteropServices;

namespace Settlement.Ledger.Sqlite;

/// <summary>
/// Asks the system whether a file may be written, without opening it: closing a file drops every lock that the process holds on it, and
/// SQLite's are among them.
/// </summary>
internal static partial class FileWriteAccess
{
    private const int WriteAllowed = 2;

    /// <summary>Why the file cannot be written; null when it can.</summary>
    public static string? WhyNotWritable(string file)
    {
        if (!File.Exists(file)) return "it is not there";
        if (OperatingSystem.IsWindows()) return File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly) ? "it is read-only" : null;
        return Access(file, WriteAllowed) == 0 ? null : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string file, int mode);
}
