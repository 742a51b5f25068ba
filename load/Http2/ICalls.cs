namespace Settlement.Http2;

/// <summary>What a load sends, and what it expects. One instance serves one connection and one thread.</summary>
public interface ICalls
{
    /// <summary>The method, as in <c>/package.Service/Method</c>.</summary>
    string Path { get; }

    /// <summary>Longest request, in bytes.</summary>
    int MaxRequestBytes { get; }

    /// <summary>Whether there is no further request; the load then ends before its time.</summary>
    bool IsExhausted => false;

    /// <summary>Writes the next request (the protobuf message alone) and gives its length.</summary>
    int Write(Span<byte> destination);

    /// <summary>
    /// Why an answer with status OK is still not what was asked for, or null when it is. The span lives only during the call.
    /// </summary>
    string? Fault(ReadOnlySpan<byte> answer);
}

/// <summary>
/// The same for a stream in both directions, where answers come in any order and say by a number which request they answer.
/// </summary>
public interface IBulkCalls
{
    /// <summary>The method, as in <c>/package.Service/Method</c>.</summary>
    string Path { get; }

    /// <summary>Longest request, in bytes.</summary>
    int MaxRequestBytes { get; }

    /// <summary>Whether there is no further request; the load then ends before its time.</summary>
    bool IsExhausted => false;

    /// <summary>Writes the next request, gives its length and its number; numbers of one instance grow.</summary>
    int Write(Span<byte> destination, out long number);

    /// <summary>Which request an answer is for, and why it is not what was asked for, or null when it is.</summary>
    string? Fault(ReadOnlySpan<byte> answer, out long number);
}
