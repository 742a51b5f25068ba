namespace Settlement.Gateway.Overload;

/// <summary>
/// Whether one HTTP/2 connection is read slowly: while its sender storms beyond what is held back, if the connection is that sender's alone
/// and carries many calls at a time. What is not read fills the buffers of the network, and the calls stay where they come from. A proxy
/// that makes a connection for each call, or carries several hospitals on one, is never braked.
/// </summary>
internal sealed class ConnectionBrake
{
    private const int ManyCalls = 2;

    private Storm? sender;
    private bool isShared;
    private int heldBack;

    /// <summary>Whether what comes may not be taken yet.</summary>
    public bool IsOn =>
        Volatile.Read(ref sender) is { IsSlowed: true } && !Volatile.Read(ref isShared) && Volatile.Read(ref heldBack) >= ManyCalls;

    /// <summary>Whether the next of what came may be taken all the same.</summary>
    public bool MayRead => !IsOn || sender!.MayRead();

    /// <summary>A call of this sender came on the connection.</summary>
    public void Carries(Storm caller)
    {
        Storm? seen = Volatile.Read(ref sender) ?? Interlocked.CompareExchange(ref sender, caller, null);
        if (seen is not null && seen != caller) Volatile.Write(ref isShared, true);
        if (IsOn) caller.Arrives();
    }

    /// <summary>A call of the connection waits for a place or for its refusal; <see cref="Answers"/> must follow.</summary>
    public void HoldsBack() => Interlocked.Increment(ref heldBack);

    /// <summary>It waits no longer.</summary>
    public void Answers() => Interlocked.Decrement(ref heldBack);
}
