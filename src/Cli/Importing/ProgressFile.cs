using System.Text.Json;

namespace Settlement.Cli.Importing;

/// <summary>What one import is, so that another is not taken for its continuation.</summary>
/// <param name="Kind">Kind of the rows.</param>
/// <param name="Input">SHA-256 of the input file.</param>
/// <param name="Encoding">How it is read, and the error file written.</param>
/// <param name="Region">Region of rows that name none.</param>
/// <param name="Server">Address of the server.</param>
/// <param name="Errors">The error file.</param>
internal sealed record ImportIdentity(string Kind, string Input, string Encoding, string Region, string Server, string Errors);

/// <summary>How rows ended.</summary>
/// <param name="Recorded">Recorded.</param>
/// <param name="AlreadyThere">Recorded by an earlier request.</param>
/// <param name="Refused">Refused, here or by the server: in the error file.</param>
/// <param name="Unknown">Sent, and nobody knows whether they were recorded: in the error file.</param>
internal readonly record struct ImportCounts(long Recorded, long AlreadyThere, long Refused, long Unknown)
{
    /// <summary>All rows that have an end.</summary>
    public long Rows => Recorded + AlreadyThere + Refused + Unknown;
}

/// <summary>How far an import is: all rows up to a line have an end, and those that were not recorded are in the error file.</summary>
/// <param name="Of">Which import.</param>
/// <param name="Line">Line of the last of them.</param>
/// <param name="Counts">How they ended.</param>
/// <param name="ErrorBytes">Length of the error file.</param>
internal sealed record Checkpoint(ImportIdentity Of, int Line, ImportCounts Counts, long ErrorBytes);

/// <summary>The small file beside the input by which an interrupted import goes on.</summary>
internal sealed class ProgressFile(string path)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The checkpoint of an interrupted import, or null when there is none that can be read.</summary>
    public Checkpoint? Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Checkpoint>(File.ReadAllBytes(path), Format) : null;
        }
        catch (JsonException)
        {
            return null; // without it the import begins anew, and records nothing twice
        }
    }

    /// <summary>Replaces the checkpoint: whoever reads sees the old one or the new one.</summary>
    public void Write(Checkpoint checkpoint)
    {
        string next = path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(checkpoint, Format));
        File.Move(next, path, overwrite: true);
    }

    /// <summary>The import is done.</summary>
    public void Delete() => File.Delete(path);
}
