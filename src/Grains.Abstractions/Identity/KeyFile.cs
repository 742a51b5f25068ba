using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Settlement.Identity;

/// <summary>Who a key speaks for.</summary>
public enum Role
{
    /// <summary>A designated medical institution: settles its own charges and reads what it settled.</summary>
    Facility = 1,

    /// <summary>The insurance agency: registers persons, and may do everything a facility may, for any facility.</summary>
    Agency = 2,
}

/// <summary>What the agency registered of a facility. A value left out here is taken from the claim.</summary>
public sealed record RegisteredFacility
{
    /// <summary>Facility code (<c>fixmedins_code</c>).</summary>
    public required string Code { get; init; }

    /// <summary>Level, as in the contract: PRIMARY, LEVEL_1, LEVEL_2, LEVEL_3, SPECIAL_LEVEL_3, UNRATED.</summary>
    public string? Level { get; init; }

    /// <summary>Kind, as in the contract: GENERAL, TCM, PSYCHIATRIC, ...</summary>
    public string? Kind { get; init; }

    /// <summary>Six-digit division code of the place.</summary>
    public string? Division { get; init; }

    /// <summary>Whether a contract with the agency is in force.</summary>
    public bool? Designated { get; init; }

    /// <summary>Whether it is designated for medical assistance.</summary>
    public bool? AssistanceDesignated { get; init; }

    /// <summary>First day of its contract; null where the agency recorded none, and then no day is refused for want of one.</summary>
    public DateOnly? ContractFrom { get; init; }

    /// <summary>Last day of its contract; null: goes on.</summary>
    public DateOnly? ContractTo { get; init; }
}

/// <summary>One bearer key: its public id, whom it speaks for, and the SHA-256 of its text. The text itself is never stored.</summary>
public sealed record KeyRecord
{
    /// <summary>Public part of the key, safe to print.</summary>
    public required string Id { get; init; }

    /// <summary>Role of the holder.</summary>
    public required Role Role { get; init; }

    /// <summary>The facility, for <see cref="Role.Facility"/>; otherwise null.</summary>
    public RegisteredFacility? Facility { get; init; }

    /// <summary>SHA-256 of the key's UTF-8 text, lower-case hexadecimal. The text holds 256 random bits, so no salt or slow hash is needed.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When the key was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The file of bearer keys: written by <c>settlement key create</c>, read by the gateway.</summary>
public sealed record KeyFile
{
    private const string Prefix = "sk";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>All keys in force.</summary>
    public IReadOnlyList<KeyRecord> Keys { get; init; } = [];

    /// <summary>Reads a key file; a missing file holds no keys.</summary>
    /// <exception cref="InvalidDataException">The file is not a key file; the message names file and reason.</exception>
    public static KeyFile Read(string path)
    {
        if (!File.Exists(path)) return new KeyFile();
        try
        {
            KeyFile file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path), Json)
                ?? throw new JsonException("the file is empty");
            foreach (KeyRecord key in file.Keys)
            {
                if (key.Role == Role.Facility && string.IsNullOrEmpty(key.Facility?.Code))
                    throw new JsonException($"key '{key.Id}' has the role facility but names no facility code");
                if (key.Facility is { ContractTo: { } to } ended && (ended.ContractFrom is not { } from || to < from))
                    throw new JsonException($"key '{key.Id}' has a contract that ends on {to:yyyy-MM-dd}, before it begins or without a begin");
                if (key.Facility?.Code == Origins.Agency)
                    throw new JsonException($"key '{key.Id}' is of a facility called '{Origins.Agency}', the word for the agency");
            }

            return file;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: not a key file: {error.Message}", error);
        }
    }

    /// <summary>Writes the file beside itself and renames it, so that a reader never sees half of it; only the owner may read it.</summary>
    public void Write(string path)
    {
        string temporary = path + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, Json) + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Makes a new key and the file which holds it too.</summary>
    /// <returns>The key's text, to be handed to its holder once, and the file with its hash.</returns>
    public (string Text, KeyFile File) Add(Role role, RegisteredFacility? facility, DateTimeOffset now)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        string text = $"{Prefix}_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        KeyRecord record = new() { Id = id, Role = role, Facility = facility, Sha256 = Hash(text), CreatedAt = now };
        return (text, this with { Keys = [.. Keys, record] });
    }

    /// <summary>The hash under which a key's text is stored.</summary>
    public static string Hash(string keyText) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keyText)));
}
