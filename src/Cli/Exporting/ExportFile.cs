using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Settlement.Reconciling;

namespace Settlement.Cli.Exporting;

/// <summary>
/// A file of rows that is there as a whole or not at all: written beside its place, made durable, and then moved there. Only its owner may
/// read it.
/// </summary>
/// <typeparam name="TRow">The row.</typeparam>
internal sealed class ExportFile<TRow> : IDisposable
{
    private readonly string path;
    private readonly IReadOnlyList<Column<TRow>> columns;
    private readonly bool showsPersons;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> line = new(4096);
    private readonly StringWriter? csv;
    private readonly Utf8JsonWriter? json;
    private bool isWhole;

    /// <summary>Begins the file; what an interrupted export left is written over.</summary>
    /// <param name="path">Where it will be.</param>
    /// <param name="format">How rows are written.</param>
    /// <param name="columns">What is written of a row.</param>
    /// <param name="showsPersons">Whether columns that lead to the person are filled.</param>
    /// <exception cref="CliException">There is a file in its place, or none can be written.</exception>
    public ExportFile(string path, ExportFormat format, IReadOnlyList<Column<TRow>> columns, bool showsPersons)
    {
        if (File.Exists(path)) throw new CliException(ExitCode.Usage, $"--out {path}: there is a file already; an export writes over none");
        this.path = path;
        this.columns = columns;
        this.showsPersons = showsPersons;
        file = Create(path + ".partial");
        Sums = columns.Where(column => column.IsSummed).ToDictionary(column => column.Name, _ => 0L);
        if (format == ExportFormat.JsonLines)
        {
            // Nobody runs it in a page: characters need no more escapes than JSON itself asks for.
            json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            return;
        }

        csv = new StringWriter(CultureInfo.InvariantCulture);
        if (format == ExportFormat.CsvWithMark) Put(Encoding.UTF8.Preamble);
        WriteCsv(columns.Select(column => column.Name));
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes of the file; known when it is whole.</summary>
    public long Bytes { get; private set; }

    /// <summary>SHA-256 of the file in lower-case hexadecimal digits; known when it is whole.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Sums of the amounts, fen.</summary>
    public Dictionary<string, long> Sums { get; }

    /// <summary>Writes a row.</summary>
    public void Write(TRow row)
    {
        Rows++;
        Cell[] cells = [.. columns.Select(column => column.IsPersonal && !showsPersons ? default : column.Get(row))];
        for (int i = 0; i < cells.Length; i++)
        {
            if (columns[i].IsSummed) Sums[columns[i].Name] = checked(Sums[columns[i].Name] + cells[i].Number!.Value);
        }

        if (csv is not null) WriteCsv(cells.Select(TextOf));
        else WriteJson(cells);
    }

    /// <summary>Makes the file durable and moves it into its place.</summary>
    public void Complete()
    {
        file.Flush(flushToDisk: true);
        Bytes = file.Length;
        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        file.Dispose();
        File.Move(file.Name, path, overwrite: false);
        isWhole = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        json?.Dispose();
        csv?.Dispose();
        hash.Dispose();
        file.Dispose();
        if (!isWhole) File.Delete(file.Name);
    }

    /// <summary>A new file that only its owner may read. Unbuffered: to close it writes nothing more.</summary>
    internal static FileStream Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static string TextOf(Cell cell) =>
        cell.Number is { } number ? number.ToString(CultureInfo.InvariantCulture)
        : cell.Text is not { } text ? ""
        : cell.IsForeign ? Csv.Harmless(text)
        : text;

    private void WriteCsv(IEnumerable<string> cells)
    {
        csv!.GetStringBuilder().Clear();
        Csv.WriteLine(csv, cells);
        line.ResetWrittenCount();
        Encoding.UTF8.GetBytes(csv.ToString(), line);
        Put(line.WrittenSpan);
    }

    private void WriteJson(Cell[] cells)
    {
        line.ResetWrittenCount();
        json!.Reset(line);
        json.WriteStartObject();
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i].Number is { } number) json.WriteNumber(columns[i].Name, number);
            else json.WriteString(columns[i].Name, cells[i].Text); // a null text is JSON's null
        }

        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        Put(line.WrittenSpan);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        file.Write(bytes);
    }
}

/// <summary>How rows are written.</summary>
internal enum ExportFormat
{
    /// <summary>Comma-separated values, UTF-8.</summary>
    Csv,

    /// <summary>The same with a byte order mark, by which spreadsheets know UTF-8.</summary>
    CsvWithMark,

    /// <summary>An object of JSON in each line.</summary>
    JsonLines,
}
