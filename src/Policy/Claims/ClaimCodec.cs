using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Compact, deterministic binary of a claim: equal content, equal bytes. The duplicate check compares them.</summary>
public static class ClaimCodec
{
    private const byte Version = 1;

    [Flags]
    private enum Has
    {
        None = 0,
        Emergency = 1 << 0,
        Referral = 1 << 1,
        TreatmentFeeItem = 1 << 2,
        Totals = 1 << 3,
        InScope = 1 << 4,
        KnownPayments = 1 << 5,
        StatedKind = 1 << 6,
        Designated = 1 << 7,
        AssistanceDesignated = 1 << 8,
        Abroad = 1 << 9,
        Specialised = 1 << 10,
        CountyLevel2 = 1 << 11,
        EssentialDrugs = 1 << 12,
        ReceivedByHand = 1 << 13,
    }

    /// <summary>Encodes a claim.</summary>
    public static byte[] Encode(Claim claim)
    {
        var writer = new ByteWriter(96);
        writer.Byte(Version);
        Write(writer, claim);
        return writer.ToArray();
    }

    /// <summary>Decodes a claim.</summary>
    /// <exception cref="InvalidDataException">The bytes are no claim of a version this build knows.</exception>
    public static Claim Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes, "claim");
        var version = reader.Byte();
        if (version != Version)
            throw reader.Bad($"version {version} is not known, only {Version}");

        var claim = Read(ref reader);
        reader.End();
        return claim;
    }

    internal static void Write(ByteWriter writer, Claim claim)
    {
        var facility = claim.Facility;
        writer.Signed(claim.Region);
        writer.Byte((byte)claim.Scheme);
        writer.Byte((byte)claim.VisitType);
        writer.Unsigned((ulong)FlagsOf(claim));
        writer.Text(facility.Code);
        writer.Byte((byte)facility.Level);
        writer.Byte((byte)facility.Kind);
        writer.Signed(facility.Division);
        writer.OptionalText(facility.Parent);
        writer.Byte((byte)facility.Grade);
        writer.OptionalDate(claim.AdmissionDate);
        writer.Date(claim.DischargeDate);
        writer.Unsigned((ulong)(uint)claim.Diagnoses);
        writer.Signed(claim.GeneralFee);
        writer.Byte((byte)claim.Disease);
        writer.OptionalText(claim.Pregnancy);
        writer.OptionalText(claim.Cycle);
        if (claim.StatedKind is { } kind)
            writer.Byte((byte)kind);

        if (claim.Totals is { } totals)
            WriteTotals(writer, totals);

        if (claim.KnownPayments is { } known)
        {
            writer.Signed(known.Pooled);
            writer.Signed(known.SeriousIllness);
        }

        if (claim.ReceivedByHand is { } received)
            writer.Date(received);

        WriteLines(writer, claim.Lines.IsDefault ? [] : claim.Lines);
    }

    internal static Claim Read(ref ByteReader reader)
    {
        var region = reader.SignedInt();
        var scheme = reader.Enum<Scheme>();
        var visitType = reader.Enum<VisitType>();
        var has = (Has)reader.Unsigned();
        var facility = new Facility
        {
            Code = reader.Text(),
            Level = reader.Enum<FacilityLevel>(),
            Kind = reader.Enum<FacilityKind>(),
            Division = reader.SignedInt(),
            Parent = reader.OptionalText(),
            Grade = reader.Enum<FacilityGrade>(),
            Designated = has.HasFlag(Has.Designated),
            AssistanceDesignated = has.HasFlag(Has.AssistanceDesignated),
            Abroad = has.HasFlag(Has.Abroad),
            Specialised = has.HasFlag(Has.Specialised),
            CountyLevel2 = has.HasFlag(Has.CountyLevel2),
            EssentialDrugs = has.HasFlag(Has.EssentialDrugs),
        };
        return new Claim
        {
            Region = region,
            Scheme = scheme,
            VisitType = visitType,
            Facility = facility,
            Emergency = has.HasFlag(Has.Emergency),
            Referral = has.HasFlag(Has.Referral),
            TreatmentFeeItem = has.HasFlag(Has.TreatmentFeeItem),
            AdmissionDate = reader.OptionalDate(),
            DischargeDate = reader.Date(),
            Diagnoses = (Diagnoses)(int)(uint)reader.Unsigned(),
            GeneralFee = reader.Signed(),
            Disease = reader.Enum<Disease>(),
            Pregnancy = reader.OptionalText(),
            Cycle = reader.OptionalText(),
            StatedKind = has.HasFlag(Has.StatedKind) ? reader.Enum<OutOfAreaKind>() : null,
            Totals = has.HasFlag(Has.Totals) ? ReadTotals(ref reader, has.HasFlag(Has.InScope)) : null,
            KnownPayments = has.HasFlag(Has.KnownPayments) ? new KnownPayments(reader.Signed(), reader.Signed()) : null,
            ReceivedByHand = has.HasFlag(Has.ReceivedByHand) ? reader.Date() : null,
            Lines = ReadLines(ref reader),
        };
    }

    private static Has FlagsOf(Claim claim)
    {
        var facility = claim.Facility;
        return (claim.Emergency ? Has.Emergency : 0)
            | (claim.Referral ? Has.Referral : 0)
            | (claim.TreatmentFeeItem ? Has.TreatmentFeeItem : 0)
            | (claim.Totals is null ? 0 : Has.Totals)
            | (claim.Totals?.InScope is null ? 0 : Has.InScope)
            | (claim.KnownPayments is null ? 0 : Has.KnownPayments)
            | (claim.StatedKind is null ? 0 : Has.StatedKind)
            | (claim.ReceivedByHand is null ? 0 : Has.ReceivedByHand)
            | (facility.Designated ? Has.Designated : 0)
            | (facility.AssistanceDesignated ? Has.AssistanceDesignated : 0)
            | (facility.Abroad ? Has.Abroad : 0)
            | (facility.Specialised ? Has.Specialised : 0)
            | (facility.CountyLevel2 ? Has.CountyLevel2 : 0)
            | (facility.EssentialDrugs ? Has.EssentialDrugs : 0);
    }

    private static void WriteTotals(ByteWriter writer, in ClaimTotals totals)
    {
        writer.Signed(totals.Total);
        writer.Signed(totals.SelfFunded);
        writer.Signed(totals.OverLimit);
        writer.Signed(totals.PreSelfPay);
        writer.Signed(totals.PreSelfPayNotCounted);
        if (totals.InScope is { } inScope)
            writer.Signed(inScope);
    }

    private static ClaimTotals ReadTotals(ref ByteReader reader, bool hasInScope)
        => new(reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed(), hasInScope ? reader.Signed() : null);

    private static void WriteLines(ByteWriter writer, ImmutableArray<FeeLine> lines)
    {
        writer.Count(lines.Length);
        foreach (ref readonly var line in lines.AsSpan())
        {
            writer.Text(line.Code);
            writer.Byte((byte)line.Class);
            writer.Signed(line.Price);
            writer.Signed(line.Quantity);
            writer.Signed(line.SelfPayBp);
            writer.Byte((byte)((line.Limit is null ? 0 : 1) | (line.NotCounted ? 2 : 0) | (line.Treatment ? 4 : 0)));
            if (line.Limit is { } limit)
                writer.Signed(limit);
        }
    }

    private static ImmutableArray<FeeLine> ReadLines(ref ByteReader reader)
    {
        var lines = ImmutableArray.CreateBuilder<FeeLine>(reader.Count());
        for (var n = lines.Capacity; n > 0; n--)
        {
            var (code, kind) = (reader.Text(), reader.Enum<CatalogueClass>());
            var (price, quantity, selfPay) = (reader.Signed(), reader.Signed(), reader.SignedInt());
            var has = reader.Byte();
            var limit = (has & 1) != 0 ? reader.Signed() : (long?)null;
            lines.Add(new FeeLine(code, kind, price, quantity, selfPay, limit, (has & 2) != 0, (has & 4) != 0));
        }

        return lines.MoveToImmutable();
    }
}
