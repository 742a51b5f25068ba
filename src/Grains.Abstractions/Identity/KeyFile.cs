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

    /// <summary>Requests a second it may send in the long run, 0 for no limit; null: what the gateway's options say.</summary>
    public int? RequestsPerSecond { get; init; }
}

/// <summary>By what a client certificate is known: exactly one of the three.</summary>
public sealed record RegisteredCertificate
{
    /// <summary>SHA-256 of the certificate itself (DER), 64 lower-case hexadecimal digits. Needs no certificate authority.</summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// Subject as .NET and OpenSSL (<c>-nameopt RFC2253</c> reversed) print it, of a certificate signed by the gateway's client authority.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>DNS name among the subject's alternative names, of a certificate signed by the gateway's client authority.</summary>
    public string? Dns { get; init; }

    /// <summary>The one that is given, with its kind: the word under which a certificate is looked up.</summary>
    internal string? Word => (Sha256, Subject, Dns) switch
    {
        ({ Length: 64 } print, null, null) when print.All(char.IsAsciiHexDigitLower) => OfSha256(print),
        (null, { Length: > 0 } subject, null) => OfSubject(subject),
        (null, null, { Length: > 0 } dns) => OfDns(dns),
        _ => null,
    };

    /// <summary>The word of a fingerprint.</summary>
    public static string OfSha256(string print) => "sha256:" + print;

    /// <summary>The word of a subject.</summary>
    public static string OfSubject(string subject) => "subject:" + subject;

    /// <summary>The word of a DNS name; names differ in no case.</summary>
    public static string OfDns(string dns) => "dns:" + dns.ToLowerInvariant();
}

/// <summary>
/// One way in: a bearer key, of which the SHA-256 is kept and never the text, or a client certificate. Both have a public id and tell whom
/// they speak for.
/// </summary>
public sealed record KeyRecord
{
    /// <summary>Public part of the key, safe to print.</summary>
    public required string Id { get; init; }

    /// <summary>Role of the holder.</summary>
    public required Role Role { get; init; }

    /// <summary>The facility, for <see cref="Role.Facility"/>; otherwise null.</summary>
    public RegisteredFacility? Facility { get; init; }

    /// <summary>
    /// SHA-256 of the key's UTF-8 text, lower-case hexadecimal; null for a certificate. The text holds 256 random bits, so no salt or slow
    /// hash is needed.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>The client certificate; null for a bearer key.</summary>
    public RegisteredCertificate? Certificate { get; init; }

    /// <summary>What it may be used for; null: all that the role may.</summary>
    public IReadOnlyList<Scope>? Scopes { get; init; }

    /// <summary>From when on it no longer holds; null: until it is taken out of the file.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the key was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it may be used for.</summary>
    [JsonIgnore]
    public Scope GrantedScopes => Scopes is null ? RoleScopes.All(Role) : Scopes.Aggregate(Scope.None, static (all, one) => all | one);

    /// <summary>Whom it speaks for, as the ledger names them.</summary>
    [JsonIgnore]
    public string Holder => Facility?.Code ?? Origins.Agency;

    /// <summary>Whether it holds at a moment.</summary>
    public bool IsLive(DateTimeOffset now) => ExpiresAt is not { } end || now < end;

    /// <summary>The word under which its certificate is looked up, or null.</summary>
    [JsonIgnore]
    public string? CertificateWord => Certificate?.Word;
}

