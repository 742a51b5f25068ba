using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Settlement.Client;
using Settlement.Contract;
using Settlement.Tests.Support;

namespace Settlement.Kit.Tests;

/// <summary>The client library brings every request to a known end, or says that it could not.</summary>
[Collection(SandboxCollection.Name)]
public sealed class FacilityClientTests(SandboxProcess sandbox)
{
    private static int requests;

    [Theory]
    [InlineData(Cut.BeforeAnswer)]
    [InlineData(Cut.BeforeRequest)]
    public async Task A_settlement_whose_line_breaks_is_settled_once_and_answered(Cut where)
    {
        await using CuttingProxy proxy = new(IPEndPoint.Parse(sandbox.Grpc).Port);
        using FacilityClient client = Client($"http://127.0.0.1:{proxy.Port}");
        SettleRequest request = Request("SANDBOX-ADULT");
        await client.GetByRequestAsync("warm-up"); // the connection stands: the cut falls on the settlement
        Task cut = proxy.Arm(where);

        SettleResponse answer = await client.SettleAsync(request);

        await cut;
        Assert.Null(answer.AlreadySettled);
        Assert.Equal(answer, (await client.GetByRequestAsync(request.RequestId)).Settled);
        await client.VoidAsync(new VoidRequest { RequestId = request.RequestId, Person = request.Person });
    }

    [Fact]
    public async Task A_refusal_is_told_at_once_with_code_and_both_sentences()
    {
        using FacilityClient client = Client($"http://{sandbox.Grpc}");
        SettlementRefusedException refused = await Assert.ThrowsAsync<SettlementRefusedException>(
            () => client.SettleAsync(Request("SANDBOX-LAPSED")));
        Assert.Equal((FailureKind.Refused, "NOT_COVERED"), (refused.Failure.Kind, refused.Failure.Code));
        Assert.NotEmpty(refused.Failure.Message);
        Assert.NotEmpty(refused.Failure.MessageZh);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_done()
    {
        using FacilityClient client = Client($"http://127.0.0.1:{Checkout.FreePort()}");
        NotDoneException error = await Assert.ThrowsAsync<NotDoneException>(() => client.SettleAsync(Request("SANDBOX-ADULT")));
        Assert.Equal(FailureKind.NotReached, error.Failure.Kind);
    }

    [Fact]
    public async Task A_server_that_takes_requests_and_never_answers_leaves_the_outcome_unknown()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Task<Socket> taken = silent.AcceptSocketAsync();
        using FacilityClient client = Client($"http://{silent.LocalEndpoint}");
        SettleRequest request = Request("SANDBOX-ADULT");

        OutcomeUnknownException error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.SettleAsync(request));

        Assert.Equal(request.RequestId, error.RequestId);
        (await taken).Dispose();
    }

    [Theory]
    [InlineData(true, FailureKind.Unknown)]
    [InlineData(false, FailureKind.NotReached)]
    public async Task The_servers_certificate_must_come_from_a_trusted_root(bool trusted, FailureKind expected)
    {
        using X509Certificate2 own = SelfSigned(), other = SelfSigned();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource end = new();
        Task serving = ServeTlsAndHangUpAsync(listener, own, end.Token);
        using FacilityClient client = new(
            Options($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}") with { TrustedRoots = [trusted ? own : other] });

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => client.SettleAsync(Request("SANDBOX-ADULT")));

        Assert.Equal(
            expected, error switch { OutcomeUnknownException unknown => unknown.Failure.Kind, NotDoneException not => not.Failure.Kind, _ =>
            throw error });
        await end.CancelAsync();
        await serving;
    }

    [Theory]
    [InlineData("ftp://host:1", "Server is 'ftp://host:1/'")]
    [InlineData("http://host:1", "certificates need https")]
    public void Wrong_options_are_named(string server, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new FacilityClient(Options(server) with { TrustedRoots = [] }));
        Assert.Contains(expected, error.Message);
    }

    private static FacilityClient Client(string server) => new(Options(server));

    private static SettlementClientOptions Options(string server) => new()
    {
        Server = new Uri(server), Key = "sandbox-hospital", FirstPause = TimeSpan.FromMilliseconds(20),
        CallDeadline = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(1.5),
    };

    private static SettleRequest Request(string person)
    {
        string id = $"KIT-{Environment.ProcessId}-{Interlocked.Increment(ref requests)}";
        DateTime today = DateTime.UtcNow.AddHours(8);
        return new SettleRequest
        {
            RequestId = id,
            Person = person,
            VisitId = "V-" + id,
            ChargeBatch = "1",
            Claim = new Claim
            {
                Region = "210100",
                Scheme = Scheme.Types.Kind.Resident,
                VisitType = Visit.Types.Type.Inpatient,
                AdmissionDate = $"{today.AddDays(-6):yyyy-MM-dd}",
                DischargeDate = $"{today.AddDays(-1):yyyy-MM-dd}",
                Totals = new Totals { Total = 4_000_000, InScope = 4_000_000 },
            },
        };
    }

    private static async Task ServeTlsAndHangUpAsync(TcpListener listener, X509Certificate2 certificate, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(end);
                await using SslStream tls = new(client.GetStream());
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate,
                        ApplicationProtocols = [SslApplicationProtocol.Http2] }, end);
            }
            catch (Exception ending) when (ending is OperationCanceledException or IOException or AuthenticationException)
            {
                // A client that does not trust us hangs up; the test ends us.
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
