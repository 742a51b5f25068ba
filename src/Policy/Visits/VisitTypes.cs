namespace Settlement.Policy;

/// <summary>
/// Which class settles which visit type. Each has up to three parts: its own grounds of refusal, the pooled fund's share before the year's
/// cap, and the counters of its own, which move by what the fund pays after that cap.
/// </summary>
internal static class VisitTypes
{
    /// <summary>Grounds of refusal of an outpatient visit, in the order of precedence of the codes.</summary>
    public static Refusal? Refuse(ref Draft draft) => draft.Claim.VisitType switch
    {
        VisitType.EmergencyOutpatient => EmergencyOutpatient.Refuse(ref draft),
        VisitType.Chronic => ChronicOutpatient.Refuse(ref draft),
        VisitType.OutpatientPooling => OutpatientPooling.Refuse(ref draft),
        VisitType.TwoDisease => TwoDiseaseDrugs.Refuse(ref draft),
        VisitType.Prenatal => PrenatalChecks.Refuse(draft),
        VisitType.AssistedReproduction => AssistedReproduction.Refuse(ref draft),
        _ => null,
    };

    /// <summary>The pooled fund's share.</summary>
    public static Refusal? Share(ref Draft draft) => draft.Claim.VisitType switch
    {
        VisitType.Inpatient or VisitType.Delivery or VisitType.FamilyPlanning => Admission.Apply(ref draft),
        VisitType.EmergencyOutpatient => EmergencyOutpatient.Share(ref draft),
        VisitType.Chronic => ChronicOutpatient.Share(ref draft),
        VisitType.OutpatientPooling or VisitType.TwoDisease when YearlyOutpatient.Applies(draft) => YearlyOutpatient.Share(ref draft),
        VisitType.OutpatientPooling => OutpatientPooling.Share(ref draft),
        VisitType.TwoDisease => TwoDiseaseDrugs.Share(ref draft),
        VisitType.Prenatal => PrenatalChecks.Share(ref draft),
        VisitType.AssistedReproduction => AssistedReproduction.Share(ref draft),
        _ => draft.Unpublished(Parameter.BenefitVisitTypes),
    };

    /// <summary>Moves the counters of the visit type.</summary>
    public static void Count(ref Draft draft)
    {
        switch (draft.Claim.VisitType)
        {
            case VisitType.Chronic:
                ChronicOutpatient.Count(ref draft);
                break;
            case VisitType.OutpatientPooling when !YearlyOutpatient.Applies(draft):
                OutpatientPooling.Count(ref draft);
                break;
            case VisitType.OutpatientPooling:
                YearlyOutpatient.Count(ref draft);
                break;
            case VisitType.TwoDisease:
                draft.Move(CounterId.TwoDiseasePaid, draft.Pooled);
                if (YearlyOutpatient.Applies(draft))
                    YearlyOutpatient.Count(ref draft);

                break;
            case VisitType.Prenatal:
                PrenatalChecks.Count(ref draft);
                break;
            case VisitType.AssistedReproduction:
                AssistedReproduction.Count(ref draft);
                break;
        }
    }
}
