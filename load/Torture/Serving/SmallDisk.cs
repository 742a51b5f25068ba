using System.Diagnostics;
using System.Globalization;

namespace Settlement.Torture.Serving;

/// <summary>
/// A file system of its own for the ledger: an ext4 image behind a loop device, so that its disk can be full, stand still or be slow while
/// everything else goes on. Only who may mount can have one. It goes when this process does, however that ends.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    // $1: the folder. The shell cleans up when its input ends, which this process alone holds. A frozen file system could not be unmounted.
    private const string Watch = """
        set -e
        cd "$1"
        truncate -s 6G image
        mkfs.ext4 -q -F image
        mkdir disk
        mount -o loop image disk
        chmod 755 . disk
        echo ready
        trap '' INT TERM
        read _ || true
        fsfreeze -u disk 2>/dev/null || true
        cd /
        umount -l "$1/disk"
        rm -rf "$1"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process watch;
    private readonly string disk;

    private SmallDisk(Process watch, string disk) => (this.watch, this.disk) = (watch, disk);

    /// <summary>Makes one. Without the right or the tools for it there is none, and the reason is given.</summary>
    public static async Task<(SmallDisk? Disk, string? Lacking)> TryCreateAsync()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-disk-").FullName;
        Process watch = Process.Start(new ProcessStartInfo("sh", ["-c", Watch, "sh", folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = watch.StandardError.ReadToEndAsync();
        if (await watch.StandardOutput.ReadLineAsync() == "ready") return (new SmallDisk(watch, Path.Combine(folder, "disk")), null);
        await watch.WaitForExitAsync();
        watch.Dispose();
        Directory.Delete(folder, recursive: true);
        return (null, (await errors).Trim());
    }

    /// <summary>Makes an empty folder on it.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(disk, name)).FullName;

    /// <summary>Takes all room that is left.</summary>
    public async Task FillAsync()
    {
        for (long piece = 1L << 30; piece >= 4096; piece /= 2)
        {
            while (new DriveInfo(disk).TotalFreeSpace >= piece)
            {
                string name = Path.Combine(disk, $"ballast-{Guid.NewGuid():N}");
                if (await RunAsync("fallocate", "-l", piece.ToString(CultureInfo.InvariantCulture), name) != 0) break;
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty()
    {
        foreach (string ballast in Directory.EnumerateFiles(disk, "ballast-*")) File.Delete(ballast);
    }

    /// <summary>Every write waits until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => RunAsync("fsfreeze", "-f", disk);

    /// <summary>Writes go on.</summary>
    public Task ThawAsync() => RunAsync("fsfreeze", "-u", disk);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        watch.StandardInput.Close();
        await watch.WaitForExitAsync().WaitAsync(Patience);
        watch.Dispose();
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync().WaitAsync(Patience);
        return run.ExitCode;
    }
}
