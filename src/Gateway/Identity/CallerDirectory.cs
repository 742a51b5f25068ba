using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Tls;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Identity;

/// <summary>Tells who sent a request: by the Authorization header, by the client certificate of the connection, or by both.</summary>
public sealed class CallerDirectory
{
    private const string Scheme = "Bearer ";

    // Made once each: a storm of wrong keys must cost little.
    private static readonly RefusalInfo NoKey = Unauthenticated("the request has no 'authorization: Bearer KEY' header");
    private static readonly RefusalInfo WrongKey = Unauthenticated("the key is not in force");
    private static readonly RefusalInfo OtherHolder = Unauthenticated("the key and the client certificate are of different holders");
    private static readonly RefusalInfo NoCertificate =
        Unauthenticated("a client certificate is required, and the connection shows none");
    private static readonly RefusalInfo CertificateExpired = Unauthenticated("the client certificate has expired");

    private readonly GatewayOptions options;
    private readonly WorkRoom room;
    private readonly TimeProvider time;
    private readonly ILogger<CallerDirectory> log;
    private readonly Caller insecure;
    private readonly Lock reading = new();
    private Snapshot snapshot;

    /// <summary>Reads the key file.</summary>
    /// <exception cref="InvalidDataException">The key file is damaged.</exception>
    public CallerDirectory(GatewayOptions options, WorkRoom room, TimeProvider time, ILogger<CallerDirectory> log)
    {
        this.options = options;
        this.room = room;
        this.time = time;
        this.log = log;
        insecure = new Caller(Role.Agency, "insecure", null) { Lane = room.LaneOf(null) };
        snapshot = Read();
    }

    /// <summary>Whether no key is in force.</summary>
    public bool IsEmpty => Current() is { ByHash.Count: 0, ByWord.Count: 0 };

    /// <summary>The caller of a request.</summary>
    /// <exception cref="RefusalException">UNAUTHENTICATED: no key or certificate, or none in force.</exception>
    public Caller Identify(HttpContext context) =>
        TryIdentify(context, out Caller? caller, out RefusalInfo? refusal) ? caller : throw new RefusalException(refusal);

