using Google.Protobuf;
using Settlement.Contract;

namespace Settlement.Bench.Payloads;

/// <summary>
/// An encoded <see cref="SettleRequest"/> into which numbers are patched: the same bytes as encoding the message, without its cost.
/// </summary>
internal sealed class SettleTemplate
{
    private const int DigitsOfNumber = 10;
    private const int DigitsOfPerson = 7;
    private const int DigitsOfHospital = 4;
    private const int VarintBytes = 3;
    private static readonly Discharge Sample = new(9_753_124_680, 8_642_097, 7_531, true, 583_401);

    private readonly byte[] level2;
    private readonly byte[] level3;
    private readonly int requestId;
    private readonly int person;
    private readonly int visitId;
    private readonly int hospital;
    private readonly int total;
    private readonly int inScope;

    /// <summary>Encodes a sample and finds in it what will be patched.</summary>
    public SettleTemplate()
    {
        level2 = Discharges.Request(Sample).ToByteArray();
        level3 = Discharges.Request(Sample with { Level2 = false }).ToByteArray();
        requestId = Find(Discharges.RequestId(Sample.Number)) + 2;
        visitId = Find(Discharges.VisitId(Sample.Number)) + 2;
        person = Find(Discharges.PersonId(Sample.Person)) + 1;
        hospital = Find(Discharges.FacilityCode(Sample.Hospital)) + Discharges.FacilityCode(Sample.Hospital).Length - DigitsOfHospital;
        total = FindAmount(Discharges.Total(Sample.InScope));
        inScope = FindAmount(Sample.InScope);
    }

    /// <summary>Length of every request, in bytes.</summary>
    public int Length => level2.Length;

    /// <summary>Writes the request of a discharge and gives its length.</summary>
    public int Write(Span<byte> destination, Discharge discharge)
    {
        (discharge.Level2 ? level2 : level3).CopyTo(destination);
        Digits(destination.Slice(requestId, DigitsOfNumber), discharge.Number);
        Digits(destination.Slice(visitId, DigitsOfNumber), discharge.Number);
        Digits(destination.Slice(person, DigitsOfPerson), discharge.Person);
        Digits(destination.Slice(hospital, DigitsOfHospital), discharge.Hospital);
        Varint(destination[total..], Discharges.Total(discharge.InScope));
        Varint(destination[inScope..], discharge.InScope);
        return Length;
    }

    private static void Digits(Span<byte> destination, long value)
    {
        for (int i = destination.Length - 1; i >= 0; i--, value /= 10) destination[i] = (byte)('0' + value % 10);
    }

    private static void Varint(Span<byte> destination, long value)
    {
        destination[0] = (byte)(value | 0x80);
        destination[1] = (byte)((value >> 7) | 0x80);
        destination[2] = (byte)(value >> 14);
    }

    private int FindAmount(long amount)
    {
        Span<byte> encoded = stackalloc byte[VarintBytes];
        Varint(encoded, amount);
        return Find(encoded);
    }

    private int Find(string text) => Find(System.Text.Encoding.ASCII.GetBytes(text));

    private int Find(ReadOnlySpan<byte> part)
    {
        int at = level2.AsSpan().IndexOf(part);
        return at >= 0 && at == level2.AsSpan().LastIndexOf(part) && level3.AsSpan(at).StartsWith(part)
            ? at
            : throw new InvalidOperationException(
                "A part to be patched is not in the encoded request exactly once: choose another sample.");
    }
}
