using System.Text.Encodings.Web;
using System.Text.Json;

namespace Settlement.Cli.Exporting;

/// <summary>
/// What the receiver checks a file by. It is written when the file is whole, so a file without one is not. Amounts in fen.
/// </summary>
internal sealed record ExportManifest
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Version of columns and manifest.</summary>
    public string Format { get; init; } = "settlement.export/1";

    /// <summary>ledger or statements.</summary>
    public required string Content { get; init; }

    /// <summary>Name of the file.</summary>
    public required string File { get; init; }

    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its SHA-256, lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its rows, the head of a CSV file not counted.</summary>
    public required long Rows { get; init; }

    /// <summary>Position of the first row; null without rows.</summary>
    public required long? FirstPosition { get; init; }

    /// <summary>Position of the last row; null without rows.</summary>
    public required long? LastPosition { get; init; }

    /// <summary>Everything up to this position was read: the next export begins behind it. Null of an export of days.</summary>
    public required long? ReadTo { get; init; }

    /// <summary>What was asked for.</summary>
    public required Asked Selection { get; init; }

    /// <summary>Of an export of days: whether the last of them was over.</summary>
    public required bool? Complete { get; init; }

    /// <summary>How persons stand in the file: plain, masked, hmac-sha-256.</summary>
    public required string Persons { get; init; }

    /// <summary>Names of the columns in their order.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Sum of each amount.</summary>
    public required IReadOnlyDictionary<string, long> Sums { get; init; }

    /// <summary>When it was made, by China's clock.</summary>
    public required string ExportedAt { get; init; }

    /// <summary>Writes the manifest beside a file, as a whole or not at all.</summary>
    public void WriteBeside(string path)
    {
        string manifest = PathOf(path);
        using (FileStream stream = ExportFile<object>.Create(manifest + ".partial"))
        {
            JsonSerializer.Serialize(stream, this, Indented);
            stream.Write("\n"u8);
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(manifest + ".partial", manifest, overwrite: true);
    }

    /// <summary>Where the manifest of a file is.</summary>
    public static string PathOf(string path) => path + ".manifest.json";

    /// <summary>What an export was asked for; null: no such condition.</summary>
    /// <param name="After">Position behind which it begins.</param>
    /// <param name="From">First day.</param>
    /// <param name="To">Last day.</param>
    /// <param name="Region">Region.</param>
    /// <param name="Facility">Facility.</param>
    /// <param name="Year">Benefit year.</param>
    internal sealed record Asked(long? After, string? From, string? To, string? Region, string? Facility, int? Year);
}
