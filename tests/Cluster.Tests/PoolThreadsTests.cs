using Settlement.Silo;

namespace Settlement.Cluster.Tests;

/// <summary>A silo begins with few threads, and is never left with too few.</summary>
public sealed class PoolThreadsTests
{
    [Fact]
    public async Task The_pool_begins_with_a_thread_less_than_processors_and_takes_another_when_all_are_held_up()
    {
        ThreadPool.GetMinThreads(out int least, out int leastCompletion);
        ThreadPool.GetMaxThreads(out int most, out int mostCompletion);
        using ManualResetEventSlim goOn = new();
        try
        {
            PoolThreads.LeaveOneProcessor();
            ThreadPool.GetMinThreads(out int now, out _);
            Assert.Equal(Math.Max(1, Environment.ProcessorCount - 1), now);

            Task[] held = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(goOn.Wait))];
            await Task.Run(goOn.Set).WaitAsync(TimeSpan.FromSeconds(60));
            await Task.WhenAll(held);
        }
        finally
        {
            goOn.Set();
            ThreadPool.SetMinThreads(least, leastCompletion);
        }

        ThreadPool.GetMaxThreads(out int mostNow, out int mostCompletionNow);
        Assert.Equal((most, mostCompletion), (mostNow, mostCompletionNow));
    }
}
