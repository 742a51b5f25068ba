using System.Text;
using Settlement.Http2;

namespace Settlement.Bench.Payloads;

/// <summary>The least call of a person's grain: a <c>GetAccountRequest</c>, spread over the persons.</summary>
internal sealed class CounterCalls(Discharges discharges, int first, int step) : ICalls
{
    private const int PrefixLength = 2;
    private const byte PersonField = (1 << 3) | 2;
    private static readonly int IdLength = Discharges.PersonId(0).Length;
    private long number = first;

    /// <inheritdoc/>
    public string Path => "/settlement.v1.Settlement/GetAccount";

    /// <inheritdoc/>
    public int MaxRequestBytes => PrefixLength + IdLength;

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        int person = discharges.Facts(number).Person;
        number += step;
        destination[0] = PersonField;
        destination[1] = (byte)IdLength;
        return PrefixLength + Encoding.ASCII.GetBytes(Discharges.PersonId(person), destination[PrefixLength..]);
    }

    /// <inheritdoc/>
    public string? Fault(ReadOnlySpan<byte> answer) => null;
}
