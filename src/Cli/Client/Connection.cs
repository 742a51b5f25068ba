using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Settlement.Persons;
using AgencyClient = Settlement.Contract.Agency.AgencyClient;
using CatalogueClient = Settlement.Contract.Catalogue.CatalogueClient;
using EnrolmentClient = Settlement.Contract.Enrolment.EnrolmentClient;
using FeedClient = Settlement.Contract.Feed.FeedClient;
using PoliciesClient = Settlement.Contract.Policies.PoliciesClient;
using ReconciliationClient = Settlement.Contract.Reconciliation.ReconciliationClient;
using SettlementClient = Settlement.Contract.Settlement.SettlementClient;

namespace Settlement.Cli.Client;

/// <summary>The gRPC clients of one server, with the caller's key on every call.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly GrpcChannel channel;
    private readonly Metadata headers = [];

    /// <summary>Opens a connection; nothing is sent yet.</summary>
    /// <param name="server">Address; https for TLS.</param>
    /// <param name="key">Bearer key, if any.</param>
    /// <param name="tls">What the server's certificate must be signed by, and the certificate to show; null: as the machine trusts, and
    /// none.</param>
    public Connection(Uri server, string? key, ClientTls? tls = null)
    {
        Server = server;
        HasKey = key is not null || tls?.Certificate is not null;
        if (key is not null) headers.Add("authorization", $"Bearer {key}");
        channel = tls is null ? GrpcChannel.ForAddress(server) : GrpcChannel.ForAddress(server, new GrpcChannelOptions
        {
            HttpHandler = tls.Handler(),
            DisposeHttpClient = true,
        });
        CallInvoker calls = channel.Intercept(new PersonBucketInterceptor());
        Settlement = new SettlementClient(calls);
        Enrolment = new EnrolmentClient(calls);
        Agency = new AgencyClient(calls);
        Policies = new PoliciesClient(channel);
        Reconciliation = new ReconciliationClient(channel);
        Feed = new FeedClient(channel);
        Catalogue = new CatalogueClient(channel);
    }

    /// <summary>Address of the server.</summary>
    public Uri Server { get; }

    /// <summary>Whether calls carry a key.</summary>
    public bool HasKey { get; }

    /// <summary>Quotes, settlements, reversals, queries.</summary>
    public SettlementClient Settlement { get; }

    /// <summary>Registration and facts.</summary>
    public EnrolmentClient Enrolment { get; }

    /// <summary>What the agency decides by hand.</summary>
    public AgencyClient Agency { get; }

    /// <summary>What the packs say.</summary>
    public PoliciesClient Policies { get; }

    /// <summary>Books of facilities.</summary>
    public ReconciliationClient Reconciliation { get; }

    /// <summary>The ledger as a stream.</summary>
    public FeedClient Feed { get; }

    /// <summary>The catalogue of drugs, services and consumables.</summary>
    public CatalogueClient Catalogue { get; }

    /// <summary>
    /// Makes a call which moves nothing.
    /// </summary>
    /// <exception cref="CliException">Refused, or the server cannot be reached.</exception>
    public Task<T> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation) =>
        CallAsync(call, unknownIs: ExitCode.Environment, cancellation);

    /// <summary>
    /// Makes a call which writes: when no answer comes, its outcome is unknown.
    /// </summary>
    /// <exception cref="CliException">Refused, the server cannot be reached, or the outcome is unknown.</exception>
    public Task<T> MoveAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation) =>
        CallAsync(call, unknownIs: ExitCode.Unknown, cancellation);

    /// <summary>
    /// Works with a stream which moves nothing, for as long as it takes.
    /// </summary>
    /// <exception cref="CliException">Refused, or the server cannot be reached.</exception>
    public async Task<T> StreamAsync<T>(Func<CallOptions, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work(new CallOptions(headers, deadline: null, cancellation));
        }
        catch (RpcException error)
        {
            throw Outcome.Of(error).ToException(this, ExitCode.Environment);
        }
    }

    /// <summary>Options of one call: key and deadline.</summary>
    public CallOptions Options(CancellationToken cancellation) =>
        new(headers, DateTime.UtcNow + Patience, cancellation);

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, int unknownIs, CancellationToken cancellation)
    {
        try
        {
            return await call(Options(cancellation)).ResponseAsync;
        }
        catch (RpcException error)
        {
            throw Outcome.Of(error).ToException(this, unknownIs);
        }
    }
}
