using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Settlement.Grpc.Contract.Tests.Probing;
using Status = Grpc.Core.Status;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>What the service and the test tell each other.</summary>
public sealed class Signals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> events = new();
    private int written;

    public Task Of(string name) => Source(name).Task.WaitAsync(TestServer.Guard);

    public void Set(string name) => Source(name).TrySetResult();

    /// <summary>How many messages a streaming method has written so far.</summary>
    public int Written => written;

    public void CountWritten() => Interlocked.Increment(ref written);

    private TaskCompletionSource Source(string name) =>
        events.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Behaves as a test asks it to.</summary>
public sealed class ProbeService(Signals signals) : Probe.ProbeBase
{
    public override async Task<Text> Echo(Text request, ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (Metadata.Entry entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        if (headers.Count > 0)
            await context.WriteResponseHeadersAsync(headers);
        return request;
    }

    public override async Task<Sum> Collect(IAsyncStreamReader<Text> requestStream, ServerCallContext context)
    {
        var sum = new Sum();
        await foreach (Text text in requestStream.ReadAllAsync())
        {
            sum.Count++;
            sum.Characters += text.Text_.Length;
        }

        return sum;
    }

    public override async Task Produce(Amount request, IServerStreamWriter<Text> responseStream, ServerCallContext context)
    {
        try
        {
            for (int number = 0; number < request.Count; number++)
            {
                await responseStream.WriteAsync(new Text { Number = number, Text_ = new string('x', request.Size) });
                signals.CountWritten();
            }
        }
        finally
        {
            signals.Set("produce ended");
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<Text> requestStream, IServerStreamWriter<Text> responseStream, ServerCallContext context)
    {
        using CancellationTokenRegistration cancelled = context.CancellationToken.Register(() => signals.Set("chat cancelled"));
        await foreach (Text text in requestStream.ReadAllAsync())
            await responseStream.WriteAsync(text);
        signals.Set("chat ended");
    }

    public override Task<Text> Fail(Failure request, ServerCallContext context)
    {
        if (request.Plain)
            throw new InvalidOperationException(request.Detail);
        if (request.Reason.Length == 0)
            throw new RpcException(new Status((StatusCode)request.Code, request.Detail), new Metadata { { "x-why", "told to" } });
        var info = new ErrorInfo { Reason = request.Reason, Domain = "contract.test" };
        throw new Google.Rpc.Status { Code = request.Code, Message = request.Detail, Details = { Any.Pack(info) } }.ToRpcException();
    }

    public override async Task<Text> Wait(Text request, ServerCallContext context)
    {
        signals.Set(context.Deadline == DateTime.MaxValue ? "waiting without deadline" : "waiting with deadline");
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
        signals.Set("wait cancelled");
        throw new OperationCanceledException(context.CancellationToken);
    }

    public override async Task<Text> Ignore(Text request, ServerCallContext context)
    {
        signals.Set("ignoring");
        await signals.Of("let it end");
        signals.Set("ignored");
        return request;
    }
}
