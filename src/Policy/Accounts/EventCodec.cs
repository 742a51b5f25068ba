using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Compact, deterministic binary of a <see cref="PersonEvent"/>: equal content, equal bytes.</summary>
public static class EventCodec
{
    private const byte Version = 1;

    private enum Kind : byte
    {
        Facts = 1,
        Claim = 2,
        Reversal = 3,
        AssistanceLater = 4,
        Grant = 5,
        Correction = 6,
        Void = 7,
    }

    /// <summary>Encodes an event.</summary>
    public static byte[] Encode(PersonEvent happened)
    {
        var writer = new ByteWriter(128);
        writer.Byte(Version);
        switch (happened)
        {
            case FactsRecorded recorded:
                writer.Byte((byte)Kind.Facts);
                writer.Signed(recorded.Region);
                writer.Count(recorded.Facts.Length);
                foreach (var fact in recorded.Facts)
                    FactsCodec.Write(writer, fact);

                break;
            case ClaimSettled settled:
                writer.Byte((byte)Kind.Claim);
                ClaimCodec.Write(writer, settled.Claim);
                break;
            case SettlementReversed reversed:
                writer.Byte((byte)Kind.Reversal);
                writer.Unsigned((ulong)reversed.Sequence);
                writer.Text(reversed.By);
                break;
            case AssistanceLater later:
                writer.Byte((byte)Kind.AssistanceLater);
                writer.Unsigned((ulong)later.Sequence);
                break;
            case GrantPaid paid:
                writer.Byte((byte)Kind.Grant);
                FactsCodec.Write(writer, paid.Grant);
                writer.Signed(paid.BurdenBasic);
                writer.Signed(paid.BurdenTilt);
                break;
            case SettlementsCorrected corrected:
                writer.Byte((byte)Kind.Correction);
                writer.Unsigned((ulong)corrected.Wrong);
                writer.Unsigned((ulong)corrected.First);
                writer.Text(corrected.Reason);
                writer.Byte(corrected.Replacement is null ? (byte)0 : (byte)1);
                if (corrected.Replacement is { } replacement)
                    ClaimCodec.Write(writer, replacement);

                break;
            case RequestVoided:
                writer.Byte((byte)Kind.Void);
                break;
            default:
                throw new ArgumentException($"{happened.GetType().Name} has no binary form", nameof(happened));
        }

        return writer.ToArray();
    }

    /// <summary>Decodes an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are no event of a version this build knows.</exception>
    public static PersonEvent Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes, "event");
        var version = reader.Byte();
        if (version != Version)
            throw reader.Bad($"version {version} is not known, only {Version}");

        PersonEvent happened = reader.Enum<Kind>() switch
        {
            Kind.Facts => ReadFacts(ref reader),
            Kind.Claim => new ClaimSettled(ClaimCodec.Read(ref reader)),
            Kind.Reversal => new SettlementReversed(checked((long)reader.Unsigned()), reader.Text()),
            Kind.AssistanceLater => new AssistanceLater(checked((long)reader.Unsigned())),
            Kind.Grant => ReadGrant(ref reader),
            Kind.Correction => ReadCorrection(ref reader),
            _ => new RequestVoided(),
        };
        reader.End();
        return happened;
    }

    private static GrantPaid ReadGrant(ref ByteReader reader)
        => FactsCodec.ReadOne(ref reader) is GrantFact grant
            ? new GrantPaid(grant, reader.Signed(), reader.Signed())
            : throw reader.Bad("what was granted is no grant");

    private static SettlementsCorrected ReadCorrection(ref ByteReader reader)
    {
        var (wrong, first) = (checked((long)reader.Unsigned()), checked((long)reader.Unsigned()));
        var reason = reader.Text();
        return reader.Byte() switch
        {
            0 => new SettlementsCorrected(wrong, first, null, reason),
            1 => new SettlementsCorrected(wrong, first, ClaimCodec.Read(ref reader), reason),
            var other => throw reader.Bad($"{other} does not tell whether a claim follows"),
        };
    }

    private static FactsRecorded ReadFacts(ref ByteReader reader)
    {
        var region = reader.SignedInt();
        var facts = ImmutableArray.CreateBuilder<Fact>(reader.Count());
        for (var n = facts.Capacity; n > 0; n--)
            facts.Add(FactsCodec.ReadOne(ref reader));

        return new FactsRecorded(region, facts.MoveToImmutable());
    }
}
