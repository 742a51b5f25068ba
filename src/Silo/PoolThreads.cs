namespace Settlement.Silo;

/// <summary>How many threads of the pool work at first.</summary>
internal static class PoolThreads
{
    /// <summary>
    /// Lets the pool begin with one thread less than there are processors, and one at least; it still takes more when they get more done or
    /// when one is held up. A settlement is passed on between threads some ten times. Each time the runtime wakes another thread to help,
    /// if fewer work than it wants: on two processors that one finds nothing, and takes the second processor from the database or from the
    /// thread that reads the sockets.
    /// </summary>
    /// <remarks>Does nothing when the operator has set the number (<c>DOTNET_ThreadPool_ForceMinWorkerThreads</c>).</remarks>
    public static void LeaveOneProcessor()
    {
        int threads = Math.Max(1, Environment.ProcessorCount - 1);
        ThreadPool.GetMinThreads(out _, out int completion);
        if (!ThreadPool.SetMinThreads(threads, completion)) return;

        // What the pool wants now falls with the most it may have, and stays when that rises again.
        ThreadPool.GetMaxThreads(out int most, out int mostCompletion);
        ThreadPool.SetMaxThreads(threads, mostCompletion);
        ThreadPool.SetMaxThreads(most, mostCompletion);
    }
}
