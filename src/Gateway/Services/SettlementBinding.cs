using Google.Protobuf.Reflection;
using Grpc.Core;
using Settlement.Contract;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Gateway.Services;

/// <summary>
/// Binds the Settlement service as the generated code does, but for the two methods that settle: their answers leave as the bytes which the
/// ledger keeps (<see cref="KeptAnswers"/>). gRPC looks for the methods in the class that carries the attribute, hence a base class of our
/// own.
/// </summary>
public static class SettlementBinding
{
    /// <summary>What reflection tells of the service.</summary>
    public static ServiceDescriptor Descriptor => Contract.Settlement.Descriptor;

    /// <summary>Called once by gRPC for a service class that derives from <see cref="Base"/>.</summary>
    public static void BindService(ServiceBinderBase binder, Base? service) => Contract.Settlement.BindService(new Binder(binder), null);

    /// <summary>The service's methods; one that is not overridden is answered UNIMPLEMENTED.</summary>
    [BindServiceMethod(typeof(SettlementBinding), nameof(BindService))]
    public abstract class Base
    {
        /// <summary>Pre-settlement.</summary>
        public virtual Task<QuoteResponse> Quote(QuoteRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>Settlement.</summary>
        public virtual Task<SettleResponse> Settle(SettleRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>Settlement in bulk.</summary>
        public virtual Task SettleMany(
            IAsyncStreamReader<SettleRequest> requestStream, IServerStreamWriter<SettleManyResponse> responseStream,
            ServerCallContext context) =>
            throw Unimplemented();

        /// <summary>Reversal.</summary>
        public virtual Task<ReverseResponse> Reverse(ReverseRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>The end of a request of unknown outcome.</summary>
        public virtual Task<VoidResponse> Void(VoidRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>One settlement.</summary>
        public virtual Task<SettlementView> GetSettlement(GetSettlementRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>What became of a request.</summary>
        public virtual Task<GetByRequestResponse> GetByRequest(GetByRequestRequest request, ServerCallContext context) =>
            throw Unimplemented();

        /// <summary>The person's settlements.</summary>
        public virtual Task<ListSettlementsResponse> ListSettlements(ListSettlementsRequest request, ServerCallContext context) =>
            throw Unimplemented();

        /// <summary>The person's counters.</summary>
        public virtual Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>What holds for the person on a day.</summary>
        public virtual Task<GetLimitsResponse> GetLimits(GetLimitsRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>Whether the deposit on admission is waived.</summary>
        public virtual Task<CheckDepositResponse> CheckDeposit(CheckDepositRequest request, ServerCallContext context) =>
            throw Unimplemented();

        /// <summary>The empty call.</summary>
        public virtual Task<PingResponse> Ping(PingRequest request, ServerCallContext context) => throw Unimplemented();

        private static RpcException Unimplemented() => new(new Status(StatusCode.Unimplemented, ""));
    }

    private sealed class Binder(ServiceBinderBase grpc) : ServiceBinderBase
    {
        public override void AddMethod<TRequest,
        TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            grpc.AddMethod(Kept(method), handler);

        public override void AddMethod<TRequest,
            TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            grpc.AddMethod(Kept(method), handler);

        private static Method<TRequest, TResponse> Kept<TRequest, TResponse>(Method<TRequest, TResponse> method)
        {
            object? marshaller = method.ResponseMarshaller switch
            {
                Marshaller<SettleResponse> generated => KeptAnswers.Marshaller(generated),
                Marshaller<SettleManyResponse> generated => KeptAnswers.Marshaller(generated),
                _ => null,
            };
            return marshaller is Marshaller<TResponse> kept
                ? new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, method.RequestMarshaller, kept)
                : method;
        }
    }
}
