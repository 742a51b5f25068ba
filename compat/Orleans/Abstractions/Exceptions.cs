namespace Orleans.Runtime;

/// <summary>A failure of the runtime, not of a grain.</summary>
public class OrleansException : Exception
{
    /// <summary>Without a text.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>With a text.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>With a text and a cause.</summary>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The configuration cannot work.</summary>
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>With a text.</summary>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>With a text and a cause.</summary>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A call was refused before it reached its grain.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The silo is not running, or is stopping. Whether the call took effect is not known.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Without a text.</summary>
    public SiloUnavailableException()
        : base("Silo unavailable")
    {
    }

    /// <summary>With a text.</summary>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>With a text and a cause.</summary>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
