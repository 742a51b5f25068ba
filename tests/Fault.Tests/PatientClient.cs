using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Contract;

namespace Settlement.Fault.Tests;

/// <summary>
/// A client that does what docs/cluster.md asks: what has no answer, or was turned away, is sent again with the same request id, after a
/// pause of 50 ms that doubles up to 2 s.
/// </summary>
internal sealed class PatientClient(string server) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly GrpcChannel channel = GrpcChannel.ForAddress(server);
    private int repeats;

    /// <summary>How often a request was sent again.</summary>
    public int Repeats => repeats;

    /// <summary>Registers a person.</summary>
    public Task RegisterAsync(RegisterRequest request)
    {
        Enrolment.EnrolmentClient enrolment = new(channel);
        return UntilAnsweredAsync(request.RequestId, options => enrolment.RegisterAsync(request, options).ResponseAsync);
    }

    /// <summary>Settles.</summary>
    public Task<SettleResponse> SettleAsync(SettleRequest request)
    {
        Contract.Settlement.SettlementClient settlement = new(channel);
        return UntilAnsweredAsync(request.RequestId, options => settlement.SettleAsync(request, options).ResponseAsync);
    }

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private async Task<T> UntilAnsweredAsync<T>(string id, Func<CallOptions, Task<T>> send)
    {
        long begin = Stopwatch.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await send(new CallOptions(deadline: DateTime.UtcNow + Deadline));
            }
            catch (RpcException error) when (IsToBeRepeated(error.StatusCode))
            {
                Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, $"{id} was never answered: {error.Status}");
            }

            Interlocked.Increment(ref repeats);
            using PeriodicTimer timer = new(pause);
            await timer.WaitForNextTickAsync();
        }
    }

    // The last three are what a connection that broke may look like.
    private static bool IsToBeRepeated(StatusCode status) => status is StatusCode.Unavailable or StatusCode.ResourceExhausted
        or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown;
}
