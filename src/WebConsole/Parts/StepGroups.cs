using Settlement.Contract;
using Settlement.WebConsole.Words;

namespace Settlement.WebConsole.Parts;

/// <summary>The steps of a calculation under the payer or condition they decide, in the order of the calculation.</summary>
internal static class StepGroups
{
    public const string Conditions = "conditions";
    public const string Deductible = "deductible";
    public const string Pooled = "pooled";
    public const string SeriousIllness = "serious";
    public const string Assistance = "assistance";
    public const string Person = "person";

    /// <summary>The groups that have steps, each with the number of its first step.</summary>
    public static IEnumerable<(string Key, IReadOnlyList<(int Number, Step Step)> Steps)> Of(IEnumerable<Step> steps) =>
        steps.Select((step, index) => (Number: index + 1, Step: step))
            .GroupBy(numbered => KeyOf(numbered.Step.Code))
            .Select(group => (group.Key, (IReadOnlyList<(int, Step)>)[.. group]));

    /// <summary>Heading of a group.</summary>
    public static string Heading(string key, Text text) => key switch
    {
        Deductible => text["起付标准", "Deductible"],
        Pooled => text["统筹基金", "Pooled fund"],
        SeriousIllness => text["大病保险", "Serious-illness insurance"],
        Assistance => text["医疗救助", "Medical assistance"],
        Person => text["个人支付", "The person pays"],
        _ => text["费用与条件", "Costs and conditions"],
    };

    private static string KeyOf(string code) => code switch
    {
        "QUARTER_DEDUCTIBLE_TAKEN" or "YEAR_DEDUCTIBLE_TAKEN" => Deductible,
        "GENERAL_FEE" or "VILLAGE_GENERAL_FEE" or "BENEFIT_CAPPED" or "RATIO_REDUCED" or "PAYMENTS_KNOWN" => Pooled,
        "PERSON_PAYS" or "BURDEN_COUNTED" or "ALERT_RAISED" => Person,
        _ when code.StartsWith("DEDUCTIBLE", StringComparison.Ordinal) => Deductible,
        _ when code.StartsWith("POOLED", StringComparison.Ordinal) => Pooled,
        _ when code.StartsWith("SERIOUS_ILLNESS", StringComparison.Ordinal) => SeriousIllness,
        _ when code.StartsWith("ASSISTANCE", StringComparison.Ordinal) => Assistance,
        _ => Conditions,
    };
}
