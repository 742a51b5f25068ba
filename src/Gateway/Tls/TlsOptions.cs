namespace Settlement.Gateway.Tls;

/// <summary>
/// TLS of both listeners, section <c>Gateway:Tls</c>. Without a certificate the gateway speaks plain text, for loopback or behind a proxy.
/// </summary>
public sealed class TlsOptions
{
    /// <summary>The server's certificate with its chain, PEM; looked at again when it changes.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>The certificate's private key, PEM, not encrypted.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// Certificates, PEM, of the authorities that sign client certificates. Needed for certificates that are registered by subject or DNS
    /// name; those registered by fingerprint need none.
    /// </summary>
    public string ClientCaFile { get; set; } = "";

    /// <summary>Whether every caller must show a registered certificate, with or without a key beside it.</summary>
    public bool RequireClientCertificate { get; set; }

    /// <summary>Whether the gateway speaks TLS.</summary>
    public bool IsOn => CertificateFile.Length > 0;

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    internal void Validate()
    {
        if (IsOn != KeyFile.Length > 0)
            throw new InvalidOperationException(
                "Gateway:Tls:CertificateFile and Gateway:Tls:KeyFile belong together: one of them is missing.");
        if (!IsOn && (ClientCaFile.Length > 0 || RequireClientCertificate))
            throw new InvalidOperationException(
                "Gateway:Tls:ClientCaFile and RequireClientCertificate need TLS: Gateway:Tls:CertificateFile is missing.");
        foreach ((string name, string file) in new[] { (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile),
            (nameof(ClientCaFile), ClientCaFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
                throw new InvalidOperationException($"Gateway:Tls:{name} is '{file}': there is no such file.");
        }
    }
}
