using System.Security.Cryptography;
using System.Text;
using Settlement.Reconciling;

namespace Settlement.Cli.Importing;

/// <summary>An import file on disk. It is read row by row, never held as a whole.</summary>
internal sealed class ImportFile
{
    /// <summary>Faults of the file that are told at once.</summary>
    private const int MostFaults = 10;

    /// <summary>What bytes become that are no text in the file's encoding.</summary>
    private const char NoText = '\uFFFD';

    private readonly string path;

    private ImportFile(string path, Encoding encoding) => (this.path, Encoding) = (path, encoding);

    /// <summary>How the file is written; a mark in front of it has precedence.</summary>
    public Encoding Encoding { get; }

    /// <summary>SHA-256 of the file's bytes.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Rows below the head.</summary>
    public long Count { get; private set; }

    /// <summary>The file's head.</summary>
    public ImportHead Head { get; private set; } = null!;

    /// <summary>An encoding by the name that the command line takes.</summary>
    public static Encoding EncodingOf(string name)
    {
        if (name != "gb18030") return new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);
        DecoderReplacementFallback fallback = new($"{NoText}");
        return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, fallback)!;
    }

    /// <summary>Reads the whole file once, so that one which cannot be read to its end is refused before anything of it is sent.</summary>
    /// <exception cref="CliException">It cannot be read, or is no such file; names lines and columns.</exception>
    public static ImportFile Scan(string path, Encoding encoding, ImportKind kind, bool hasRegion)
    {
        ImportFile file = new(path, encoding);
        try
        {
            using (FileStream bytes = File.OpenRead(path)) file.Hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            file.Scan(kind, hasRegion);
            return file;
        }
        catch (FormatException error)
        {
            throw new CliException(ExitCode.Usage, $"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The rows below the head, each with the number of its first line.</summary>
    /// <exception cref="FormatException">The file was changed since it was scanned.</exception>
    public IEnumerable<(int Line, string[] Cells)> Rows() => Records().Skip(1).Select(record => record.Cells.Length == Head.Cells.Length
        ? record
        : throw new FormatException($"line {record.Line}: the file was changed while it was imported"));

    private IEnumerable<(int Line, string[] Cells)> Records()
    {
        using StreamReader reader = new(path, Encoding, detectEncodingFromByteOrderMarks: true);
        foreach ((int, string[]) record in Csv.Read(reader)) yield return record;
    }

    private void Scan(ImportKind kind, bool hasRegion)
    {
        List<string> faults = [];
        try
        {
            foreach ((int line, string[] cells) in Records())
            {
                if (Array.Exists(cells, cell => cell.Contains(NoText)))
                    faults.Add($"line {line}: bytes that are not {Encoding.WebName}{Hint}");
                else if (Head is null)
                    Head = ImportHead.Read(kind, cells, hasRegion);
                else if (cells.Length != Head.Cells.Length)
                    faults.Add($"line {line}: {cells.Length} cells under a head of {Head.Cells.Length}");
                else
                    Count++;
                if (Head is null || faults.Count == MostFaults) break;
            }
        }
        catch (FormatException error) when (faults.Count > 0)
        {
            faults.Add(error.Message);
        }

        if (faults.Count > 0) throw new FormatException(string.Join("\n  ", faults));
        if (Head is null) throw new FormatException("the file is empty; the first line names the columns");
    }

    private string Hint => Encoding is UTF8Encoding ? "; a file in GB18030 or GBK is read with --encoding gb18030" : "";
}
