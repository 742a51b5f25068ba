namespace Orleans.Runtime;

/// <summary>
/// What a caller's thread carries and a grain must not see when its turn runs on that thread: the synchronization context and the
/// async locals. Between processes they would not travel either.
/// </summary>
internal readonly struct CallerContext
{
    private static readonly ExecutionContext? s_clean = CaptureClean();

    private readonly SynchronizationContext? _synchronization;
    private readonly ExecutionContext? _execution;

    private CallerContext(SynchronizationContext? synchronization, ExecutionContext? execution)
    {
        _synchronization = synchronization;
        _execution = execution;
    }

    /// <summary>Takes the caller's context off this thread.</summary>
    public static CallerContext Leave()
    {
        var synchronization = SynchronizationContext.Current;
        var execution = ExecutionContext.Capture();
        if (synchronization is not null) SynchronizationContext.SetSynchronizationContext(null);
        if (execution is null || execution == s_clean || s_clean is null) execution = null;
        else ExecutionContext.Restore(s_clean);
        return new(synchronization, execution);
    }

    /// <summary>Puts the caller's context back.</summary>
    public void Return()
    {
        if (_execution is not null) ExecutionContext.Restore(_execution);
        if (_synchronization is not null) SynchronizationContext.SetSynchronizationContext(_synchronization);
    }

    private static ExecutionContext? CaptureClean()
    {
        ExecutionContext? clean = null;
        var thread = new Thread(() => clean = ExecutionContext.Capture()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return clean;
    }
}
