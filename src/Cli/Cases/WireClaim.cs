using System.Globalization;
using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Cli.Cases;

/// <summary>A claim of a case as the contract sends it.</summary>
internal static class WireClaim
{
    /// <summary>The claim on the wire.</summary>
    public static Wire.Claim Of(Claim claim)
    {
        Wire.Claim wire = new()
        {
            Region = Division(claim.Region),
            Scheme = claim.Scheme == Scheme.Employee ? Wire.Scheme.Types.Kind.Employee : Wire.Scheme.Types.Kind.Resident,
            VisitType = Named<Wire.Visit.Types.Type>(claim.VisitType.Text()),
            Facility = Of(claim.Facility),
            AdmissionDate = claim.AdmissionDate is { } admitted ? Day(admitted) : "",
            DischargeDate = Day(claim.DischargeDate),
            Emergency = claim.Emergency,
            Referral = claim.Referral,
            TreatmentFeeItem = claim.TreatmentFeeItem,
            GeneralFee = claim.GeneralFee,
            Disease = claim.Disease == Disease.None ? "" : claim.Disease.Text(),
            Pregnancy = claim.Pregnancy ?? "",
            Cycle = claim.Cycle ?? "",
        };
        if (claim.KnownPayments is { } known) (wire.Pooled, wire.SeriousIllness) = (known.Pooled, known.SeriousIllness);
        if (claim.StatedKind is { } stated) wire.OutOfAreaKind = Named<Wire.OutOfArea.Types.Kind>(stated.Text());
        if (claim.Totals is { } totals) wire.Totals = Of(totals);
        foreach (FeeLine line in claim.Lines) wire.Lines.Add(Of(line));
        foreach (Diagnoses marker in Enum.GetValues<Diagnoses>())
        {
            if (marker != Diagnoses.None && claim.Diagnoses.HasFlag(marker)) wire.Diagnoses.Add(marker.Text());
        }

        return wire;
    }

    /// <summary>A day as the contract writes it.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A division code as the contract writes it.</summary>
    public static string Division(int code) => code.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>A value of the contract by the name which rules and cases use for it.</summary>
    public static T Named<T>(string name)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (WireName(value) == name) return value;
        }

        throw new NotSupportedException($"the contract has no {typeof(T).Name} {name}");
    }

    /// <summary>The name of a contract's value in the proto file.</summary>
    public static string WireName<T>(T value)
        where T : struct, Enum =>
        typeof(T).GetField($"{value}")?.GetCustomAttributes(typeof(Google.Protobuf.Reflection.OriginalNameAttribute), false)
            .OfType<Google.Protobuf.Reflection.OriginalNameAttribute>().SingleOrDefault()?.Name ?? "";

    private static Wire.Facility Of(Facility facility) => new()
    {
        Code = facility.Code,
        Level = Named<Wire.Facility.Types.Level>(facility.Level.Text()),
        Kind = Named<Wire.Facility.Types.Kind>(facility.Kind.Text()),
        Division = Division(facility.Division),
        Designated = facility.Designated,
        AssistanceDesignated = facility.AssistanceDesignated,
        Abroad = facility.Abroad,
        Parent = facility.Parent ?? "",
        Grade = facility.Grade switch { FacilityGrade.Grade3A => "3A", FacilityGrade.Grade3B => "3B", _ => "" },
        Specialised = facility.Specialised,
        CountyLevel2 = facility.CountyLevel2,
        EssentialDrugs = facility.EssentialDrugs,
    };

    // In scope may be left out of a case; the contract always has it.
    private static Wire.Totals Of(ClaimTotals totals) => new()
    {
        Total = totals.Total,
        SelfFunded = totals.SelfFunded,
        OverLimit = totals.OverLimit,
        PreSelfPay = totals.PreSelfPay,
        PreSelfPayNotCounted = totals.PreSelfPayNotCounted,
        InScope = totals.InScope ?? totals.Total - totals.SelfFunded - totals.OverLimit - totals.PreSelfPay,
    };

    private static Wire.FeeLine Of(FeeLine line)
    {
        Wire.FeeLine wire = new()
        {
            Code = line.Code,
            Class = Named<Wire.FeeLine.Types.Class>(line.Class.Text()),
            Price = line.Price,
            Quantity = checked((int)line.Quantity),
            SelfPayBp = line.SelfPayBp,
            NotCounted = line.NotCounted,
            Treatment = line.Treatment,
        };
        if (line.Limit is { } limit) wire.Limit = limit;
        return wire;
    }
}
