using System.Collections.Immutable;
using System.Globalization;
using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>
/// Claims between the contract and the rules. The gateway has checked the shape, so nothing here can fail on a caller's input.
/// </summary>
internal static class ClaimMapping
{
    /// <summary>The claim as the rules know it.</summary>
    public static Claim ToPolicy(Wire.Claim claim) => new()
    {
        Region = Division(claim.Region),
        Scheme = ToPolicy(claim.Scheme),
        VisitType = (VisitType)claim.VisitType,
        Facility = ToPolicy(claim.Facility),
        AdmissionDate = Dates.DayOrNull(claim.AdmissionDate),
        DischargeDate = Dates.Day(claim.DischargeDate),
        Totals = claim.Totals is { } totals ? ToPolicy(totals) : null,
        Lines = claim.Lines.Count == 0 ? [] : [.. claim.Lines.Select(ToPolicy)],
        Diagnoses = ToPolicy(claim.Diagnoses),
        Emergency = claim.Emergency,
        Referral = claim.Referral,
        TreatmentFeeItem = claim.TreatmentFeeItem,
        GeneralFee = claim.GeneralFee,
        Disease = Disease(claim.Disease),
        Pregnancy = NullIfEmpty(claim.Pregnancy),
        Cycle = NullIfEmpty(claim.Cycle),
        StatedKind = ToPolicy(claim.OutOfAreaKind),
        ReceivedByHand = Dates.DayOrNull(claim.ReceivedOn),
        KnownPayments = claim.HasPooled || claim.HasSeriousIllness ? new KnownPayments(claim.Pooled, claim.SeriousIllness) : null,
    };

    /// <summary>A claim of the ledger as the contract shows it.</summary>
    public static Wire.Claim ToWire(Claim claim)
    {
        Wire.Claim wire = new()
        {
            Region = Division(claim.Region),
            Scheme = ToWire(claim.Scheme),
            VisitType = (Wire.Visit.Types.Type)claim.VisitType,
            Facility = ToWire(claim.Facility),
            AdmissionDate = Dates.Text(claim.AdmissionDate),
            DischargeDate = Dates.Text(claim.DischargeDate),
            Emergency = claim.Emergency,
            Referral = claim.Referral,
            TreatmentFeeItem = claim.TreatmentFeeItem,
            GeneralFee = claim.GeneralFee,
            Disease = claim.Disease == Policy.Disease.None ? "" : claim.Disease.Text(),
            Pregnancy = claim.Pregnancy ?? "",
            Cycle = claim.Cycle ?? "",
            Channel = claim.ReceivedByHand is null ? Wire.Claim.Types.Channel.Counter : Wire.Claim.Types.Channel.Manual,
            ReceivedOn = Dates.Text(claim.ReceivedByHand),
            OutOfAreaKind = claim.StatedKind is { } kind ? ToWire(kind) : Wire.OutOfArea.Types.Kind.Unspecified,
        };
        if (claim.KnownPayments is { } known) (wire.Pooled, wire.SeriousIllness) = (known.Pooled, known.SeriousIllness);
        if (claim.Totals is { } totals) wire.Totals = ToWire(totals);
        foreach (FeeLine line in claim.Lines) wire.Lines.Add(ToWire(line));
        foreach (Diagnoses marker in Enum.GetValues<Diagnoses>())
        {
            if (marker != Diagnoses.None && claim.Diagnoses.HasFlag(marker)) wire.Diagnoses.Add(marker.Text());
        }

        return wire;
    }

    /// <summary>A scheme; left out, the residents'.</summary>
    public static Scheme ToPolicy(Wire.Scheme.Types.Kind scheme) =>
        scheme == Wire.Scheme.Types.Kind.Employee ? Scheme.Employee : Scheme.Resident;

    /// <summary>A scheme as the contract names it.</summary>
    public static Wire.Scheme.Types.Kind ToWire(Scheme scheme) =>
        scheme == Scheme.Employee ? Wire.Scheme.Types.Kind.Employee : Wire.Scheme.Types.Kind.Resident;

