using Settlement.Ledger.Writing;

namespace Settlement.Ledger.Tests;

/// <summary>No wake is lost, whoever comes first.</summary>
public sealed class WakeSignalTests
{
    [Fact]
    public async Task A_wake_before_the_wait_is_kept_and_several_are_one()
    {
        WakeSignal signal = new();
        signal.Set();
        signal.Set();
        Assert.True(signal.WaitAsync().AsTask().IsCompletedSuccessfully);
        Task second = signal.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        signal.Set();
        await second.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_loop_sees_every_number_that_was_set_before_it_was_woken()
    {
        const int Last = 100_000;
        WakeSignal signal = new();
        int number = 0;
        Task loop = Task.Run(async () =>
        {
            while (Volatile.Read(ref number) < Last) await signal.WaitAsync();
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (Interlocked.Increment(ref number) < Last) signal.Set();
            signal.Set();
        })));
        await loop.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_who_has_nothing_else_to_do_carries_the_loop_on(bool here)
    {
        WakeSignal signal = new();
        TaskCompletionSource<int> wokenBy = new();
        Task loop = WaitOnceAsync();
        await Task.Factory.StartNew(
            () =>
            {
                if (here) signal.SetHere();
                else signal.Set();
                // A loop that was put off to another thread needs none of this one.
                int by = wokenBy.Task.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
                Assert.Equal(here, by == Environment.CurrentManagedThreadId);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await loop;

        async Task WaitOnceAsync()
        {
            await signal.WaitAsync().ConfigureAwait(false);
            wokenBy.SetResult(Environment.CurrentManagedThreadId);
        }
    }
}
