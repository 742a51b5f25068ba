namespace Settlement.Contract;

public sealed partial class SettleResponse
{
    /// <summary>
    /// The bytes of this very message, where they exist already: the ledger keeps an answer as bytes, and sending them spares making
    /// them twice. Empty where there are none, and after a way between silos. Whoever changes the message must not set it.
    /// </summary>
    public ReadOnlyMemory<byte> Encoded { get; init; }
}