    /// <summary>A six-digit division code.</summary>
    public static int Division(string code) => int.Parse(code, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A division code as text.</summary>
    public static string Division(int code) => code.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>A disease by name; one nobody knows can have no certification, which is what the rules then say.</summary>
    public static Disease Disease(string name) =>
        name.Length == 0 ? Policy.Disease.None : Names.TryParse(name, out Disease disease) ? disease : Policy.Disease.Unknown;

    /// <summary>The kind of place as the contract names it.</summary>
    public static Wire.OutOfArea.Types.Kind ToWire(OutOfAreaKind kind) => kind switch
    {
        OutOfAreaKind.Local => Wire.OutOfArea.Types.Kind.Local,
        OutOfAreaKind.LongTerm => Wire.OutOfArea.Types.Kind.LongTerm,
        OutOfAreaKind.Referral => Wire.OutOfArea.Types.Kind.Referral,
        OutOfAreaKind.CriticalEmergency => Wire.OutOfArea.Types.Kind.CriticalEmergency,
        _ => Wire.OutOfArea.Types.Kind.Temporary,
    };

    /// <summary>The kind of place of a stored result.</summary>
    public static OutOfAreaKind KindOf(Wire.SettlementResult result) =>
        ToPolicy(result.OutOfAreaKind) ?? throw new InvalidDataException("A stored settlement names no kind of place.");

    private static OutOfAreaKind? ToPolicy(Wire.OutOfArea.Types.Kind kind) => kind switch
    {
        Wire.OutOfArea.Types.Kind.Local => OutOfAreaKind.Local,
        Wire.OutOfArea.Types.Kind.LongTerm => OutOfAreaKind.LongTerm,
        Wire.OutOfArea.Types.Kind.Referral => OutOfAreaKind.Referral,
        Wire.OutOfArea.Types.Kind.CriticalEmergency => OutOfAreaKind.CriticalEmergency,
        Wire.OutOfArea.Types.Kind.Temporary => OutOfAreaKind.Temporary,
        _ => null,
    };

    private static Facility ToPolicy(Wire.Facility facility) => new()
    {
        Code = facility.Code,
        Level = (FacilityLevel)facility.Level,
        Kind = (FacilityKind)facility.Kind,
        Division = Division(facility.Division),
        Designated = facility.Designated,
        AssistanceDesignated = facility.AssistanceDesignated,
        Abroad = facility.Abroad,
        Parent = NullIfEmpty(facility.Parent),
        Grade = facility.Grade switch { "3A" => FacilityGrade.Grade3A, "3B" => FacilityGrade.Grade3B, _ => FacilityGrade.None },
        Specialised = facility.Specialised,
        CountyLevel2 = facility.CountyLevel2,
        EssentialDrugs = facility.EssentialDrugs,
    };

    private static Wire.Facility ToWire(Facility facility) => new()
    {
        Code = facility.Code,
        Level = (Wire.Facility.Types.Level)facility.Level,
        Kind = (Wire.Facility.Types.Kind)facility.Kind,
        Division = Division(facility.Division),
        Designated = facility.Designated,
        AssistanceDesignated = facility.AssistanceDesignated,
        Abroad = facility.Abroad,
        Parent = facility.Parent ?? "",
        Grade = facility.Grade == FacilityGrade.None ? "" : facility.Grade.Text(),
        Specialised = facility.Specialised,
        CountyLevel2 = facility.CountyLevel2,
        EssentialDrugs = facility.EssentialDrugs,
    };

    private static ClaimTotals ToPolicy(Wire.Totals totals) => new(
        totals.Total, totals.SelfFunded, totals.OverLimit, totals.PreSelfPay, totals.PreSelfPayNotCounted, totals.InScope);

    /// <summary>Totals, or the parts of one line.</summary>
    public static Wire.Totals ToWire(ClaimTotals totals) => new()
    {
        Total = totals.Total,
        SelfFunded = totals.SelfFunded,
        OverLimit = totals.OverLimit,
        PreSelfPay = totals.PreSelfPay,
        PreSelfPayNotCounted = totals.PreSelfPayNotCounted,
        InScope = totals.InScope ?? totals.Total - totals.SelfFunded - totals.OverLimit - totals.PreSelfPay,
    };

    /// <summary>One line of the bill.</summary>
    public static FeeLine ToPolicy(Wire.FeeLine line) => new(
        line.Code,
        (CatalogueClass)(line.Class - Wire.FeeLine.Types.Class.A),
        line.Price,
        line.Quantity,
        line.SelfPayBp,
        line.HasLimit ? line.Limit : null,
        line.NotCounted,
        line.Treatment);

    private static Wire.FeeLine ToWire(FeeLine line)
    {
        Wire.FeeLine wire = new()
        {
            Code = line.Code,
            Class = Wire.FeeLine.Types.Class.A + (int)line.Class,
            Price = line.Price,
            Quantity = checked((int)line.Quantity),
            SelfPayBp = line.SelfPayBp,
            NotCounted = line.NotCounted,
            Treatment = line.Treatment,
        };
        if (line.Limit is { } limit) wire.Limit = limit;
        return wire;
    }

    private static Diagnoses ToPolicy(IReadOnlyList<string> markers)
    {
        Diagnoses known = Diagnoses.None;
        foreach (string marker in markers)
        {
            if (Names.TryParse(marker, out Diagnoses diagnosis)) known |= diagnosis;
        }

        return known;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
