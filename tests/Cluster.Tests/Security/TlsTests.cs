using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Security;

/// <summary>TLS on both listeners, and facilities known by the certificate they show.</summary>
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-tls-").FullName;
    private readonly TestAuthority authority = new("Settlement test authority");
    private readonly TestAuthority stranger = new("Settlement test authority"); // the same name, another key
    private readonly ManualTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly List<IDisposable> opened = [];
    private string keys = "";
    private string keyOfOther = "";
    private TestSilo silo = null!;

    public async Task InitializeAsync()
    {
        WriteServerCertificate(authority);
        await File.WriteAllTextAsync(Path.Combine(folder, "clients.pem"), authority.Pem);
        keys = Path.Combine(folder, "keys.json");
        (keyOfOther, KeyFile file) = new KeyFile().Add(Role.Facility, new RegisteredFacility { Code = "H2" }, DateTimeOffset.UnixEpoch);
        file.AddCertificate(
            new RegisteredCertificate { Dns = "his.h1.example" }, Role.Facility, new RegisteredFacility { Code = "H1" },
            DateTimeOffset.UnixEpoch).Write(keys);
        silo = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (IDisposable one in opened) one.Dispose();
        await silo.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        authority.Dispose();
        stranger.Dispose();
    }

    [Fact]
    public async Task A_facility_is_known_by_a_name_in_a_certificate_of_the_authority_and_speaks_for_itself_only()
    {
        Contract.Settlement.SettlementClient client = Client(authority.Client("CN=anything", "HIS.H1.example"));
        await client.PingAsync(new PingRequest());
        await Refused.With(
            "NOT_ALLOWED", StatusCode.PermissionDenied,
            client.QuoteAsync(new QuoteRequest { Person = "P1", Claim = Requests.Inpatient(1000, "H2") }));
    }

    [Fact]
    public async Task The_same_name_signed_by_somebody_else_is_worth_nothing()
    {
        using X509Certificate2 certificate = stranger.Client("CN=anything", "his.h1.example");
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => Client(certificate).PingAsync(new PingRequest()).ResponseAsync);
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Contains(Print(certificate), error.Status.Detail);
    }

    [Fact]
    public async Task A_fingerprint_needs_no_authority_and_holds_within_a_second_of_its_registration()
    {
        using X509Certificate2 certificate = stranger.Client("CN=self-made");
        Contract.Settlement.SettlementClient client = Client(certificate);
        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, client.PingAsync(new PingRequest()));
        KeyFile.Read(keys)
            .AddCertificate(new RegisteredCertificate { Sha256 = Print(certificate) }, Role.Agency, null, DateTimeOffset.UnixEpoch)
            .Write(keys);
        File.SetLastWriteTimeUtc(keys, DateTime.UtcNow.AddMinutes(1));
        time.Advance(TimeSpan.FromSeconds(2));
        await client.PingAsync(new PingRequest());
    }

    [Fact]
    public async Task A_certificate_whose_time_is_over_is_refused_also_on_a_connection_that_is_open()
    {
        Contract.Settlement.SettlementClient client = Client(
            authority.Client("CN=anything", "his.h1.example", DateTimeOffset.UtcNow.AddHours(1)));
        await client.PingAsync(new PingRequest());
        time.Advance(TimeSpan.FromHours(2));
        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, client.PingAsync(new PingRequest()));
    }

    [Fact]
    public async Task A_key_beside_a_certificate_must_be_of_the_same_holder()
    {
        Metadata key = new() { { "authorization", $"Bearer {keyOfOther}" } };
        using X509Certificate2 h1 = authority.Client("CN=anything", "his.h1.example");
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => Client(h1).PingAsync(new PingRequest(), key).ResponseAsync);
        Assert.Contains("different holders", error.Status.Detail);
        await Client(null).PingAsync(new PingRequest(), key);
        await Client(stranger.Client("CN=unknown")).PingAsync(new PingRequest(), key);
    }

    [Fact]
    public async Task Where_certificates_are_required_a_key_alone_opens_nothing_but_the_probes()
    {
        await silo.DisposeAsync();
        silo = await StartAsync("Gateway:Tls:RequireClientCertificate=true");
        Metadata key = new() { { "authorization", $"Bearer {keyOfOther}" } };
        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, Client(null).PingAsync(new PingRequest(), key));
        await Refused.With("UNAUTHENTICATED", StatusCode.Unauthenticated, Client(stranger.Client("CN=unknown"))
            .PingAsync(new PingRequest(), key));
        await Client(authority.Client("CN=anything", "his.h1.example")).PingAsync(new PingRequest());
        using HttpClient http = new(Handler(null)) { BaseAddress = new Uri(silo.HttpAddress) };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_renewed_server_certificate_is_used_without_a_restart_and_half_a_renewal_is_not()
    {
        string first = await ServerPrintAsync();
        (string certificate, string key) = authority.Server();
        await File.WriteAllTextAsync(Path.Combine(folder, "server.pem"), certificate); // the key is still that of the first
        File.SetLastWriteTimeUtc(Path.Combine(folder, "server.pem"), DateTime.UtcNow.AddMinutes(1));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, await ServerPrintAsync());
        await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), key);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "server.key"), DateTime.UtcNow.AddMinutes(1));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEqual(first, await ServerPrintAsync());
    }

    [Fact]
    public async Task Json_is_served_over_tls_too_with_the_headers_that_bind_a_browser()
    {
        using HttpClient http = new(Handler(authority.Client("CN=anything", "his.h1.example"))) { BaseAddress = new Uri(silo.HttpAddress) };
        using HttpResponseMessage answer = await http.PostAsync("/v1/Settlement/Ping", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-store", answer.Headers.GetValues("Cache-Control").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Plain_text_is_not_spoken_beside_tls()
    {
        using GrpcChannel plain = GrpcChannel.ForAddress(silo.GrpcAddress.Replace("https", "http", StringComparison.Ordinal));
        await Assert.ThrowsAsync<RpcException>(() => new Contract.Settlement.SettlementClient(plain).PingAsync(new PingRequest())
            .ResponseAsync);
    }

    private static string Print(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    private Task<TestSilo> StartAsync(params string[] settings) => Start(settings);

    private async Task<TestSilo> Start(string[] settings) => await TestSilo.StartAsync(time,
    [
        .. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={keys}", $"Gateway:Tls:CertificateFile={folder}/server.pem",
            $"Gateway:Tls:KeyFile={folder}/server.key",
        $"Gateway:Tls:ClientCaFile={folder}/clients.pem", .. settings,
    ]);

    private void WriteServerCertificate(TestAuthority by)
    {
        (string certificate, string key) = by.Server();
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate);
        File.WriteAllText(Path.Combine(folder, "server.key"), key);
    }

    private Contract.Settlement.SettlementClient Client(X509Certificate2? certificate)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(silo.GrpcAddress, new GrpcChannelOptions { HttpHandler = Handler(certificate) });
        opened.Add(channel);
        return new Contract.Settlement.SettlementClient(channel);
    }

    // Trusts what the authority signed and nothing else.
    private SocketsHttpHandler Handler(X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy =
            new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.Pem));
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, own, _, _) => own.Count > 0 ? own[0] : null!;
        return handler;
    }

    private async Task<string> ServerPrintAsync()
    {
        Uri address = new(silo.GrpcAddress);
        using TcpClient tcp = new();
        await tcp.ConnectAsync(address.Host, address.Port);
        string print = "";
        await using SslStream tls = new(tcp.GetStream(), false, (_, shown, _, _) =>
        {
            print = Print((X509Certificate2)shown!);
            return shown is not null;
        });
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] });
        return print;
    }
}
