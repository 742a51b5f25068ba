using System.Security.Cryptography;
using System.Text;
using Settlement.Persons;

namespace Settlement.Cli.Exporting;

/// <summary>How persons stand in an export.</summary>
internal abstract class ShownPersons
{
    /// <summary>Least length of a pseudonym key, in bytes: as long as the hash, or the hash could be guessed by way of its key.</summary>
    private const int LeastKeyBytes = 32;

    /// <summary>In full.</summary>
    public static ShownPersons Plain { get; } = new PlainPersons();

    /// <summary>By the last two characters.</summary>
    public static ShownPersons Masked { get; } = new MaskedPersons();

    /// <summary>What the manifest calls it.</summary>
    public abstract string Word { get; }

    /// <summary>Whether columns that lead to the person are shown.</summary>
    public bool AreShown => this is PlainPersons;

    /// <summary>A person as written.</summary>
    public abstract string Of(string person);

    /// <summary>By HMAC-SHA-256 under the key of a file, whose bytes count as they are.</summary>
    /// <exception cref="CliException">The file cannot be read, or is too short.</exception>
    public static ShownPersons Pseudonyms(string keyFile)
    {
        try
        {
            byte[] key = File.ReadAllBytes(keyFile);
            return key.Length >= LeastKeyBytes
                ? new HashedPersons(key)
                : throw new CliException(
                    ExitCode.Usage, $"--pseudonym-key {keyFile}: has {key.Length} bytes; expected at least {LeastKeyBytes} random ones");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"--pseudonym-key {keyFile}: cannot be read: {error.Message}", error);
        }
    }

    private sealed class PlainPersons : ShownPersons
    {
        public override string Word => "plain";

        public override string Of(string person) => person;
    }

    private sealed class MaskedPersons : ShownPersons
    {
        public override string Word => "masked";

        public override string Of(string person) => PersonId.Mask(person);
    }

    private sealed class HashedPersons(byte[] key) : ShownPersons
    {
        public override string Word => "hmac-sha-256";

        public override string Of(string person) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(person)));
    }
}
