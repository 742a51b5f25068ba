using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>A ground found with an applicant.</summary>
/// <param name="Ground">The ground.</param>
/// <param name="Since">Day from which its years count: discovery of the fraud, or end of the contract; null for a ground that bars while it
/// lasts.</param>
/// <param name="Unsettled">Whether a penalty or liability from it is still open.</param>
public sealed record FoundGround(ContractGround Ground, DateOnly? Since, bool Unsettled);

/// <summary>A line of the checklist.</summary>
/// <param name="Ground">The ground.</param>
/// <param name="Years">For how many years it bars; null: as long as it lasts.</param>
/// <param name="UntilSettled">Whether it bars beyond its years while a penalty or liability is open.</param>
/// <param name="Found">Whether it was found with the applicant.</param>
/// <param name="Bars">Whether it bars the application.</param>
/// <param name="FreeFrom">First day on which its years are over; null where there are none or it was not found.</param>
public sealed record CheckedGround(ContractGround Ground, int? Years, bool UntilSettled, bool Found, bool Bars, DateOnly? FreeFrom);

/// <summary>The checklist of an application for a contract.</summary>
/// <param name="Grounds">Every ground of the applicant's kind, in the order of the source.</param>
/// <param name="Citation">Where the list stands.</param>
public sealed record ContractChecklist(ImmutableArray<CheckedGround> Grounds, Citation Citation)
{
    /// <summary>Whether any ground bars the application.</summary>
    public bool Refused => Grounds.Any(g => g.Bars);
}

/// <summary>A checklist, or the refusal to make one.</summary>
public readonly record struct ContractOutcome(ContractChecklist? Checklist, Refusal? Refusal);

/// <summary>Grounds on which an application for a contract is not accepted (section 11, service guide 违规禁办事项清单).</summary>
public static class ContractGrounds
{
    /// <summary>Goes through the list for an applicant on the day of application.</summary>
    public static ContractOutcome Check(
        PolicyCatalogue catalogue, int region, ContractApplicant applicant, DateOnly appliedOn, IReadOnlyList<FoundGround> found)
    {
        if (catalogue.Find(region) is not { } pack)
            return new(null, Refusals.NoPack(region));

        if (appliedOn < pack.InForceFrom)
            return new(null, Refusals.BeforePack("appliedOn", appliedOn, pack));

        if (pack.Resident?.On(appliedOn) is not { } rules || rules[Parameter.ContractRefusalGrounds, (int)applicant] == RuleSet.Unpublished)
            return new(null, Refusals.Unpublished(pack, Scheme.Resident, Parameter.ContractRefusalGrounds, (int)applicant, appliedOn));

        var lines = ImmutableArray.CreateBuilder<CheckedGround>();
        foreach (var ground in Enum.GetValues<ContractGround>())
        {
            if (!rules.Has(Parameter.ContractRefusalGrounds, ground, (int)applicant))
                continue;

            if (Line(rules, ground, appliedOn, found.FirstOrDefault(f => f.Ground == ground)) is not { } line)
                return new(null, new Refusal(RefusalCode.ConditionNotMet)
                {
                    Field = "found.since",
                    Expected = $"a day for {ground.Text()}: its years count from it",
                    Parameter = Parameter.ContractRefusalYears,
                });

            lines.Add(line);
        }

        return found.FirstOrDefault(f => !rules.Has(Parameter.ContractRefusalGrounds, f.Ground, (int)applicant)) is { } foreign
            ? new(null, new Refusal(RefusalCode.ConditionNotMet)
            {
                Field = "found.ground",
                Value = foreign.Ground.Text(),
                Expected = $"a ground for {applicant.Text()}",
                Parameter = Parameter.ContractRefusalGrounds,
            })
            : new(new ContractChecklist(
                lines.DrainToImmutable(), pack.CitationOf(Scheme.Resident, Parameter.ContractRefusalGrounds, appliedOn)!), null);
    }

    /// <summary>A line of the list; null when the ground was found without the day its years count from.</summary>
    private static CheckedGround? Line(RuleSet rules, ContractGround ground, DateOnly appliedOn, FoundGround? found)
    {
        var published = rules[Parameter.ContractRefusalYears, (int)ground];
        var untilSettled = rules.Has(Parameter.ContractRefusalUntilSettled, ground);
        int? years = published == RuleSet.Unpublished ? null : (int)published;
        if (found is null)
            return new(ground, years, untilSettled, Found: false, Bars: false, null);

        if (years is not { } count)
            return new(ground, null, untilSettled, Found: true, Bars: true, null);

        if (found.Since is not { } since)
            return null;

        var freeFrom = since.AddYears(count);
        return new(ground, years, untilSettled, Found: true, Bars: appliedOn < freeFrom || (untilSettled && found.Unsettled), freeFrom);
    }
}
