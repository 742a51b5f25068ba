using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>What the rules decided, as the contract answers it.</summary>
internal static class ResultMapping
{
    /// <summary>Amounts, matrix, steps and alerts; ids, sequence and time are the grain's to fill in.</summary>
    public static Wire.SettlementResult ToWire(Adjudication adjudication, Account before, PolicyCatalogue catalogue)
    {
        Amounts amounts = adjudication.Amounts;
        Wire.SettlementResult result = new()
        {
            BenefitYear = adjudication.BenefitYear,
            Policy = LabelOf(catalogue, adjudication.PackKey),
            Totals = new Wire.Totals
            {
                Total = amounts.Total,
                SelfFunded = amounts.SelfFunded,
                OverLimit = amounts.OverLimit,
                PreSelfPay = amounts.PreSelfPay,
                PreSelfPayNotCounted = amounts.PreSelfPayNotCounted,
                InScope = amounts.InScope,
            },
            DeductibleStandard = amounts.DeductibleStandard,
            DeductiblePaid = amounts.DeductiblePaid,
            Pooled = amounts.Pooled,
            SeriousIllness = amounts.SeriousIllness,
            AssistanceBasic = amounts.AssistanceBasic,
            AssistanceTilt = amounts.AssistanceTilt,
            AssistanceOutpatient = amounts.AssistanceOutpatient,
            AssistanceOther = amounts.AssistanceOther,
            PersonPays = amounts.PersonPays,
            OutOfAreaKind = ClaimMapping.ToWire(adjudication.OutOfAreaKind),
            AssistanceReason = adjudication.AssistanceReason == AssistanceReason.None ? "" : adjudication.AssistanceReason.Text(),
        };
        if (adjudication.Warning != Warning.None) result.Warnings.Add(adjudication.Warning.Text());
        foreach (CostRow row in adjudication.Matrix().Rows) result.Matrix.Add(ToWire(row));
        foreach (RuleStep step in adjudication.Steps) result.Steps.Add(ToWire(step));
        if (AlertMapping.Changes(before, adjudication.After) is { Count: > 0 } alerts) result.Alerts.AddRange(alerts);
        return result;
    }

    private static string LabelOf(PolicyCatalogue catalogue, long packKey)
    {
        foreach (Pack pack in catalogue.Packs)
        {
            if (pack.PackKey == packKey) return pack.Label;
        }

        throw new InvalidOperationException($"The catalogue has no pack {packKey:x16}, yet it decided a claim.");
    }

    private static Wire.MatrixRow ToWire(CostRow row) => new()
    {
        Band = row.Band.Text(),
        RatioBp = row.RateBp,
        Amount = row.Total,
        Pooled = row.Pooled,
        SeriousIllness = row.SeriousIllness,
        AssistanceBasic = row.AssistanceBasic,
        AssistanceTilt = row.AssistanceTilt,
        AssistanceOutpatient = row.AssistanceOutpatient,
        AssistanceOther = row.AssistanceOther,
        Person = row.Person,
    };

    /// <summary>One step.</summary>
    public static Wire.Step ToWire(RuleStep step) => new()
    {
        Code = step.Code.Text(),
        Parameter = step.Parameter == Parameter.None ? "" : ParameterSchema.NameOf(step.Parameter),
        RatioBp = step.RateBp,
        From = step.From,
        To = step.To == long.MaxValue ? 0 : step.To,
        Base = step.Base,
        Amount = step.Amount,
        Counter = step.Counter == CounterId.None ? "" : AccountMapping.NameOf(new CounterKey(step.Counter, 0, step.Period)),
        CounterBefore = step.Before,
        CounterAfter = step.After,
    };
}
