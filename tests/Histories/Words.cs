using System.Globalization;
using System.Text;
using Settlement.Policy;

namespace Settlement.Tests.Histories;

/// <summary>Claims and facts in one line each, without what is not there.</summary>
internal static class Words
{
    public static string NewestBut(int back) => back == 0 ? "the newest" : $"the newest but {back}";

    public static string Of(Claim claim)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{claim.VisitType.Text()} {(claim.Scheme == Scheme.Employee ? "EMPLOYEE " : "")}");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{(claim.AdmissionDate is { } admitted ? $"{admitted:yyyy-MM-dd}.." : "")}{claim.DischargeDate:yyyy-MM-dd} at {Of(claim.Facility)}");
        if (claim.Totals is { } t)
            text.Append(
                CultureInfo.InvariantCulture,
                $", total {t.Total} fen: self-funded {t.SelfFunded}, over limit {t.OverLimit}, class B {t.PreSelfPay} ({t.PreSelfPayNotCounted} not counted)");

        foreach (var line in claim.Lines)
            text.Append(
                CultureInfo.InvariantCulture,
                $", line {line.Class} {line.Quantity} x {line.Price} fen{(line.SelfPayBp > 0 ? $", {line.SelfPayBp} bp" : "")}{(line.Limit is { } limit ? $", limit {limit}" : "")}{(line.NotCounted ? ", not counted" : "")}");

        (bool Said, string Word)[] more =
        [
            (claim.KnownPayments is not null, $"paid already {claim.KnownPayments?.Pooled} + {claim.KnownPayments?.SeriousIllness}"),
            (claim.Diagnoses != Diagnoses.None, $"{claim.Diagnoses}"),
            (claim.Emergency, "emergency"),
            (claim.Referral, "referral"),
            (claim.TreatmentFeeItem, "treatment fee"),
            (claim.GeneralFee > 0, $"general fee {claim.GeneralFee}"),
            (claim.Disease != Disease.None, claim.Disease.Text()),
            (claim.Pregnancy is not null, $"pregnancy {claim.Pregnancy}"),
            (claim.Cycle is not null, $"cycle {claim.Cycle}"),
            (claim.StatedKind is not null, $"stated {claim.StatedKind?.Text()}"),
        ];
        return text.Append(string.Concat(more.Where(m => m.Said).Select(m => $", {m.Word}"))).ToString();
    }

    public static string Of(Fact fact) => fact switch
    {
        BirthFact f => $"born {Day(f.BirthDate)}",
        InsuredFact f => $"{f.Category.Text()} from {Day(f.From)}",
        GroupFact f => $"{f.Group.Text()} {Day(f.From)}..{Day(f.To)}",
        GroupEndFact f => $"{f.Group.Text()} ended {Day(f.To)}",
        ContributionFact f => $"premium of {f.Year} on {Day(f.PaidOn)}",
        CoverageFact f => $"cover {Day(f.From)}..{Day(f.To)}",
        EmployeeSpellFact f => $"employed {Day(f.From)}..{Day(f.To)}",
        FilingFact f =>
            $"filing {f.Id} for {f.Place} by {f.Basis.Text()} on {Day(f.FiledOn)}, issued {Day(f.IssuedOn)}, expires {Day(f.ExpiresOn)}",
        FilingEndFact f => $"filing {f.Filing} ended {Day(f.EndedOn)}",
        CertificationFact f => $"certified {f.Disease.Text()} on {Day(f.FiledOn)}",
        ChosenFacilityFact f => $"chosen {f.Code} ({f.Kind.Text()}) for {f.Year}",
        TwoDiseaseFact f => $"filed {f.Disease.Text()} on {Day(f.FiledOn)}",
        _ => $"{fact}",
    };

    private static string Of(Facility f) =>
        $"{f.Code} ({f.Level.Text()}{(f.Grade == FacilityGrade.None ? "" : $" {f.Grade.Text()}")}{(f.Kind == FacilityKind.General ? "" : $" {f.Kind.Text()}")}, {f.Division}"
        + $"{(f.Designated ? "" : ", not designated")}{(f.AssistanceDesignated ? "" : ", not for assistance")}{(f.Specialised ? ", specialised" : "")}"
        + $"{(f.CountyLevel2 ? ", county level 2" : "")}{(f.EssentialDrugs ? ", essential drugs" : "")}{(f.Parent is null ? "" : $", of {f.Parent}")}{(f.Abroad ? ", abroad" : "")})";

    private static string Day(DateOnly? day) => day is { } known ? $"{known:yyyy-MM-dd}" : "";
}
