using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Names a peer by the certificate it showed.</summary>
internal static class PeerIdentity
{
    private const string AlternativeName = "x509_subject_alternative_name";
    private const string CommonName = "x509_common_name";

    internal static AuthContext Of(X509Certificate2 certificate)
    {
        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
        string[] alternatives = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames())];
        Add(properties, AlternativeName, alternatives);
        string common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (common.Length > 0)
            Add(properties, CommonName, [common]);
        string? identity = alternatives.Length > 0 ? AlternativeName : common.Length > 0 ? CommonName : null;
        return new AuthContext(identity, properties);
    }

    private static void Add(Dictionary<string, List<AuthProperty>> properties, string name, string[] values)
    {
        if (values.Length > 0)
            properties[name] = [.. values.Select(value => AuthProperty.Create(name, Encoding.UTF8.GetBytes(value)))];
    }
}
