namespace Settlement.Http2;

/// <summary>The same request again and again; any answer with status OK will do.</summary>
/// <param name="path">The method, as in <c>/package.Service/Method</c>.</param>
/// <param name="request">The encoded message; empty for an empty one.</param>
/// <param name="count">How often at most.</param>
public sealed class FixedCall(string path, ReadOnlyMemory<byte> request, long count = long.MaxValue) : ICalls
{
    private long written;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public int MaxRequestBytes => request.Length;

    /// <inheritdoc/>
    public bool IsExhausted => written >= count;

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        written++;
        request.Span.CopyTo(destination);
        return request.Length;
    }

    /// <inheritdoc/>
    public string? Fault(ReadOnlySpan<byte> answer) => null;
}
