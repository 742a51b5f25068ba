using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Settlement.Contract;

namespace Settlement.Load.Tests.Support;

/// <summary>A settlement service that settles nothing: it does what the test tells it.</summary>
internal sealed class PlainService(PlainBehaviour behaviour) : Contract.Settlement.SettlementBase
{
    public override async Task<PingResponse> Ping(PingRequest request, ServerCallContext context)
    {
        await behaviour.Ping(behaviour.Count(), context);
        return new PingResponse();
    }

    public override Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        Task.FromResult(new GetAccountResponse { Person = new string('x', behaviour.AnswerLength) });

    public override async Task SettleMany(
        IAsyncStreamReader<SettleRequest> requestStream, IServerStreamWriter<SettleManyResponse> responseStream, ServerCallContext context)
    {
        List<SettleRequest> open = [];
        await foreach (SettleRequest request in requestStream.ReadAllAsync())
        {
            behaviour.Count();
            open.Add(request);
            if (open.Count < behaviour.BulkOrder) continue;
            open.Reverse();
            foreach (SettleRequest due in open) await responseStream.WriteAsync(behaviour.Bulk(due));
            open.Clear();
        }

        foreach (SettleRequest due in open) await responseStream.WriteAsync(behaviour.Bulk(due));
    }
}

/// <summary>What the service does, and how often it was asked.</summary>
internal sealed class PlainBehaviour
{
    private int calls;

    public int Calls => calls;

    /// <summary>What an empty call does before it is answered, given its number from 1.</summary>
    public Func<int, ServerCallContext, Task> Ping { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Length of the text in the answer of GetAccount.</summary>
    public int AnswerLength { get; init; } = 8;

    /// <summary>How many requests of a stream are gathered and answered in the opposite order.</summary>
    public int BulkOrder { get; init; } = 1;

    /// <summary>The answer to a request of a stream.</summary>
    public Func<SettleRequest, SettleManyResponse> Bulk { get; init; } = request => new SettleManyResponse
    {
        RequestId = request.RequestId,
        Settled = new SettleResponse { Result = new SettlementResult { Person = request.Person } },
    };

    public int Count() => Interlocked.Increment(ref calls);

    /// <summary>Ends the stream of a call with RST_STREAM.</summary>
    public static void Reset(ServerCallContext context, int code) =>
        context.GetHttpContext().Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
}
