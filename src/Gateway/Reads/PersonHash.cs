using System.Security.Cryptography;
using System.Text;

namespace Settlement.Gateway.Reads;

/// <summary>
/// A keyed hash of a person id: whoever has the key can find the reads of one person, nobody can find the persons of the reads. Without a
/// key that would be a matter of minutes: there are few enough identity numbers to try them all.
/// </summary>
public sealed class PersonHash
{
    private const int KeyBytes = 32;
    private const int ShownBytes = 12;

    private readonly byte[] key;

    private PersonHash(byte[] key) => this.key = key;

    /// <summary>Opens the key of a folder, and makes it when there is none. Only its owner may read it.</summary>
    /// <exception cref="InvalidDataException">The file is no key.</exception>
    public static PersonHash Open(string folder)
    {
        string file = Path.Combine(folder, "hash.key");
        System.IO.Directory.CreateDirectory(folder);
        try
        {
            FileStreamOptions fresh = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) fresh.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using FileStream stream = new(file + "." + Environment.ProcessId, fresh);
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            stream.Dispose();
            // Several silos may begin at once in one folder: the first to move its key there has made the key of all.
            File.Move(stream.Name, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(file + "." + Environment.ProcessId);
        }

        string text = File.ReadAllText(file).Trim();
        return text.Length == 2 * KeyBytes && text.All(char.IsAsciiHexDigitLower)
            ? new PersonHash(Convert.FromHexString(text))
            : throw new InvalidDataException($"{file}: expected {2 * KeyBytes} hexadecimal digits");
    }

    /// <summary>The hash of a person, 24 hexadecimal digits.</summary>
    public string Of(string person) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(person)).AsSpan(0, ShownBytes));
}
