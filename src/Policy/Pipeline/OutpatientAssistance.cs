namespace Settlement.Policy;

/// <summary>
/// Outpatient tier of medical assistance (section 6): a share of what the pooled fund has left of an outpatient visit, within a yearly cap.
/// </summary>
internal static class OutpatientAssistance
{
    /// <summary>Nothing for a category without a ratio of its own.</summary>
    public static Refusal? Apply(ref Draft draft, SocialGroup category)
    {
        var rules = draft.Rules;
        var disabled = draft.Groups.Overlaps(rules.Groups(Parameter.AssistanceDisabledGroups)) ? Disability.Yes : Disability.No;
        var ratio = rules[Parameter.AssistanceOutpatientRatio, ((int)category * 2) + (int)disabled];
        if (ratio == RuleSet.Unpublished)
            return null;

        var cap = rules[Parameter.AssistanceOutpatientCap, (int)category];
        if (cap == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.AssistanceOutpatientCap, (int)category);

        var burden = draft.Parts.InScope - draft.Pooled;
        var before = draft.Count(CounterId.AssistanceOutpatientPaid);
        var due = Rounding.HalfUp(burden * ratio);
        var remaining = Math.Max(0, cap - before);
        var amount = Math.Min(due, remaining);
        draft.AssistanceOutpatient = amount;
        draft.Move(CounterId.AssistanceOutpatientPaid, amount);
        draft.Add(Step(StepCode.AssistanceOutpatient, Parameter.AssistanceOutpatientRatio, burden, due, before) with
        {
            RateBp = (int)ratio,
        });
        if (due > remaining)
            draft.Add(Step(StepCode.AssistanceOutpatientCapped, Parameter.AssistanceOutpatientCap, due, amount, before) with { To = cap });

        return null;
    }

    private static RuleStep Step(StepCode code, Parameter parameter, long of, long amount, long before) => new()
    {
        Code = code,
        Parameter = parameter,
        Counter = CounterId.AssistanceOutpatientPaid,
        Base = of,
        Amount = amount,
        Before = before,
        After = before + amount,
    };
}
