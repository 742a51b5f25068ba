using System.Security.Cryptography.X509Certificates;

namespace Settlement.Gateway.Tls;

/// <summary>The authorities that sign client certificates, and no others: the machine's own store of roots plays no part.</summary>
internal sealed class ClientAuthorities
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection roots = [];

    private ClientAuthorities()
    {
    }

    /// <summary>Reads the file of authorities; without one there are none, and only fingerprints are known.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The file holds no certificates.</exception>
    public static ClientAuthorities Read(string file)
    {
        ClientAuthorities authorities = new();
        if (file.Length > 0) authorities.roots.ImportFromPemFile(file);
        return authorities;
    }

    /// <summary>Whether one of them has signed a certificate, for client authentication, and it holds at this moment.</summary>
    public bool Trust(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (roots.Count == 0) return false;
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // a certificate is withdrawn by taking it out of the key file
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }
}
