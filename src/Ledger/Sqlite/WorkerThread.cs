using System.Collections.Concurrent;

namespace Settlement.Ledger.Sqlite;

/// <summary>A thread that does blocking work in order, so that the thread pool keeps its threads.</summary>
internal sealed class WorkerThread : IAsyncDisposable
{
    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> tasks = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerThread(string name) => new Thread(Run) { Name = name, IsBackground = true }.Start();

    public Task RunAsync(Action work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        tasks.Add((work, done));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        tasks.CompleteAdding();
        await ended.Task.ConfigureAwait(false);
        tasks.Dispose();
    }

    private void Run()
    {
        foreach ((Action work, TaskCompletionSource done) in tasks.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception problem)
            {
                done.SetException(problem);
            }
        }
        ended.SetResult();
    }
}
