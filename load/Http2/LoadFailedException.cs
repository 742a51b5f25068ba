namespace Settlement.Http2;

/// <summary>A load met errors: its figures mean nothing.</summary>
public sealed class LoadFailedException : Exception
{
    /// <summary>Says what failed.</summary>
    public LoadFailedException(string message)
        : base(message)
    {
    }
}
