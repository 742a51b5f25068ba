using Google.Protobuf;
using Grpc.Core;
using Settlement.Contract;

namespace Settlement.Gateway.Services;

/// <summary>
/// Binds the Settlement service as generated, but for how an answer to Settle is written: the ledger keeps the answer's bytes, and the
/// very same bytes are sent instead of being made a second time.
/// </summary>
public static class SettlementBinding
{
    private static readonly Marshaller<SettleResponse> Answers = Marshallers.Create(
        Write, static context => SettleResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    /// <summary>Called when the service is mapped; the service is null then.</summary>
    public static void BindService(ServiceBinderBase binder, SettlementService service) => Contract.Settlement.BindService(new Rebinder(binder), service);

    private static void Write(SettleResponse answer, SerializationContext context)
    {
        ReadOnlyMemory<byte> encoded = answer.Encoded;
        context.SetPayloadLength(encoded.IsEmpty ? answer.CalculateSize() : encoded.Length);
        if (encoded.IsEmpty) answer.WriteTo(context.GetBufferWriter());
        else System.Buffers.BuffersExtensions.Write(context.GetBufferWriter(), encoded.Span);
        context.Complete();
    }

    private sealed class Rebinder(ServiceBinderBase binder) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(Answers is Marshaller<TResponse> answers ? With(method, answers) : method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        private static Method<TRequest, TResponse> With<TRequest, TResponse>(Method<TRequest, TResponse> method, Marshaller<TResponse> answers)
            where TRequest : class
            where TResponse : class =>
            new(method.Type, method.ServiceName, method.Name, method.RequestMarshaller, answers);
    }
}
