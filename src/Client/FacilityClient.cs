using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Settlement.Contract;
using Settlement.Persons;
using EnrolmentClient = Settlement.Contract.Enrolment.EnrolmentClient;
using ReconciliationClient = Settlement.Contract.Reconciliation.ReconciliationClient;
using SettlementClient = Settlement.Contract.Settlement.SettlementClient;

namespace Settlement.Client;

/// <summary>
/// What a hospital system calls. A request that moves something is sent again under the same request id until its end is known or
/// <see cref="SettlementClientOptions.Patience"/> is over; sending it twice does nothing twice. Write the request id down before the
/// first attempt: it is the way
/// back to a request whose end was not learned. Safe to use from any thread; one for each process is enough.
/// </summary>
public sealed class FacilityClient : IDisposable
{
    private readonly SettlementClientOptions options;
    private readonly GrpcChannel channel;

    /// <summary>Opens a client; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public FacilityClient(SettlementClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        channel = GrpcChannel.ForAddress(options.Server, new GrpcChannelOptions
        {
            HttpHandler = Handler(options),
            DisposeHttpClient = true,
        });
        CallInvoker calls = channel.Intercept(new PersonBucketInterceptor());
        Settlement = new SettlementClient(calls);
        Enrolment = new EnrolmentClient(calls);
        Reconciliation = new ReconciliationClient(channel);
    }

    /// <summary>The Settlement service itself, without retries: pass <see cref="CallOptions"/>.</summary>
    public SettlementClient Settlement { get; }

    /// <summary>The Enrolment service itself, without retries.</summary>
    public EnrolmentClient Enrolment { get; }

    /// <summary>The Reconciliation service itself, without retries.</summary>
    public ReconciliationClient Reconciliation { get; }

    /// <summary>Key and deadline of one call of the services themselves.</summary>
    public CallOptions CallOptions(CancellationToken cancellation = default)
    {
        Metadata headers = [];
        if (options.Key is { } key) headers.Add("authorization", $"Bearer {key}");
        return new CallOptions(headers, options.Time.GetUtcNow().UtcDateTime + options.CallDeadline, cancellation);
    }

    /// <summary>Pre-settlement.</summary>
    /// <exception cref="SettlementRefusedException">Refused.</exception>
    /// <exception cref="NotDoneException">No answer in time.</exception>
    public Task<QuoteResponse> QuoteAsync(QuoteRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AskAsync(call => Settlement.QuoteAsync(request, call), cancellation);
    }

    /// <summary>Settlement. The answer names the first request where the charge had been settled under another one.</summary>
    /// <exception cref="SettlementRefusedException">Refused: nothing was written.</exception>
    /// <exception cref="NotDoneException">Busy, or not reached, all the time: nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">No end is known.</exception>
    public Task<SettleResponse> SettleAsync(SettleRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return MoveAsync(
            call => Settlement.SettleAsync(request, call), known => known.Settled, request.RequestId, request.Person, cancellation);
    }

    /// <summary>Reversal.</summary>
    /// <exception cref="SettlementRefusedException">Refused: nothing was written.</exception>
    /// <exception cref="NotDoneException">Busy, or not reached, all the time: nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">No end is known.</exception>
    public Task<ReverseResponse> ReverseAsync(ReverseRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return MoveAsync(
            call => Settlement.ReverseAsync(request, call), known => known.Reversed, request.RequestId, request.Person, cancellation);
    }

    /// <summary>The end of a request of unknown outcome (冲正): it is reversed, or will never settle.</summary>
    /// <exception cref="SettlementRefusedException">Refused: a later settlement must be reversed first, and the like.</exception>
    /// <exception cref="NotDoneException">Busy, or not reached, all the time.</exception>
    /// <exception cref="OutcomeUnknownException">No end is known: void it again.</exception>
    public Task<VoidResponse> VoidAsync(VoidRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        // A void repeated answers the same, so that there is nothing else to ask.
        return MoveAsync(call => Settlement.VoidAsync(request, call), null, request.RequestId, request.Person, cancellation);
    }

    /// <summary>What became of a request: settled, voided, not known, or in progress.</summary>
    /// <exception cref="SettlementRefusedException">Refused.</exception>
    /// <exception cref="NotDoneException">No answer in time.</exception>
    public Task<GetByRequestResponse> GetByRequestAsync(string requestId, string person = "", CancellationToken cancellation = default) =>
        AskAsync(call =>
            Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = requestId, Person = person }, call), cancellation);

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private async Task<T> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        (T? answer, RpcException? error, CallFailure? failure) = await TryAsync(call, cancellation);
        if (error is null) return answer!;
        throw failure!.Kind == FailureKind.Refused
            ? new SettlementRefusedException("", failure, error)
            : new NotDoneException("", failure, error);
    }

    private async Task<T> MoveAsync<T>(
        Func<CallOptions, AsyncUnaryCall<T>> call, Func<GetByRequestResponse, T?>? answerOf, string requestId, string person,
        CancellationToken cancellation)
        where T : class, IMessage
    {
        bool mayBeDone = false;
        (T? answer, RpcException? error, CallFailure? failure) =
            await TryAsync(call, cancellation, each => mayBeDone |= each.Kind == FailureKind.Unknown);
        if (error is null) return answer!;
        if (failure!.Kind == FailureKind.Refused) throw new SettlementRefusedException(requestId, failure, error);
        if (!mayBeDone) throw new NotDoneException(requestId, failure, error);
        // The last word: what the ledger knows of the request. Not known says nothing while a late copy may still be on its way.
        if (answerOf is not null && await FindAsync(requestId, person, cancellation) is { } known && answerOf(known) is { } found)
            return found;
        throw new OutcomeUnknownException(requestId, failure, error);
    }

    private async Task<GetByRequestResponse?> FindAsync(string requestId, string person, CancellationToken cancellation)
    {
        try
        {
            return await Settlement.GetByRequestAsync(
                new GetByRequestRequest { RequestId = requestId, Person = person }, CallOptions(cancellation))
                    .ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            return null; // the outcome stays unknown, and that is what the caller is told
        }
    }

    /// <summary>Calls until it is answered, refused, or patience is over.</summary>
    private async Task<(T? Answer, RpcException? Error, CallFailure? Failure)> TryAsync<T>(
        Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation, Action<CallFailure>? seen = null)
    {
        long start = options.Time.GetTimestamp();
        TimeSpan pause = options.FirstPause;
        while (true)
        {
            try
            {
                return (await call(CallOptions(cancellation)).ResponseAsync.ConfigureAwait(false), null, null);
            }
            catch (RpcException error)
            {
                cancellation.ThrowIfCancellationRequested();
                CallFailure failure = CallFailure.Of(error);
                seen?.Invoke(failure);
                if (failure.Kind == FailureKind.Refused || options.Time.GetElapsedTime(start) + pause > options.Patience)
                    return (default, error, failure);
            }

            // Half of the pause is chance, so that counters which failed together do not come back together.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), options.Time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
        }
    }

    private static SocketsHttpHandler Handler(SettlementClientOptions options)
    {
        SocketsHttpHandler handler = new()
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        };
        if (options.ClientCertificate is { } own) handler.SslOptions.ClientCertificates = [own];
        if (options.TrustedRoots is { } roots)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
