using System.Text;
using Settlement.Reconciling;

namespace Settlement.Cli.Importing;

/// <summary>
/// The rows that were not recorded, as CSV in the columns of the input with the reason behind them. It grows by whole rows in the order of
/// the input, so that a run which is killed leaves a file that can be read, corrected and imported. Not thread-safe.
/// </summary>
/// <param name="path">Where; made with the first row.</param>
/// <param name="encoding">As the input.</param>
/// <param name="head">Head of the input.</param>
/// <param name="language">Language of the messages: zh or en.</param>
internal sealed class ErrorFile(string path, Encoding encoding, ImportHead head, string language) : IDisposable
{
    private const int MostInMemory = 64 * 1024;
    private readonly StringWriter rows = new();
    private FileStream? file;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Bytes on disk.</summary>
    public long Length { get; private set; }

    /// <summary>Begins anew: what an earlier run left is removed.</summary>
    public void Begin() => File.Delete(path);

    /// <summary>Goes on behind an interrupted run; what that wrote after its last checkpoint is cut off, for it comes again.</summary>
    /// <param name="length">Bytes at the checkpoint.</param>
    /// <returns>False when the file is not what the checkpoint says.</returns>
    public bool Continue(long length)
    {
        FileInfo info = new(path);
        if ((info.Exists ? info.Length : 0) < length) return false;
        if (length == 0)
        {
            Begin();
            return true;
        }

        file = Open(FileMode.Open);
        file.SetLength(length);
        file.Position = Length = length;
        return true;
    }

    /// <summary>Adds a row.</summary>
    public void Add(int line, string[] cells, RowFault fault)
    {
        string message = Csv.Harmless(fault.Message.In(language));
        Csv.WriteLine(rows, [$"{line}", .. head.Own.Select(at => cells[at]), fault.Code, fault.Field, message]);
        if (rows.GetStringBuilder().Length >= MostInMemory) Flush();
    }

    /// <summary>Writes what was added, and waits for the disk.</summary>
    public void Flush()
    {
        StringBuilder text = rows.GetStringBuilder();
        if (text.Length == 0) return;
        if (file is null)
        {
            file = Open(FileMode.Create);
            using StringWriter first = new();
            string[] columns = ImportHead.ErrorColumns;
            Csv.WriteLine(first, [columns[0], .. head.Own.Select(at => head.Cells[at]), .. columns[1..]]);
            file.Write(encoding.GetPreamble());
            file.Write(encoding.GetBytes(first.ToString()));
        }

        file.Write(encoding.GetBytes(text.ToString()));
        file.Flush(flushToDisk: true);
        Length = file.Length;
        text.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        rows.Dispose();
    }

    // Unbuffered: each write is some whole rows. The rows are of persons: nobody else reads them.
    private FileStream Open(FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.Write, BufferSize = 0 };
        if (mode == FileMode.Create && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
