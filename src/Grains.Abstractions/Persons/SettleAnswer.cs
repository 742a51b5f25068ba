using Google.Protobuf;
using Orleans;
using Settlement.Contract;

namespace Settlement.Persons;

/// <summary>
/// The answer to a settlement, encoded once: the ledger keeps the bytes for ever, the wire sends them. Who needs the fields reads them
/// out of the bytes; on the way of a settlement nobody does.
/// </summary>
/// <param name="Encoded">A <c>SettleResponse</c> in bytes. Taken by reference: nobody writes to it afterwards.</param>
[GenerateSerializer, Immutable, Alias("settlement.settle-answer")]
public sealed record SettleAnswer([property: Id(0)] byte[] Encoded)
{
    /// <summary>The message, read anew each time.</summary>
    public SettleResponse Message => SettleResponse.Parser.ParseFrom(Encoded);

    /// <summary>Encodes a message.</summary>
    public static SettleAnswer Of(SettleResponse message) => new(message.ToByteArray());
}
