using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>Interceptors see every call on their side; services live as the container says.</summary>
public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_interceptors_see_calls_of_every_kind_in_order()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Interceptors.Add<NamingInterceptor>("outer");
            options.Interceptors.Add<NamingInterceptor>("inner");
        });
        Probe.ProbeClient client = server.Client();

        using AsyncUnaryCall<Text> unary = client.EchoAsync(new Text());
        await unary;
        using AsyncClientStreamingCall<Text, Sum> collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using AsyncServerStreamingCall<Text> produce = client.Produce(new Amount { Count = 1 });
        await produce.ResponseStream.ReadAllAsync().ToListAsync();
        using AsyncDuplexStreamingCall<Text, Text> chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        await chat.ResponseStream.ReadAllAsync().ToListAsync();

        foreach (Metadata trailers in (Metadata[])[unary.GetTrailers(), collect.GetTrailers(), produce.GetTrailers(), chat.GetTrailers()])
            Assert.Equal("outer,inner", string.Join(',', trailers.GetAll("x-seen").Select(entry => entry.Value)).Replace(" ", ""));
    }

    [Fact]
    public async Task A_server_interceptor_may_refuse_a_call()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Interceptors.Add<RefusingInterceptor>());

        RpcException error = await TestServer.FailureOf(server.Client().EchoAsync(new Text()));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task A_client_interceptor_may_change_the_call()
    {
        await using TestServer server = await TestServer.StartAsync();
        var client = new Probe.ProbeClient(server.Channel().Intercept(new SigningInterceptor()));

        using AsyncUnaryCall<Text> call = client.EchoAsync(new Text());
        await call;

        Assert.Equal("signed", call.GetTrailers().GetValue("x-signature"));
    }

    [Fact]
    public async Task A_service_is_created_and_disposed_for_each_call_unless_it_is_registered()
    {
        await using TestServer server = await TestServer.StartAsync(
            services: services => services.AddSingleton<Lives>(), map: application => application.MapGrpcService<PerCall>());
        var client = new Lifetimes.LifetimesClient(server.Channel());

        await client.TouchAsync(new Text());
        await client.TouchAsync(new Text());

        Lives lives = server.Services.GetRequiredService<Lives>();
        Assert.Equal((2, 2), (lives.Created, lives.Disposed));
    }

    [Fact]
    public async Task A_singleton_service_serves_all_calls()
    {
        await using TestServer server = await TestServer.StartAsync(
            services: services => services.AddSingleton<Lives>().AddSingleton<PerCall>(),
            map: application => application.MapGrpcService<PerCall>());
        var client = new Lifetimes.LifetimesClient(server.Channel());

        await client.TouchAsync(new Text());
        await client.TouchAsync(new Text());

        Lives lives = server.Services.GetRequiredService<Lives>();
        Assert.Equal((1, 0), (lives.Created, lives.Disposed));
    }

    [Fact]
    public async Task A_handler_reaches_the_http_request()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Interceptors.Add<ProtocolInterceptor>());
        using AsyncUnaryCall<Text> call = server.Client().EchoAsync(new Text());

        await call;

        Assert.Equal("HTTP/2", call.GetTrailers().GetValue("x-protocol"));
        Assert.Equal("/settlement.contract.v1.Probe/Echo", call.GetTrailers().GetValue("x-method"));
        Assert.StartsWith("ipv4:127.0.0.1:", call.GetTrailers().GetValue("x-peer"));
    }

    public sealed class NamingInterceptor(string name) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            context.ResponseTrailers.Add("x-seen", name);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            context.ResponseTrailers.Add("x-seen", name);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
                ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            context.ResponseTrailers.Add("x-seen", name);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            context.ResponseTrailers.Add("x-seen", name);
            return continuation(requestStream, responseStream, context);
        }
    }

    public sealed class RefusingInterceptor : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you"));
    }

    public sealed class ProtocolInterceptor : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            HttpContext http = context.GetHttpContext();
            context.ResponseTrailers.Add("x-protocol", http.Request.Protocol);
            context.ResponseTrailers.Add("x-method", context.Method);
            context.ResponseTrailers.Add("x-peer", context.Peer);
            return continuation(request, context);
        }
    }

    private sealed class SigningInterceptor : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            CallOptions options = context.Options.WithHeaders(new Metadata { { "x-signature", "signed" } });
            return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
        }
    }

    public sealed class Lives
    {
        private int created;
        private int disposed;

        public int Created => created;

        public int Disposed => disposed;

        public void Create() => Interlocked.Increment(ref created);

        public void Dispose() => Interlocked.Increment(ref disposed);
    }

    public sealed class PerCall : Lifetimes.LifetimesBase, IDisposable
    {
        private readonly Lives lives;

        public PerCall(Lives lives)
        {
            this.lives = lives;
            lives.Create();
        }

        public override Task<Text> Touch(Text request, ServerCallContext context) => Task.FromResult(request);

        public void Dispose() => lives.Dispose();
    }
}
