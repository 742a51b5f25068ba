namespace Settlement.Http2;

/// <summary>The server broke the protocol, or the connection cannot carry on: nothing measured on it counts.</summary>
public sealed class Http2Exception : Exception
{
    /// <summary>Says what happened.</summary>
    public Http2Exception(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened, and why.</summary>
    public Http2Exception(string message, Exception reason)
        : base(message, reason)
    {
    }
}