    /// <summary>The caller of a request, or why there is none. Throws nothing: turning away must be cheap.</summary>
    public bool TryIdentify(HttpContext context, [NotNullWhen(true)] out Caller? caller, [NotNullWhen(false)] out RefusalInfo? refusal)
    {
        Snapshot known = Current();
        Caller? shown = null;
        if (options.Tls.IsOn && !ByCertificate(known, context, out shown, out refusal))
        {
            caller = null;
            return false;
        }

        string? header = context.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header))
        {
            caller = shown ?? (IsFromThisMachine(context) ? insecure : null);
            refusal = caller is null ? NoKey : null;
            return caller is not null;
        }

        caller = ByKey(known, header);
        refusal = caller is null ? WrongKey
            : shown is not null && shown.Holder != caller.Holder
                ? OtherHolder
            : null;
        return refusal is null;
    }

    /// <summary>The caller of a key's text, as somebody typed it; null when the key is not in force.</summary>
    public Caller? WithText(string key) => Current().ByHash.GetValueOrDefault(KeyFile.Hash(key));

    /// <summary>The caller of a key by the key's public id; null when the key is not in force any more.</summary>
    public Caller? WithId(string keyId) => options.Insecure && keyId == insecure.KeyId ? insecure : Current().ById.GetValueOrDefault(keyId);

    /// <summary>
    /// The agency, for a request without a key on the loopback interface of a gateway started with <c>Insecure</c>; else null.
    /// </summary>
    public Caller? WithoutKey(HttpContext context) => IsFromThisMachine(context) ? insecure : null;

    private static Caller? ByKey(Snapshot known, string header)
    {
        if (known.ByHeader.TryGetValue(header, out Caller? caller)) return caller;
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !known.ByHash.TryGetValue(KeyFile.Hash(header[Scheme.Length..].Trim()), out caller))
            return null;
        // Only headers that hold a key in force are remembered, so there are never more of them than keys, blanks aside.
        if (known.ByHeader.Count < 2 * known.ByHash.Count) known.ByHeader[header] = caller;
        return caller;
    }

    /// <summary>Who showed the certificate of the connection; null: none was shown, and none is required.</summary>
    private bool ByCertificate(Snapshot known, HttpContext context, out Caller? caller, [NotNullWhen(false)] out RefusalInfo? refusal)
    {
        caller = null;
        refusal = null;
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            if (options.Tls.RequireClientCertificate)
                refusal = NoCertificate;
            return refusal is null;
        }

        // A connection has one certificate for all its requests: looked up once as long as the keys stay the same.
        Shown shown = known.ByCertificate.GetValue(certificate, one => LookUp(known, one));
        if (shown.Caller is null) refusal = shown.Refusal;
        else if (time.GetUtcNow() >= shown.EndsAt) refusal = CertificateExpired;
        else caller = shown.Caller;
        // Who has a key of its own may show a certificate that nobody registered, where none is required.
        if (caller is null && !options.Tls.RequireClientCertificate && !string.IsNullOrEmpty(context.Request.Headers.Authorization))
            refusal = null;
        return refusal is null;
    }

    private Shown LookUp(Snapshot known, X509Certificate2 certificate)
    {
        string print = Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset endsAt = certificate.NotAfter.ToUniversalTime();
        if (now < certificate.NotBefore.ToUniversalTime() || now >= endsAt)
            return new Shown(null, Unauthenticated("the client certificate does not hold today"), endsAt);
        if (known.ByWord.TryGetValue(RegisteredCertificate.OfSha256(print), out Caller? caller)) return new Shown(caller, null, endsAt);
        // Names are worth something only below an authority that we chose.
        IEnumerable<string> names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames())
            .Select(RegisteredCertificate.OfDns)
            .Prepend(RegisteredCertificate.OfSubject(certificate.Subject));
        if (names.FirstOrDefault(known.ByWord.ContainsKey) is { } name && known.Authorities.Trust(certificate, now))
            return new Shown(known.ByWord[name], null, endsAt);
        return new Shown(null, Unauthenticated($"the client certificate (SHA-256 {print}) is not registered"), endsAt);
    }

    private bool IsFromThisMachine(HttpContext context) =>
        options.Insecure && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static RefusalInfo Unauthenticated(string reason) =>
        new(RefusalCodes.Unauthenticated, $"Not authenticated: {reason}.", "身份验证失败：缺少有效密钥或证书。");

    /// <summary>
    /// The files are looked at again at most once a second, so that a new, withdrawn or expired key is known as such without a restart.
    /// </summary>
    private Snapshot Current()
    {
        Snapshot seen = snapshot;
        if (time.GetElapsedTime(seen.CheckedAt) < TimeSpan.FromSeconds(1)) return seen;
        lock (reading)
        {
            if (!ReferenceEquals(seen, snapshot)) return snapshot;
            bool unchanged = WrittenAt() == seen.WrittenAt;
            if (unchanged && time.GetUtcNow() < seen.NextEnd) return snapshot = seen with { CheckedAt = time.GetTimestamp() };
            try
            {
                // What only expired is taken from the records at hand: a file that cannot be read must not give an expired key a longer
                // life.
                return snapshot = unchanged ? Of(seen.Records, seen.Authorities, seen.WrittenAt) : Read();
            }
            catch (Exception error)
                when (error is InvalidDataException or IOException or UnauthorizedAccessException or CryptographicException)
            {
                // A damaged file must not lock every hospital out: the keys read before stay in force until it is mended.
                log.KeyFileUnreadable(error, options.KeyFile);
                return snapshot = Of(seen.Records, seen.Authorities, seen.WrittenAt);
            }
        }
    }

    private Snapshot Read()
    {
        (DateTime, DateTime) writtenAt = WrittenAt();
        Snapshot read = Of(KeyFile.Read(options.KeyFile).Keys, ClientAuthorities.Read(options.Tls.ClientCaFile), writtenAt);
        log.KeysRead(read.ByHash.Count + read.ByWord.Count, options.KeyFile);
        return read;
    }

    private Snapshot Of(IReadOnlyList<KeyRecord> records, ClientAuthorities authorities, (DateTime, DateTime) writtenAt)
    {
        DateTimeOffset now = time.GetUtcNow();
        KeyRecord[] live = [.. records.Where(key => key.IsLive(now))];
        DateTimeOffset nextEnd = live.Select(static key => key.ExpiresAt ?? DateTimeOffset.MaxValue).DefaultIfEmpty(DateTimeOffset.MaxValue)
            .Min();
        return new Snapshot(
            live.Where(static key => key.Sha256 is not null).ToFrozenDictionary(static key => key.Sha256!, CallerOf),
            live.Where(static key => key.Sha256 is not null).DistinctBy(static key => key.Id)
                .ToFrozenDictionary(static key => key.Id, CallerOf),
            live.Where(static key => key.CertificateWord is not null).ToFrozenDictionary(static key => key.CertificateWord!, CallerOf),
            [],
            [],
            records,
            authorities,
            nextEnd,
            writtenAt,
            time.GetTimestamp());
    }

    private Caller CallerOf(KeyRecord key) => new(key.Role, key.Id, key.Facility)
    {
        Scopes = key.GrantedScopes,
        Lane = room.LaneOf(key.Facility),
    };

    private (DateTime, DateTime) WrittenAt() =>
        (File.GetLastWriteTimeUtc(options.KeyFile), options.Tls.ClientCaFile.Length > 0
            ? File.GetLastWriteTimeUtc(options.Tls.ClientCaFile)
            : default);

    private sealed record Snapshot(
        FrozenDictionary<string, Caller> ByHash,
        FrozenDictionary<string, Caller> ById,
        FrozenDictionary<string, Caller> ByWord,
        ConcurrentDictionary<string, Caller> ByHeader,
        ConditionalWeakTable<X509Certificate2, Shown> ByCertificate,
        IReadOnlyList<KeyRecord> Records,
        ClientAuthorities Authorities,
        DateTimeOffset NextEnd,
        (DateTime, DateTime) WrittenAt,
        long CheckedAt);

    private sealed record Shown(Caller? Caller, RefusalInfo? Refusal, DateTimeOffset EndsAt);
}
