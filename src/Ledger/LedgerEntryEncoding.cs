using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Settlement.Ledger;

/// <summary>
/// The canonical bytes of an entry, which its hash covers. Fixed-width fields are little-endian, variable ones carry their length in
/// front, optional ones a presence byte, so that two different entries never give the same bytes. The leading tag is the version of
/// the encoding: a later one gets a tag of its own, and old entries stay verifiable.
/// </summary>
internal static class LedgerEntryEncoding
{
    private const int FixedLength = 512;
    private const int StackLimit = 2048;

    private static ReadOnlySpan<byte> Tag => "settlement-entry-1"u8;

    public static LedgerHash ComputeHash(LedgerEntry entry)
    {
        int most = FixedLength
            + Encoding.UTF8.GetMaxByteCount(entry.PersonId.Length + entry.Origin.Length + entry.RequestId.Length)
            + entry.Event.Length + entry.Answer.Length + entry.AccountAfter.Length;
        if (most <= StackLimit)
        {
            Span<byte> buffer = stackalloc byte[StackLimit];
            return LedgerHash.Of(buffer[..Write(entry, buffer)]);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return LedgerHash.Of(rented.AsSpan(0, Write(entry, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Write(LedgerEntry entry, Span<byte> buffer)
    {
        Encoder encoder = new(buffer);
        encoder.Bytes(Tag);
        encoder.Text(entry.PersonId);
        encoder.Int32(entry.Sequence);
        encoder.Int16((short)entry.Kind);
        encoder.Text(entry.Origin);
        encoder.Text(entry.RequestId);
        encoder.Key(entry.RequestKey);
        encoder.Presence(entry.ChargeKey.HasValue);
        encoder.Key(entry.ChargeKey.GetValueOrDefault());
        encoder.Int32(entry.ChargeGeneration);
        encoder.Int32(entry.BenefitYear);
        encoder.Int32(entry.EffectiveDate.DayNumber);
        encoder.Int16(entry.VisitType);
        encoder.Int32(entry.Region);
        encoder.Int64(entry.PackKey);
        encoder.Presence(entry.Reverses.HasValue);
        encoder.Int32(entry.Reverses.GetValueOrDefault());
        WriteAmounts(entry, ref encoder);
        encoder.Bytes(entry.Event.Span);
        encoder.Bytes(entry.Answer.Span);
        encoder.Bytes(entry.AccountAfter.Span);
        encoder.Int64(entry.RecordedAt.UtcTicks / TimeSpan.TicksPerMicrosecond);
        encoder.Hash(entry.PreviousHash);
        return encoder.Length;
    }

    private static void WriteAmounts(LedgerEntry entry, ref Encoder encoder)
    {
        encoder.Int64(entry.Total);
        encoder.Int64(entry.Pooled);
        encoder.Int64(entry.SeriousIllness);
        encoder.Int64(entry.AssistanceBasic);
        encoder.Int64(entry.AssistanceTilt);
        encoder.Int64(entry.AssistanceOutpatient);
        encoder.Int64(entry.AssistanceOther);
        encoder.Int64(entry.PersonPays);
    }

    private ref struct Encoder(Span<byte> buffer)
    {
        private readonly Span<byte> buffer = buffer;

        public int Length { get; private set; }

        public void Presence(bool value) => buffer[Length++] = value ? (byte)1 : (byte)0;

        public void Int16(short value)
        {
            BinaryPrimitives.WriteInt16LittleEndian(buffer[Length..], value);
            Length += sizeof(short);
        }

        public void Int32(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer[Length..], value);
            Length += sizeof(int);
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer[Length..], value);
            Length += sizeof(long);
        }

        public void Key(LedgerKey key)
        {
            key.CopyTo(buffer[Length..]);
            Length += LedgerKey.ByteLength;
        }

        public void Hash(LedgerHash hash)
        {
            hash.CopyTo(buffer[Length..]);
            Length += LedgerHash.ByteLength;
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            Int32(bytes.Length);
            bytes.CopyTo(buffer[Length..]);
            Length += bytes.Length;
        }

        public void Text(string text)
        {
            int written = Encoding.UTF8.GetBytes(text, buffer[(Length + sizeof(int))..]);
            Int32(written);
            Length += written;
        }
    }
}
