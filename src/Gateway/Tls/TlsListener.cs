using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Settlement.Gateway.Tls;

/// <summary>How a listener speaks TLS.</summary>
internal static class TlsListener
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// TLS 1.2 and 1.3. A client may show a certificate; the handshake proves that it has the key of it and no more. Whether it is
    /// registered is asked of each request (<see cref="Identity.CallerDirectory"/>), so that who shows a wrong one is told which, instead
    /// of a broken connection, and so that the probes of health need none.
    /// </summary>
    [SuppressMessage(
        "Security", "CA5359:Do Not Disable Certificate Validation", Justification = "A client's certificate is judged request by request.")]
    public static void UseTls(this ListenOptions listener, ServerCertificate certificate) =>
        listener.UseHttps(new TlsHandshakeCallbackOptions
    {
        HandshakeTimeout = HandshakeLimit,
        OnConnection = context =>
        {
            context.AllowDelayedClientCertificateNegotation = false;
            return ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Current(),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateRequired = true, // asked for; the callback below lets a client without one pass
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
                ApplicationProtocols = Protocols(listener.Protocols),
            });
        },
    });

    private static List<SslApplicationProtocol> Protocols(HttpProtocols protocols) =>
        protocols == HttpProtocols.Http2 ? [SslApplicationProtocol.Http2] : [SslApplicationProtocol.Http11];
}
