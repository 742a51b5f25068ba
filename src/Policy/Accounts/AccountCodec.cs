using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>
/// Compact, deterministic binary of an account; it stands in every ledger entry. Equal accounts give equal bytes.
/// Layout: version, last sequence, tips, yearly counters, counters by reference, facts. Years and sequences are written as differences.
/// </summary>
public static class AccountCodec
{
    private const byte Version = 1;
    private const int BaseYear = 2000;

    /// <summary>Encodes an account.</summary>
    public static byte[] Encode(Account account)
    {
        var writer = new ByteWriter(256);
        writer.Byte(Version);
        writer.Unsigned((ulong)account.LastSequence);
        writer.Count(account.Tips.Length);
        foreach (var tip in account.Tips)
        {
            writer.Signed(tip.Year - BaseYear);
            writer.Unsigned((ulong)(account.LastSequence - tip.Sequence));
        }

        WriteCounters(writer, account.Counters);
        FactsCodec.Write(writer, account.Facts);
        return writer.ToArray();
    }

    /// <summary>Decodes an account.</summary>
    /// <exception cref="InvalidDataException">The bytes are no account of a version this build knows.</exception>
    public static Account Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes, "account");
        var version = reader.Byte();
        if (version != Version)
            throw reader.Bad($"version {version} is not known, only {Version}");

        var last = checked((long)reader.Unsigned());
        var tips = ImmutableArray.CreateBuilder<YearTip>();
        for (var n = reader.Count(); n > 0; n--)
        {
            var year = Year(ref reader);
            var behind = (long)reader.Unsigned();
            if (behind < 0 || behind > last || (tips.Count > 0 && tips[^1].Year >= year))
                throw reader.Bad("a tip is out of order or out of range");

            tips.Add(new YearTip(year, last - behind));
        }

        var counters = ReadCounters(ref reader);
        var facts = FactsCodec.Read(ref reader);
        reader.End();
        return new Account(facts, counters, tips.DrainToImmutable(), last);
    }

    private static void WriteCounters(ByteWriter writer, CounterSet counters)
    {
        writer.Count(counters.Yearly.Length);
        var year = BaseYear;
        foreach (ref readonly var counter in counters.Yearly)
        {
            writer.Signed(counter.Key.Year - year);
            year = counter.Key.Year;
            writer.Byte((byte)counter.Key.Id);
            writer.Byte((byte)counter.Key.Period);
            writer.Byte(counter.Key.Sub);
            writer.Signed(counter.Value);
        }

        writer.Count(counters.Referenced.Length);
        foreach (ref readonly var counter in counters.Referenced)
        {
            writer.Byte((byte)counter.Id);
            writer.Text(counter.Reference);
            writer.Signed(counter.Value);
        }
    }

    private static CounterSet ReadCounters(ref ByteReader reader)
    {
        var yearly = new Counter[reader.Count()];
        var year = BaseYear;
        for (var i = 0; i < yearly.Length; i++)
        {
            year += (int)reader.Signed();
            if (year is < 0 or > ushort.MaxValue)
                throw reader.Bad("a counter's year is out of range");

            var id = reader.Enum<CounterId>();
            var (period, sub) = (reader.Byte(), reader.Byte());
            yearly[i] = new Counter(new CounterKey(id, year, period, sub), reader.Signed());
            if (i > 0 && yearly[i - 1].Key.CompareTo(yearly[i].Key) >= 0)
                throw reader.Bad("counters are out of order");
        }

        var referenced = new ReferenceCounter[reader.Count()];
        for (var i = 0; i < referenced.Length; i++)
            referenced[i] = new ReferenceCounter(reader.Enum<CounterId>(), reader.Text(), reader.Signed());

        return new CounterSet(yearly, referenced);
    }

    private static int Year(ref ByteReader reader)
    {
        var offset = reader.Signed();
        return offset is > -BaseYear and < 30_000 ? (int)offset + BaseYear : throw reader.Bad("a year is out of range");
    }
}
