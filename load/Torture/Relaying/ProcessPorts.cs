using System.Globalization;

namespace Settlement.Torture.Relaying;

/// <summary>Which connections a process made, as the kernel tells it.</summary>
internal static class ProcessPorts
{
    private const string Socket = "socket:[";

    // Columns of /proc/net/tcp: number, local address:port, remote address:port, ..., inode tenth.
    private const int Local = 1;
    private const int Remote = 2;
    private const int Inode = 9;

    /// <summary>Own ports of the process's connections to a port; none of a process that is gone.</summary>
    public static HashSet<int> To(int port, int process)
    {
        HashSet<string> inodes = Sockets(process);
        HashSet<int> own = [];
        if (inodes.Count == 0) return own;
        foreach (string table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(table)) continue;
            foreach (string line in File.ReadLines(table).Skip(1))
            {
                string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (PortOf(columns[Remote]) == port && inodes.Contains(columns[Inode])) own.Add(PortOf(columns[Local]));
            }
        }

        return own;
    }

    private static HashSet<string> Sockets(int process)
    {
        HashSet<string> inodes = [];
        try
        {
            foreach (FileInfo open in new DirectoryInfo($"/proc/{process}/fd").EnumerateFiles())
            {
                if (open.LinkTarget is { } target && target.StartsWith(Socket, StringComparison.Ordinal))
                    inodes.Add(target[Socket.Length..^1]);
            }
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // The process ended while it was looked at, and its connections with it.
        }

        return inodes;
    }

    private static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
