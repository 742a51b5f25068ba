using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Services;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests;

/// <summary>A caller that breaks its stream off is not taken for a defect of the server.</summary>
public sealed class BrokenStreamTests
{
    // Found by fuzzing: seed 7002, a frame sent to a closed stream.
    [Fact]
    public async Task A_stream_that_its_caller_breaks_off_is_cancelled_and_logs_nothing()
    {
        RecordedLog log = new();
        Edge edge = new(null!, log.For<Edge>()); // who called is not asked here
        IOException aborted = new("The request stream was aborted.");

        Exception seen = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (SettleRequest _ in new Broken(aborted).Requests(CancellationToken.None)) Assert.Fail("There is no message.");
        });

        Assert.Equal((int)StatusCode.Cancelled, edge.ToStatus(seen, "SettleMany").Code);
        Assert.Same(aborted, seen.InnerException);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void Any_other_failure_to_read_is_a_defect_and_logged()
    {
        RecordedLog log = new();

        Google.Rpc.Status status = new Edge(null!, log.For<Edge>()).ToStatus(new IOException("disk"), "SettleMany");

        Assert.Equal((int)StatusCode.Internal, status.Code);
        Assert.Contains("SettleMany failed unexpectedly", Assert.Single(log.Lines));
    }

    private sealed class Broken(Exception error) : IAsyncStreamReader<SettleRequest>
    {
        public SettleRequest Current => throw new InvalidOperationException("There is no message.");

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromException<bool>(error);
    }
}
