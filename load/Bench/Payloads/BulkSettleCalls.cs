using Settlement.Http2;

namespace Settlement.Bench.Payloads;

/// <summary>The same settlements through the bulk stream.</summary>
internal sealed class BulkSettleCalls(Discharges discharges, long count = long.MaxValue) : IBulkCalls
{
    private readonly SettleCalls calls = new(discharges, count: count);

    /// <inheritdoc/>
    public string Path => "/settlement.v1.Settlement/SettleMany";

    /// <inheritdoc/>
    public int MaxRequestBytes => calls.MaxRequestBytes;

    /// <inheritdoc/>
    public bool IsExhausted => calls.IsExhausted;

    /// <inheritdoc/>
    public int Write(Span<byte> destination, out long number) => calls.Write(destination, out number);

    /// <inheritdoc/>
    public string? Fault(ReadOnlySpan<byte> answer, out long number) =>
        SettleAnswer.IsSettled(answer, out number)
            ? null
            : $"the answer is not a fresh settlement: {System.Text.Encoding.UTF8.GetString(answer)}";
}
