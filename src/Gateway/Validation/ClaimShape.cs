using System.Diagnostics.CodeAnalysis;
using Settlement.Contract;
using Settlement.Identity;

namespace Settlement.Gateway.Validation;

/// <summary>
/// The shape of a claim: everything the grain's rules rely on. Amounts and benefit conditions are the rules' own business.
/// </summary>
internal static class ClaimShape
{
    /// <summary>Longest code or reference inside a claim, in characters.</summary>
    private const int MaxCode = 64;

    /// <summary>Most diagnosis markers of one claim.</summary>
    private const int MaxDiagnoses = 64;

    public static void Validate(Claim? claim, int maxFeeLines)
    {
        Check.Present("claim", claim);
        Check.Division("claim.region", claim.Region);
        Check.Known("claim.scheme", claim.Scheme);
        Check.Known("claim.visitType", claim.VisitType);
        Check.Date("claim.dischargeDate", claim.DischargeDate);
        Check.DateOrAbsent("claim.admissionDate", claim.AdmissionDate);
        if (claim.VisitType is Visit.Types.Type.Inpatient or Visit.Types.Type.Delivery or Visit.Types.Type.FamilyPlanning)
            Check.Date("claim.admissionDate", claim.AdmissionDate);
        Check.KnownOrAbsent("claim.outOfAreaKind", claim.OutOfAreaKind);
        CheckFacility(FacilityFields.OfClaim, claim.Facility);
        if (claim.Totals is null && claim.Lines.Count == 0) throw Check.Missing("claim.totals (or claim.lines)");
        Check.AtMost("claim.lines (number of)", claim.Lines.Count, maxFeeLines);
        for (int i = 0; i < claim.Lines.Count; i++) CheckLine(i, claim.Lines[i]);
        Check.AtMost("claim.diagnoses (number of)", claim.Diagnoses.Count, MaxDiagnoses);
        foreach (string diagnosis in claim.Diagnoses) Check.MaxLength("claim.diagnoses", diagnosis, MaxCode);
        Check.MaxLength("claim.disease", claim.Disease, MaxCode);
        Check.MaxLength("claim.pregnancy", claim.Pregnancy, MaxCode);
        Check.MaxLength("claim.cycle", claim.Cycle, MaxCode);
        if (claim.Channel != Claim.Types.Channel.Counter || claim.ReceivedOn.Length > 0)
            throw Check.Invalid(
                "claim.channel", claim.Channel.ToString(), "nothing, and no receivedOn: Agency.Reimburse sets both",
                "手工报销请使用 Agency.Reimburse");
    }

    /// <summary>The shape of a facility's facts.</summary>
    /// <param name="fields">How the fields are called.</param>
    /// <param name="facility">The facts.</param>
    public static void CheckFacility(FacilityFields fields, [NotNull] Facility? facility)
    {
        Check.Present(fields.Place, facility);
        Check.Id(fields.Code, facility.Code);
        if (facility.Code == Origins.Agency)
            throw Check.Invalid(fields.Code, facility.Code, "a facility; this word stands for the agency", "该代码保留给经办机构");
        Check.Known(fields.Level, facility.Level);
        Check.Known(fields.Kind, facility.Kind);
        Check.Division(fields.Division, facility.Division);
        Check.MaxLength(fields.Parent, facility.Parent, MaxCode);
        if (facility.Grade is not ("" or "3A" or "3B"))
            throw Check.Invalid(fields.Grade, facility.Grade, "3A, 3B or nothing", "应为3A、3B或空");
    }

    private static void CheckLine(int index, FeeLine line)
    {
        if (line.Class == FeeLine.Types.Class.Unspecified || !Enum.IsDefined(line.Class))
            throw Check.Invalid($"claim.lines[{index}].class", line.Class.ToString(), "A, B or C", "应为甲(A)、乙(B)或丙(C)类");
        Check.MaxLength($"claim.lines[{index}].code", line.Code, MaxCode);
    }
}
