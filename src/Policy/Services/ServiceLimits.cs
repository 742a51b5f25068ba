namespace Settlement.Policy;

/// <summary>By when the agency must have settled a matter.</summary>
/// <param name="Due">Last day of the limit.</param>
/// <param name="Days">The limit in working days.</param>
/// <param name="Citation">Where the limit stands.</param>
public sealed record DueDate(DateOnly Due, int Days, Citation Citation);

/// <summary>A due date, or the refusal.</summary>
public readonly record struct DueDateOutcome(DueDate? Due, Refusal? Refusal);

/// <summary>Working-day limits of the services around settlement (section 11, service guide 办理时限).</summary>
public static class ServiceLimits
{
    /// <summary>Limit of a matter received on a day, by the values that hold on it.</summary>
    public static DueDateOutcome Of(PolicyCatalogue catalogue, int region, ServiceMatter matter, DateOnly received)
    {
        if (catalogue.Find(region) is not { } pack)
            return new(null, Refusals.NoPack(region));

        if (received < pack.InForceFrom)
            return new(null, Refusals.BeforePack("receivedOn", received, pack));

        var days = pack.Resident?.On(received)[Parameter.ServiceWorkingDays, (int)matter] ?? RuleSet.Unpublished;
        return days == RuleSet.Unpublished
            ? new(null, Refusals.Unpublished(pack, Scheme.Resident, Parameter.ServiceWorkingDays, (int)matter, received))
            : new(new DueDate(
                WorkingDays.After(received, (int)days), (int)days,
                pack.CitationOf(Scheme.Resident, Parameter.ServiceWorkingDays, received)!), null);
    }

    /// <summary>The matter as which a visit's costs are reimbursed by hand (service guide 18 to 21).</summary>
    public static ServiceMatter MatterOf(VisitType visit) => visit switch
    {
        VisitType.Inpatient => ServiceMatter.InpatientReimbursement,
        VisitType.Delivery or VisitType.FamilyPlanning or VisitType.Prenatal => ServiceMatter.Maternity,
        _ => ServiceMatter.OutpatientReimbursement,
    };
}
