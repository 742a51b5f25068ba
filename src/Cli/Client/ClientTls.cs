using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Settlement.Cli.Client;

/// <summary>How a client speaks TLS beyond what the machine's own settings say.</summary>
/// <param name="Authorities">Authorities that may sign the server's certificate, instead of the machine's; null: the machine's.</param>
/// <param name="Certificate">The client's own certificate with its key; null: none.</param>
internal sealed record ClientTls(X509Certificate2Collection? Authorities, X509Certificate2? Certificate)
{
    /// <summary>Reads PEM files.</summary>
    /// <returns>Null when no file is named.</returns>
    /// <exception cref="CliException">A file cannot be read, or is not what it should be.</exception>
    public static ClientTls? Read(string? authorityFile, string? certificateFile, string? keyFile)
    {
        if (authorityFile is null && certificateFile is null) return null;
        X509Certificate2Collection? authorities = authorityFile is null ? null : [];
        Try(authorityFile, () => authorities!.ImportFromPemFile(authorityFile!));
        X509Certificate2? certificate = null;
        Try(certificateFile, () =>
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificateFile!, keyFile);
            // Some platforms cannot use a key that lives in memory only; a PKCS #12 that is read back works on all of them.
            certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        });
        return new ClientTls(authorities, certificate);
    }

    /// <summary>A handler that holds to it.</summary>
    public SocketsHttpHandler Handler()
    {
        SocketsHttpHandler handler = new() { EnableMultipleHttp2Connections = true, AllowAutoRedirect = false, UseCookies = false };
        if (Authorities is not null)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (Certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(Certificate, null, offline: true);
        return handler;
    }

    private static void Try(string? file, Action read)
    {
        if (file is null) return;
        try
        {
            read();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{file}: cannot be read as PEM: {error.Message}", error);
        }
    }
}
