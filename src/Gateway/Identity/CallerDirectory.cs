using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Settlement.Gateway.Refusals;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Identity;

/// <summary>Turns the Authorization header of a request into its caller, from the key file.</summary>
public sealed class CallerDirectory
{
    private const string Scheme = "Bearer ";

    private readonly GatewayOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<CallerDirectory> log;
    private readonly Lock reading = new();
    private Snapshot snapshot;

    /// <summary>Reads the key file.</summary>
    /// <exception cref="InvalidDataException">The key file is damaged.</exception>
    public CallerDirectory(GatewayOptions options, TimeProvider time, ILogger<CallerDirectory> log)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        snapshot = Read();
    }

    /// <summary>Whether no key is in force.</summary>
    public bool IsEmpty => Current().ByHash.Count == 0;

    /// <summary>The caller of a request.</summary>
    /// <exception cref="RefusalException">UNAUTHENTICATED: no key, or none in force.</exception>
    public Caller Identify(HttpContext context)
    {
        string? header = context.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header))
        {
            return WithoutKey(context) ?? throw Unauthenticated("the request has no 'authorization: Bearer KEY' header");
        }

        Snapshot keys = Current();
        if (keys.ByHeader.TryGetValue(header, out Caller? caller)) return caller;
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && keys.ByHash.TryGetValue(KeyFile.Hash(header[Scheme.Length..].Trim()), out caller))
        {
            // Only headers that hold a key in force are remembered, so there are never more of them than keys, blanks aside.
            if (keys.ByHeader.Count < 2 * keys.ByHash.Count) keys.ByHeader[header] = caller;
            return caller;
        }

        throw Unauthenticated("the key is not in force");
    }

    /// <summary>The caller of a key's text, as somebody typed it; null when the key is not in force.</summary>
    public Caller? WithText(string key) => Current().ByHash.GetValueOrDefault(KeyFile.Hash(key));

    /// <summary>The caller of a key by the key's public id; null when the key is not in force any more.</summary>
    public Caller? WithId(string keyId) =>
        options.Insecure && keyId == Caller.Insecure.KeyId ? Caller.Insecure : Current().ById.GetValueOrDefault(keyId);

    /// <summary>The agency, for a request without a key on the loopback interface of a gateway started with <c>Insecure</c>; else null.</summary>
    public Caller? WithoutKey(HttpContext context) =>
        options.Insecure && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) ? Caller.Insecure : null;

    private static RefusalException Unauthenticated(string reason) => new(new RefusalInfo(
        RefusalCodes.Unauthenticated, $"Not authenticated: {reason}.", "身份验证失败：缺少有效密钥。"));

    /// <summary>The key file is looked at again at most once a second, so that a new or withdrawn key holds without a restart.</summary>
    private Snapshot Current()
    {
        Snapshot seen = snapshot;
        if (time.GetElapsedTime(seen.CheckedAt) < TimeSpan.FromSeconds(1)) return seen;
        lock (reading)
        {
            if (!ReferenceEquals(seen, snapshot)) return snapshot;
            if (File.GetLastWriteTimeUtc(options.KeyFile) == seen.WrittenAt) return snapshot = seen with { CheckedAt = time.GetTimestamp() };
            try
            {
                return snapshot = Read();
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // A damaged file must not lock every hospital out: the keys read before stay in force until it is mended.
                log.KeyFileUnreadable(error, options.KeyFile);
                return snapshot = seen with { CheckedAt = time.GetTimestamp() };
            }
        }
    }

    private Snapshot Read()
    {
        DateTime writtenAt = File.GetLastWriteTimeUtc(options.KeyFile);
        FrozenDictionary<string, Caller> callers = KeyFile.Read(options.KeyFile).Keys
            .ToFrozenDictionary(key => key.Sha256, key => new Caller(key.Role, key.Id, key.Facility));
        log.KeysRead(callers.Count, options.KeyFile);
        return new Snapshot(callers, callers.Values.DistinctBy(caller => caller.KeyId).ToFrozenDictionary(caller => caller.KeyId), [], writtenAt, time.GetTimestamp());
    }

    private sealed record Snapshot(
        FrozenDictionary<string, Caller> ByHash,
        FrozenDictionary<string, Caller> ById,
        ConcurrentDictionary<string, Caller> ByHeader,
        DateTime WrittenAt,
        long CheckedAt);
}
