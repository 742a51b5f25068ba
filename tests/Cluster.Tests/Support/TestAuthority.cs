using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Settlement.Cluster.Tests.Support;

/// <summary>A certificate authority of one test, and the certificates it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-2);
    private static readonly DateTimeOffset To = DateTimeOffset.UtcNow.AddYears(1);
    private readonly X509Certificate2 root;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name)
    {
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = request.CreateSelfSigned(From.AddDays(-1), To.AddDays(1));
    }

    /// <summary>The authority's own certificate.</summary>
    public string Pem => root.ExportCertificatePem();

    /// <summary>A certificate of the server for the loopback addresses, with its key, as PEM.</summary>
    public (string Certificate, string Key) Server()
    {
        using X509Certificate2 certificate = Sign("CN=settlement", ServerAuthentication, "localhost", null);
        return (certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A client's certificate with its key.</summary>
    public X509Certificate2 Client(string subject, string? dns = null, DateTimeOffset? to = null) =>
        Sign(subject, ClientAuthentication, dns, to);

    public void Dispose()
    {
        root.Dispose();
        key.Dispose();
    }

    private X509Certificate2 Sign(string subject, string purpose, string? dns, DateTimeOffset? to)
    {
        using ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        SubjectAlternativeNameBuilder names = new();
        if (dns is not null) names.AddDnsName(dns);
        if (purpose == ServerAuthentication) names.AddIpAddress(System.Net.IPAddress.Loopback);
        if (dns is not null) request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(root, From, to ?? To, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(own);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
