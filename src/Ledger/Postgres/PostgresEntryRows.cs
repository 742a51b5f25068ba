using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// Entries in the binary format of PostgreSQL's COPY, columns in the order of <see cref="Columns"/>. Parameters of a statement are laid
/// out in the same way, so one row alone serves as them too. The buffer is kept between batches: a batch allocates nothing.
/// </summary>
internal sealed class PostgresEntryRows
{
    /// <summary>The columns written: the place within the statement, and all but the position.</summary>
    public const string Columns = "place, " + EntryColumns.Content;

    private const int HeaderLength = 11 + (2 * sizeof(int));

    // Dates and times count from the first day of 2000.
    private static readonly DateOnly FirstDay = new(2000, 1, 1);
    private static readonly long FirstTicks = FirstDay.ToDateTime(TimeOnly.MinValue).Ticks;

    private readonly ArrayBufferWriter<byte> buffer = new(64 << 10);

    /// <summary>SQL types of <see cref="Columns"/>.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "integer", "timestamptz", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "bigint", "uuid", "uuid",
        "integer", "integer", "date", "integer", "smallint", "smallint", "smallint", "smallint", "text", "text", "text", "bytea", "bytea",
        "bytea", "bytea", "bytea",
    ];

    /// <summary>What COPY is to be sent.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>The values of the only row, each with its length in front. To be read before <see cref="End"/>.</summary>
    public ReadOnlySpan<byte> OnlyRow => buffer.WrittenSpan[(HeaderLength + sizeof(short))..];

    private static ReadOnlySpan<byte> Signature =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0];

    /// <summary>Empties the buffer and writes the header: signature, flags, length of the header's extension.</summary>
    public void Begin()
    {
        buffer.ResetWrittenCount();
        buffer.Write(Signature);
        Row row = new(buffer.GetSpan(2 * sizeof(int)));
        row.Put(0);
        row.Put(0);
        buffer.Advance(row.Length);
    }

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">A sealed entry.</param>
    /// <param name="place">Its place in the statement, which orders entries of one transaction.</param>
    public void Add(LedgerEntry entry, int place)
    {
        Row row = new(buffer.GetSpan(MostBytes(entry)));
        row.Put((short)Types.Count);
        row.Int32(place);
        row.Int64((entry.RecordedAt.UtcTicks - FirstTicks) / TimeSpan.TicksPerMicrosecond);
        row.Int64(entry.PackKey);
        row.Int64(entry.Total);
        row.Int64(entry.Pooled);
        row.Int64(entry.SeriousIllness);
        row.Int64(entry.AssistanceBasic);
        row.Int64(entry.AssistanceTilt);
        row.Int64(entry.AssistanceOutpatient);
        row.Int64(entry.AssistanceOther);
        row.Int64(entry.PersonPays);
        row.Key(entry.RequestKey);
        if (entry.ChargeKey is { } charge) row.Key(charge);
        else row.Null();
        row.Int32(entry.Sequence);
        row.Int32(entry.Region);
        row.Int32(entry.EffectiveDate.DayNumber - FirstDay.DayNumber);
        if (entry.Reverses is { } reversed) row.Int32(reversed);
        else row.Null();
        row.Int16((short)entry.BenefitYear);
        row.Int16(entry.VisitType);
        row.Int16((short)entry.Kind);
        if (entry.ChargeKey is not null) row.Int16((short)entry.ChargeGeneration);
        else row.Null();
        row.Text(entry.PersonId);
        row.Text(entry.Origin);
        row.Text(entry.RequestId);
        row.Hash(entry.PreviousHash);
        row.Hash(entry.Hash);
        row.Bytes(entry.Event.Span);
        row.Bytes(entry.Answer.Span);
        row.Bytes(entry.AccountAfter.Span);
        buffer.Advance(row.Length);
    }

    /// <summary>Writes the end mark.</summary>
    public void End()
    {
        Row row = new(buffer.GetSpan(sizeof(short)));
        row.Put((short)-1);
        buffer.Advance(row.Length);
    }

    private static int MostBytes(LedgerEntry entry) =>
        512 + Encoding.UTF8.GetMaxByteCount(entry.PersonId.Length + entry.Origin.Length + entry.RequestId.Length)
            + entry.Event.Length + entry.Answer.Length + entry.AccountAfter.Length;

    /// <summary>Big-endian values, each with its length in front.</summary>
    private ref struct Row(Span<byte> buffer)
    {
        private readonly Span<byte> buffer = buffer;

        public int Length { get; private set; }

        public void Put(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(buffer[Length..], value);
            Length += sizeof(short);
        }

        public void Put(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer[Length..], value);
            Length += sizeof(int);
        }

        public void Null() => Put(-1);

        public void Int16(short value)
        {
            Put(sizeof(short));
            Put(value);
        }

        public void Int32(int value)
        {
            Put(sizeof(int));
            Put(value);
        }

        public void Int64(long value)
        {
            Put(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(buffer[Length..], value);
            Length += sizeof(long);
        }

        public void Key(LedgerKey key)
        {
            Put(LedgerKey.ByteLength);
            key.CopyTo(buffer[Length..]);
            Length += LedgerKey.ByteLength;
        }

        public void Hash(LedgerHash hash)
        {
            Put(LedgerHash.ByteLength);
            hash.CopyTo(buffer[Length..]);
            Length += LedgerHash.ByteLength;
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            Put(bytes.Length);
            bytes.CopyTo(buffer[Length..]);
            Length += bytes.Length;
        }

        public void Text(string text)
        {
            int written = Encoding.UTF8.GetBytes(text, buffer[(Length + sizeof(int))..]);
            Put(written);
            Length += written;
        }
    }
}
