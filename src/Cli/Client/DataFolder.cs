using Settlement.Identity;

namespace Settlement.Cli.Client;

/// <summary>The folder in which <c>up</c> keeps ledger and keys.</summary>
internal sealed class DataFolder(string path)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The SQLite ledger.</summary>
    public string LedgerFile => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>The keys in force, hashed.</summary>
    public string KeyFile => System.IO.Path.Combine(Path, "keys.json");

    /// <summary>Folder of the keys by which several silos know each other's console sessions.</summary>
    public string ConsoleKeys => System.IO.Path.Combine(Path, "console-keys");

    /// <summary>Text of the agency key that <c>up</c> made, readable by its owner only.</summary>
    public string AgencyKeyFile => System.IO.Path.Combine(Path, "agency.key");

    /// <summary>The folder that an option names, or <c>data</c> of the checkout.</summary>
    public static DataFolder Of(string? option, CliHost host) => new(option ?? System.IO.Path.Combine(host.Root, "data"));

    /// <summary>The agency key of this folder, or null when there is none.</summary>
    public string? ReadAgencyKey() => File.Exists(AgencyKeyFile) ? File.ReadAllText(AgencyKeyFile).Trim() : null;

    /// <summary>
    /// Makes an agency key when <paramref name="keyFile"/> holds no key at all, and leaves its text in <see cref="AgencyKeyFile"/>.
    /// </summary>
    /// <returns>True when a key was made.</returns>
    public bool EnsureAgencyKey(string keyFile, DateTimeOffset now)
    {
        KeyFile keys = Identity.KeyFile.Read(keyFile);
        if (keys.Keys.Count > 0) return false;
        (string text, KeyFile withKey) = keys.Add(Role.Agency, null, now);
        WriteSecret(AgencyKeyFile, text);
        withKey.Write(keyFile);
        return true;
    }

    private static void WriteSecret(string file, string text)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.Delete(file);
        using StreamWriter writer = new(new FileStream(file, options));
        writer.Write(text + "\n");
    }
}
