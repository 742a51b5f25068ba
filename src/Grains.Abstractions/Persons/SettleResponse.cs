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
    public ReadOnlyMemory<byte> Keep() => Kept = this.ToByteArray();
}
