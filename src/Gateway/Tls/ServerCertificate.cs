using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Settlement.Gateway.Tls;

/// <summary>
/// The server's certificate from its PEM files. A new connection looks at them again, at most once a second, so that a renewed certificate
/// is used without a restart; connections that are open keep theirs.
/// </summary>
internal sealed class ServerCertificate
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly TlsOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Lock reading = new();
    private Loaded loaded;

    /// <summary>Reads the certificate.</summary>
    /// <exception cref="InvalidOperationException">The files hold no certificate with its key.</exception>
    public ServerCertificate(TlsOptions options, TimeProvider time, ILogger log)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        try
        {
            loaded = Read();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"Gateway:Tls: '{options.CertificateFile}' and '{options.KeyFile}' are no certificate with its key: {error.Message}",
                error);
        }
    }

    /// <summary>The certificate with its chain, for a new connection.</summary>
    public SslStreamCertificateContext Current()
    {
        Loaded seen = loaded;
        if (time.GetElapsedTime(seen.CheckedAt) < BetweenLooks) return seen.Context;
        lock (reading)
        {
            if (!ReferenceEquals(seen, loaded)) return loaded.Context;
            loaded = seen with { CheckedAt = time.GetTimestamp() };
            if (WrittenAt() == seen.WrittenAt) return seen.Context;
            try
            {
                loaded = Read();
                log.CertificateRead(options.CertificateFile, loaded.Context.TargetCertificate.NotAfter);
            }
            catch (Exception error)
                when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
            {
                // Half a renewal, certificate before key, must not close the door: the one read before serves on until both fit.
                log.CertificateUnreadable(error, options.CertificateFile);
            }

            return loaded.Context;
        }
    }

    private Loaded Read()
    {
        (DateTime, DateTime) writtenAt = WrittenAt();
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        // Some platforms cannot use a key that lives in memory only; a PKCS #12 that is read back works on all of them.
        X509Certificate2 usable = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(options.CertificateFile);
        return new Loaded(SslStreamCertificateContext.Create(usable, chain, offline: true), writtenAt, time.GetTimestamp());
    }

    private (DateTime, DateTime) WrittenAt() =>
        (File.GetLastWriteTimeUtc(options.CertificateFile), File.GetLastWriteTimeUtc(options.KeyFile));

    private sealed record Loaded(SslStreamCertificateContext Context, (DateTime, DateTime) WrittenAt, long CheckedAt);
}
