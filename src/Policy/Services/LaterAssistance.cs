namespace Settlement.Policy;

/// <summary>
/// A settlement of the ledger for which assistance is claimed later by hand: its claim, its amounts and kind of place, and its sequence.
/// </summary>
public sealed record AssistedSettlement(Claim Claim, Amounts Amounts, OutOfAreaKind Kind, long Sequence);

/// <summary>
/// Assistance claimed by hand for a settlement that could not be one-stop (section 6): an entry of the discharge year, with the category of
/// the day of admission and the counters of today. It stands on top of its settlement, which can be reversed only after it.
/// </summary>
internal static class LaterAssistance
{
    private const int UsualSteps = 8;
    private const int MostCounters = 8;

    /// <summary>The note in the account that a settlement's assistance may still be claimed.</summary>
    public static ReferenceCounter Claimable(long settlement) => new(CounterId.DeferredAssistance, ReferenceOf(settlement), 1);

    public static Decision Decide(Pack pack, RuleSet rules, Account account, AssistedSettlement settled, long sequence)
    {
        if (account.Counters[CounterId.DeferredAssistance, ReferenceOf(settled.Sequence)] == 0)
            return new Refusal(RefusalCode.ConditionNotMet)
            {
                Field = "settlement",
                Value = ReferenceOf(settled.Sequence),
                Expected = "a settlement that stands, whose assistance was withheld as not one-stop and not claimed since",
                Parameter = Parameter.AssistanceByHand,
            };

        var before = settled.Amounts;
        var parts = new CostParts(before.Total, before.SelfFunded, before.OverLimit, before.PreSelfPay, before.PreSelfPayNotCounted);
        Span<RuleStep> steps = stackalloc RuleStep[UsualSteps];
        Span<Counter> changes = stackalloc Counter[MostCounters];
        var draft = new Draft(account, settled.Claim, pack, rules, parts, steps, changes)
        {
            Kind = settled.Kind,
            Insured = account.Facts.CategoryOn(settled.Claim.CareDate) ?? default,
            Pooled = before.Pooled,
            SeriousIllness = before.SeriousIllness,
        };
        if (draft.Groups.BestCategory is not { } category || !rules.Has(Parameter.AssistanceGroups, category))
            return draft.Refuse(
                RefusalCode.ConditionNotMet, "groups", null, "an assistance category on the day of admission", Parameter.AssistanceGroups);

        return AssistanceStage.Assist(ref draft, category) ?? (Decision)Finish(ref draft, settled, sequence);
    }

    private static Adjudication Finish(ref Draft draft, AssistedSettlement settled, long sequence)
    {
        var paid = draft.AssistanceBasic + draft.AssistanceTilt + draft.AssistanceOther;
        var amounts = settled.Amounts with
        {
            AssistanceBasic = draft.AssistanceBasic,
            AssistanceTilt = draft.AssistanceTilt,
            AssistanceOther = draft.AssistanceOther,
            PersonPays = settled.Amounts.PersonPays - paid,
        };
        draft.Add(new RuleStep { Code = StepCode.PersonPays, Base = amounts.Total, Amount = amounts.PersonPays });
        Alerts.Count(ref draft, -paid);
        var claimed = Claimable(settled.Sequence) with { Value = -1 };
        var after = draft.Account.With(draft.Account.Counters.Add(draft.Changes, [claimed]), draft.Year, sequence, sequence);
        return new Adjudication(amounts, draft.Steps, after)
        {
            OutOfAreaKind = draft.Kind,
            BenefitYear = draft.Year,
            InsuredCategory = draft.Insured,
            Groups = draft.Groups,
            Scheme = settled.Claim.Scheme,
            DecidedFor = settled.Claim.DischargeDate,
            PackKey = draft.Pack.PackKey,
        };
    }

    private static string ReferenceOf(long sequence) => $"{sequence}";
}
