using Settlement.Policy;

namespace Settlement.Fill.Persons;

/// <summary>Draws what a person is treated for. Most visits are outpatient, about one in ten is an admission.</summary>
internal static class Visits
{
    /// <summary>A claim that ends on a day.</summary>
    /// <param name="draws">Of the person and year.</param>
    /// <param name="person">Who.</param>
    /// <param name="day">Discharge or service date.</param>
    /// <param name="free">Days since the visit before: a stay is not longer.</param>
    public static Claim Draw(ref Draws draws, in Insured person, DateOnly day, int free)
    {
        int kind = draws.Below(100);
        if (person.Disease != Disease.None && kind < 60) return Chronic(ref draws, person, day);
        if (person.DrugDisease != Disease.None && kind < 75) return TwoDisease(ref draws, person, day);
        return kind switch
        {
            < 86 => Outpatient(ref draws, person, day),
            < 97 => Stay(ref draws, day, free),
            _ => Rescue(ref draws, day),
        };
    }

    private static Claim Outpatient(ref Draws draws, in Insured person, DateOnly day)
    {
        long fee = draws.Percent(50) ? 1_000 : 0;
        return Service(VisitType.OutpatientPooling, person.ChosenPrimary, day, Totals(ref draws, fee + draws.Between(20, 300) * 100L)) with
        {
            GeneralFee = fee,
        };
    }

    private static Claim Chronic(ref Draws draws, in Insured person, DateOnly day) =>
        Service(VisitType.Chronic, person.Hospital, day, Totals(ref draws, draws.Between(80, 900) * 100L)) with
        {
            Disease = person.Disease,
        };

    private static Claim TwoDisease(ref Draws draws, in Insured person, DateOnly day) =>
        Service(VisitType.TwoDisease, person.ChosenPrimary, day, Totals(ref draws, draws.Between(30, 200) * 100L)) with
        {
            Disease = person.DrugDisease,
        };

    private static Claim Rescue(ref Draws draws, DateOnly day) =>
        Service(VisitType.EmergencyOutpatient, Facilities.Hospital(ref draws), day,
            Totals(ref draws, draws.Between(800, 9_000) * 100L)) with
        {
            Diagnoses = Diagnoses.ListedCriticalDisease,
            TreatmentFeeItem = true,
        };

    private static Claim Stay(ref Draws draws, DateOnly day, int free) =>
        Service(VisitType.Inpatient, Facilities.Hospital(ref draws), day, Bill(ref draws)) with
        {
            AdmissionDate = day.AddDays(-draws.Below(Math.Clamp(free, 1, 20))),
            Diagnoses = draws.Percent(8) ? Diagnoses.OncologyTreatment : Diagnoses.None,
        };

    /// <summary>
    /// Most bills are small, a few are very large: a product of two draws, and one bill in twelve is eight times as large.
    /// </summary>
    private static ClaimTotals Bill(ref Draws draws)
    {
        long inScope = 50_000 + (long)draws.Between(1, 1_500) * draws.Between(1, 1_500);
        return Totals(ref draws, draws.Below(12) == 0 ? inScope * 8 : inScope);
    }

    private static ClaimTotals Totals(ref Draws draws, long inScope)
    {
        long preSelfPay = inScope * draws.Below(12) / 100;
        long notCounted = preSelfPay * draws.Below(30) / 100;
        long overLimit = draws.Percent(30) ? inScope * draws.Below(8) / 100 : 0;
        long selfFunded = inScope * draws.Below(10) / 100;
        return new ClaimTotals(inScope + preSelfPay + overLimit + selfFunded, selfFunded, overLimit, preSelfPay, notCounted, inScope);
    }

    private static Claim Service(VisitType type, Facility facility, DateOnly day, ClaimTotals totals) => new()
    {
        Region = Facilities.Region,
        VisitType = type,
        Facility = facility,
        DischargeDate = day,
        Totals = totals,
    };
}
