using Google.Protobuf;

// The other part of this class is generated from the contract.
namespace Settlement.Contract;

/// <content>The answer is encoded once, for the ledger, which keeps it for ever; the wire sends the kept bytes.</content>
public sealed partial class SettleResponse
{
    /// <summary>
    /// The message in bytes, when it was encoded with <see cref="Keep"/>; else empty. They do not cross from one process to another.
    /// </summary>
    public ReadOnlyMemory<byte> Kept { get; private set; }

    /// <summary>Encodes the message, which must not be changed afterwards.</summary>
    public ReadOnlyMemory<byte> Keep() => Kept = AlreadySettled is null && Result is { } result ? Encode(result) : this.ToByteArray();

    /// <summary>
    /// The same bytes as <c>ToByteArray</c> gives for an answer that has only a result. The library works out the length of every part
    /// once for each message around it; here the result's is worked out once.
    /// </summary>
    private static byte[] Encode(SettlementResult result)
    {
        int length = result.CalculateSize();
        int begin = CodedOutputStream.ComputeTagSize(ResultFieldNumber) + CodedOutputStream.ComputeLengthSize(length);
        byte[] bytes = new byte[begin + length];
        CodedOutputStream output = new(bytes);
        output.WriteTag(ResultFieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteLength(length);
        result.WriteTo(output);
        output.CheckNoSpaceLeft();
        return bytes;
    }
}
