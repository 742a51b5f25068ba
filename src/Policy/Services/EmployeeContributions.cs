namespace Settlement.Policy;

/// <summary>
/// What an employee's month costs, in fen: the base, the person's part, and the employer's at the lowest and highest rate a city may set.
/// </summary>
public sealed record EmployeeContribution(long Base, long Person, long EmployerLowest, long EmployerHighest);

/// <summary>An employee's contribution, or the refusal.</summary>
public readonly record struct EmployeeContributionOutcome(EmployeeContribution? Contribution, Refusal? Refusal);

/// <summary>
/// Contributions of employees (section 9): a share of the wage, which counts within two multiples of the city's average wage.
/// </summary>
public static class EmployeeContributions
{
    private static ReadOnlySpan<Parameter> Needed =>
        [Parameter.EmployeeBaseLower, Parameter.EmployeeBaseUpper, Parameter.EmployeeRatePerson, Parameter.EmployeeRateEmployerLower,
            Parameter.EmployeeRateEmployerUpper];

    /// <summary>Contribution of a month, by the values that hold on a day of it.</summary>
    /// <param name="catalogue">Packs.</param>
    /// <param name="region">Pooling region.</param>
    /// <param name="day">Day of the month.</param>
    /// <param name="wage">Monthly wage, fen.</param>
    /// <param name="average">Monthly average wage of the city (全口径城镇单位就业人员平均工资), fen: no document of the packs has it, so the caller gives
    /// it.</param>
    public static EmployeeContributionOutcome Of(PolicyCatalogue catalogue, int region, DateOnly day, long wage, long average)
    {
        if (catalogue.Find(region) is not { } pack)
            return new(null, Refusals.NoPack(region));

        if (day < pack.InForceFrom)
            return new(null, Refusals.BeforePack("on", day, pack));

        foreach (var parameter in Needed)
            if (pack.Employee?.On(day).Publishes(parameter) != true)
                return new(null, Refusals.Unpublished(pack, Scheme.Employee, parameter, 0, day));

        var rules = pack.Employee!.On(day);
        var counted = Math.Clamp(
            wage, Rounding.HalfUp(average * rules[Parameter.EmployeeBaseLower]),
            Rounding.HalfUp(average * rules[Parameter.EmployeeBaseUpper]));
        return new(
            new EmployeeContribution(
                counted,
                Rounding.HalfUp(counted * rules[Parameter.EmployeeRatePerson]),
                Rounding.HalfUp(counted * rules[Parameter.EmployeeRateEmployerLower]),
                Rounding.HalfUp(counted * rules[Parameter.EmployeeRateEmployerUpper])),
            null);
    }
}
