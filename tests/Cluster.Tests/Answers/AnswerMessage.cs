using Settlement.Mapping;
using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Cluster.Tests.Answers;

/// <summary>The answer built as a message of the contract, field by field: what <see cref="ResultEncoding"/> must give in bytes.</summary>
internal static class AnswerMessage
{
    public static Wire.SettlementResult Of(ResultIds ids, Adjudication adjudication, Account before, Pack pack)
    {
        Amounts amounts = adjudication.Amounts;
        Wire.SettlementResult result = new()
        {
            SettlementId = ids.SettlementId ?? "",
            RequestId = ids.RequestId ?? "",
            Person = ids.Person,
            VisitId = ids.VisitId ?? "",
            ChargeBatch = ids.ChargeBatch ?? "",
            Sequence = ids.Sequence,
            SettledAt = ids.SettledAt ?? "",
            CorrectionId = ids.CorrectionId ?? "",
            Replaces = ids.Replaces ?? "",
            BenefitYear = adjudication.BenefitYear,
            Policy = pack.Label,
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
        result.Matrix.AddRange(adjudication.Matrix().Rows.Select(Row));
        result.Steps.AddRange(adjudication.Steps.Select(StepMapping.ToWire));
        result.Alerts.AddRange(AlertMapping.Changes(before, adjudication.After));
        return result;
    }

    private static Wire.MatrixRow Row(CostRow row) => new()
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
}
