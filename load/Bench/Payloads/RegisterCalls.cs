using Google.Protobuf;
using Settlement.Contract;
using Settlement.Http2;

namespace Settlement.Bench.Payloads;

/// <summary>Registers each person once; the persons of one connection are every n-th.</summary>
internal sealed class RegisterCalls(int persons, int first, int step) : ICalls
{
    private int next = first;

    /// <inheritdoc/>
    public string Path => "/settlement.v1.Enrolment/Register";

    /// <inheritdoc/>
    public int MaxRequestBytes => 256;

    /// <inheritdoc/>
    public bool IsExhausted => next >= persons;

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        RegisterRequest request = Discharges.Register(next);
        next += step;
        int length = request.CalculateSize();
        request.WriteTo(destination[..length]);
        return length;
    }

    /// <inheritdoc/>
    public string? Fault(ReadOnlySpan<byte> answer) => null;
}
