using Settlement.Http2;

namespace Settlement.Bench.Payloads;

/// <summary>Settlements of discharges nobody sent before, for one connection: spread over persons, or all of one person.</summary>
internal sealed class SettleCalls(Discharges discharges, bool hot = false, long count = long.MaxValue) : ICalls
{
    private readonly SettleTemplate template = new();
    private long next;
    private long end;
    private long written;

    /// <inheritdoc/>
    public string Path => "/settlement.v1.Settlement/Settle";

    /// <inheritdoc/>
    public int MaxRequestBytes => template.Length;

    /// <inheritdoc/>
    public bool IsExhausted => written >= count;

    /// <inheritdoc/>
    public int Write(Span<byte> destination) => Write(destination, out _);

    /// <summary>Writes the next request and gives its length and number.</summary>
    public int Write(Span<byte> destination, out long number)
    {
        if (next == end)
        {
            next = discharges.Reserve();
            end = next + Discharges.Block;
        }

        written++;
        number = next++;
        Discharge discharge = discharges.Facts(number);
        return template.Write(destination, hot ? discharge with { Person = discharges.HotPerson } : discharge);
    }

    /// <summary>
    /// A new charge that is answered as settled before is a fault; the mark is the second field of the answer, behind the result.
    /// </summary>
    public string? Fault(ReadOnlySpan<byte> answer) =>
        SettleAnswer.IsFresh(answer) ? null : "a new charge was answered as settled before, or without a result";
}