/// <summary>The file of keys and certificates: written by <c>settlement key</c>, read by the gateway.</summary>
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

    /// <summary>All keys, also those whose time is over.</summary>
    public IReadOnlyList<KeyRecord> Keys { get; init; } = [];

    /// <summary>Reads a key file; a missing file holds no keys.</summary>
    /// <exception cref="InvalidDataException">The file is not a key file; the message names file and reason.</exception>
    public static KeyFile Read(string path)
    {
        return File.Exists(path) ? Parse(File.ReadAllText(path), path) : new KeyFile();
    }

    /// <summary>Reads the text of a key file.</summary>
    /// <exception cref="InvalidDataException">It is not a key file; the message names file and reason.</exception>
    public static KeyFile Parse(string text, string path)
    {
        try
        {
            KeyFile file = JsonSerializer.Deserialize<KeyFile>(text, Json)
                ?? throw new JsonException("the file is empty");
            foreach (KeyRecord key in file.Keys)
            {
                if (key.Role == Role.Facility && string.IsNullOrEmpty(key.Facility?.Code))
                    throw new JsonException($"key '{key.Id}' has the role facility but names no facility code");
                if (key.Facility is { ContractTo: { } to } ended && (ended.ContractFrom is not { } from || to < from))
                    throw new JsonException(
                        $"key '{key.Id}' has a contract that ends on {to:yyyy-MM-dd}, before it begins or without a begin");
                if (key.Facility?.Code == Origins.Agency)
                    throw new JsonException($"key '{key.Id}' is of a facility called '{Origins.Agency}', the word for the agency");
                if (key.Facility is { RequestsPerSecond: < 0 or > 1_000_000 } fast)
                    throw new JsonException($"key '{key.Id}' has requestsPerSecond {fast.RequestsPerSecond}: it must be from 0 to 1000000");
                if (key.Role == Role.Agency && key.Facility is not null)
                    throw new JsonException($"key '{key.Id}' has the role agency and names a facility");
                if ((key.Sha256 is null) == (key.Certificate is null))
                    throw new JsonException($"key '{key.Id}' must have either the hash of a key (sha256) or a certificate");
                if (key.Certificate is not null && key.CertificateWord is null)
                    throw new JsonException(
                        $"key '{key.Id}': a certificate has exactly one of sha256 (64 lower-case hexadecimal digits), subject and dns");
                if ((key.GrantedScopes & ~RoleScopes.All(key.Role)) is not Scope.None and var beyond)
                    throw new JsonException($"key '{key.Id}' has the scope {RoleScopes.Names(beyond)}, which its role may not have");
            }

            if (file.Keys.GroupBy(static key => key.Sha256 ?? key.CertificateWord!)
                .FirstOrDefault(static same => same.Count() > 1) is { } twice)
                throw new JsonException($"keys '{twice.First().Id}' and '{twice.Last().Id}' are the same key or certificate");

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
    /// <param name="role">Role of its holder.</param>
    /// <param name="facility">The facility, or null for the agency.</param>
    /// <param name="now">The moment.</param>
    /// <param name="scopes">What it may be used for; null: all that the role may.</param>
    /// <param name="expiresAt">From when on it no longer holds; null: no end.</param>
    /// <returns>The key's text, to be handed to its holder once, and the file with its hash.</returns>
    public (string Text, KeyFile File) Add(
        Role role, RegisteredFacility? facility, DateTimeOffset now, IReadOnlyList<Scope>? scopes = null, DateTimeOffset? expiresAt = null)
    {
        string id = NewId();
        string text = $"{Prefix}_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        KeyRecord record = new()
        {
            Id = id, Role = role, Facility = facility, Sha256 = Hash(text), Scopes = scopes, ExpiresAt = expiresAt, CreatedAt = now,
        };
        return (text, this with { Keys = [.. Keys, record] });
    }

    /// <summary>The file with a client certificate registered too.</summary>
    public KeyFile AddCertificate(
        RegisteredCertificate certificate, Role role, RegisteredFacility? facility, DateTimeOffset now, IReadOnlyList<Scope>? scopes = null,
        DateTimeOffset? expiresAt = null)
    {
        KeyRecord record = new()
        {
            Id = NewId(), Role = role, Facility = facility, Certificate = certificate, Scopes = scopes, ExpiresAt = expiresAt,
            CreatedAt = now,
        };
        return this with { Keys = [.. Keys, record] };
    }

    /// <summary>
    /// Makes a key that takes the place of another: same holder, same scopes. The old one holds on until <paramref name="oldUntil"/>, so
    /// that the holder can change over without a gap. Of two live keys none is replaced: then one must be revoked first.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such live key, it is a certificate, or its holder has two live keys of these
    /// scopes.</exception>
    public (string Text, KeyFile File) Rotate(string id, DateTimeOffset now, DateTimeOffset oldUntil, DateTimeOffset? newExpiresAt = null)
    {
        KeyRecord old = Keys.FirstOrDefault(key => key.Id == id && key.IsLive(now))
            ?? throw new InvalidOperationException($"there is no live key '{id}'");
        if (old.Sha256 is null) throw new InvalidOperationException($"'{id}' is a certificate: register the new one, then revoke this one");
        if (Keys.FirstOrDefault(other => other != old && other.Sha256 is not null && other.IsLive(now) && other.Holder == old.Holder
            && other.GrantedScopes == old.GrantedScopes) is { } second)
            throw new InvalidOperationException(
                $"the holder of '{id}' has a second live key already, '{second.Id}': revoke one of them first");
        DateTimeOffset end = old.ExpiresAt is { } earlier && earlier < oldUntil ? earlier : oldUntil;
        KeyFile without = this with { Keys = [.. Keys.Select(key => key == old ? key with { ExpiresAt = end } : key)] };
        return without.Add(old.Role, old.Facility, now, old.Scopes, newExpiresAt);
    }

    /// <summary>The file without a key.</summary>
    /// <exception cref="InvalidOperationException">There is no such key.</exception>
    public KeyFile Revoke(string id) => Keys.Any(key => key.Id == id)
        ? this with { Keys = [.. Keys.Where(key => key.Id != id)] }
        : throw new InvalidOperationException($"there is no key '{id}'");

    /// <summary>The hash under which a key's text is stored.</summary>
    public static string Hash(string keyText) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keyText)));

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
}
