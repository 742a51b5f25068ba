using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>A step of the rules, as the contract shows it.</summary>
internal static class StepMapping
{
    /// <summary>One step.</summary>
    public static Wire.Step ToWire(RuleStep step) => new()
    {
        Code = step.Code.Text(),
        Parameter = ParameterOf(step),
        RatioBp = step.RateBp,
        From = step.From,
        To = UpperLimitOf(step),
        Base = step.Base,
        Amount = step.Amount,
        Counter = CounterOf(step),
        CounterBefore = step.Before,
        CounterAfter = step.After,
    };

    /// <summary>Name of the parameter that decided; empty where none did.</summary>
    public static string ParameterOf(in RuleStep step) => step.Parameter == Parameter.None ? "" : ParameterSchema.NameOf(step.Parameter);

    /// <summary>Name of the counter; empty where none moved or was read.</summary>
    public static string CounterOf(in RuleStep step) =>
        step.Counter == CounterId.None ? "" : AccountMapping.NameOf(new CounterKey(step.Counter, 0, step.Period));

    /// <summary>Upper limit of the band in fen, 0 when it is open.</summary>
    public static long UpperLimitOf(in RuleStep step) => step.To == long.MaxValue ? 0 : step.To;
}
