using Google.Protobuf.Reflection;
using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.Persons;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Gateway.Services;

/// <summary>
/// Binds the Settlement service as the generated code does, but for the two methods that settle: they answer with the bytes which the
/// ledger keeps (<see cref="EncodedAnswers"/>), not with a message. gRPC looks for the methods in the class that carries the attribute,
/// hence a base class of our own.
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
        public virtual Task<SettleAnswer> Settle(SettleRequest request, ServerCallContext context) => throw Unimplemented();

        /// <summary>Settlement in bulk.</summary>
        public virtual Task SettleMany(
            IAsyncStreamReader<SettleRequest> requestStream, IServerStreamWriter<BulkAnswer> responseStream,
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
        TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            if (method is Method<SettleRequest, SettleResponse> settle)
                grpc.AddMethod(Answered(settle, EncodedAnswers.OfSettle), (UnaryServerMethod<SettleRequest, SettleAnswer>?)null);
            else grpc.AddMethod(method, handler);
        }

        public override void AddMethod<TRequest,
            TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        {
            if (method is Method<SettleRequest, SettleManyResponse> bulk)
                grpc.AddMethod(Answered(bulk, EncodedAnswers.OfSettleMany), (DuplexStreamingServerMethod<SettleRequest, BulkAnswer>?)null);
            else grpc.AddMethod(method, handler);
        }

        private static Method<SettleRequest, TAnswer> Answered<TMessage, TAnswer>(
            Method<SettleRequest, TMessage> method, Marshaller<TAnswer> answers) =>
            new(method.Type, method.ServiceName, method.Name, method.RequestMarshaller, answers);
    }
}
