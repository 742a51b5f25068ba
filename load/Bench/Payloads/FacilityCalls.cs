using Settlement.Http2;

namespace Settlement.Bench.Payloads;

/// <summary>Settlements of discharges nobody sent before, all of one hospital, for one connection.</summary>
internal sealed class FacilityCalls(Discharges discharges, int hospital) : ICalls
{
    private readonly SettleTemplate template = new();
    private long next;
    private long end;

    /// <inheritdoc/>
    public string Path => "/settlement.v1.Settlement/Settle";

    /// <inheritdoc/>
    public int MaxRequestBytes => template.Length;

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        if (next == end)
        {
            next = discharges.Reserve();
            end = next + Discharges.Block;
        }

        return template.Write(destination, discharges.Facts(next++) with { Hospital = hospital });
    }

    /// <inheritdoc/>
    public string? Fault(ReadOnlySpan<byte> answer) =>
        SettleAnswer.IsFresh(answer) ? null : "a new charge was answered as settled before, or without a result";
}
