using System.Collections.Immutable;
using Settlement.Policy;
using Alert = Settlement.Contract.Alert;
using MatrixRow = Settlement.Contract.MatrixRow;
using Result = Settlement.Contract.SettlementResult;
using SettleResponse = Settlement.Contract.SettleResponse;
using Step = Settlement.Contract.Step;
using Totals = Settlement.Contract.Totals;

namespace Settlement.Mapping;

/// <summary>What an answer repeats of its request, and what its entry gives it. A quote has the person only.</summary>
internal readonly record struct ResultIds
{
    /// <summary>Settlement id: the text of the request's key.</summary>
    public string? SettlementId { get; init; }

    /// <summary>Request id.</summary>
    public string? RequestId { get; init; }

    /// <summary>The person.</summary>
    public required string Person { get; init; }

    /// <summary>Visit id.</summary>
    public string? VisitId { get; init; }

    /// <summary>Charge batch.</summary>
    public string? ChargeBatch { get; init; }

    /// <summary>Sequence of the entry.</summary>
    public int Sequence { get; init; }

    /// <summary>Moment of the settlement, RFC 3339.</summary>
    public string? SettledAt { get; init; }

    /// <summary>The correction that settles the claim again.</summary>
    public string? CorrectionId { get; init; }

    /// <summary>The settlement in whose place the correction puts it.</summary>
    public string? Replaces { get; init; }
}

/// <summary>
/// What the rules decided, as the contract answers it, in bytes: the same as the library gives for the message, field by field from the
/// last to the first, without the message.
/// </summary>
internal static class ResultEncoding
{
    /// <summary>A <c>SettleResponse</c> that has a result and nothing else.</summary>
    public static byte[] Answer(in ResultIds ids, Adjudication adjudication, Account before, PolicyCatalogue catalogue)
    {
        WireWriter wire = new();
        Write(ref wire, ids, adjudication, before, catalogue);
        wire.EndPart(SettleResponse.ResultFieldNumber, before: 0);
        return wire.ToArray();
    }

    /// <summary>A quote's <c>SettlementResult</c>, for a person.</summary>
    public static Result Quote(string person, Adjudication adjudication, Account before, PolicyCatalogue catalogue)
    {
        WireWriter wire = new();
        Write(ref wire, new ResultIds { Person = person }, adjudication, before, catalogue);
        return Result.Parser.ParseFrom(wire.ToArray());
    }

    private static void Write(
        ref WireWriter wire, in ResultIds ids, Adjudication adjudication, Account before, PolicyCatalogue catalogue)
    {
        wire.Text(Result.ReplacesFieldNumber, ids.Replaces);
        wire.Text(Result.CorrectionIdFieldNumber, ids.CorrectionId);
        ImmutableArray<AlertChange> alerts = Alerts.Between(before, adjudication.After);
        for (int i = alerts.Length - 1; i >= 0; i--) Write(ref wire, alerts[i]);
        ImmutableArray<RuleStep> steps = adjudication.Steps;
        for (int i = steps.Length - 1; i >= 0; i--) Write(ref wire, steps.ItemRef(i));
        ImmutableArray<CostRow> rows = adjudication.Matrix().Rows;
        for (int i = rows.Length - 1; i >= 0; i--) Write(ref wire, rows.ItemRef(i));
        if (adjudication.Warning != Warning.None) wire.Element(Result.WarningsFieldNumber, adjudication.Warning.Text());
        if (adjudication.AssistanceReason != AssistanceReason.None)
            wire.Text(Result.AssistanceReasonFieldNumber, adjudication.AssistanceReason.Text());
        wire.Number(Result.OutOfAreaKindFieldNumber, (int)ClaimMapping.ToWire(adjudication.OutOfAreaKind));
        Write(ref wire, adjudication.Amounts);
        wire.Text(Result.PolicyFieldNumber, LabelOf(catalogue, adjudication.PackKey));
        wire.Number(Result.BenefitYearFieldNumber, adjudication.BenefitYear);
        wire.Text(Result.SettledAtFieldNumber, ids.SettledAt);
        wire.Number(Result.SequenceFieldNumber, ids.Sequence);
        wire.Text(Result.ChargeBatchFieldNumber, ids.ChargeBatch);
        wire.Text(Result.VisitIdFieldNumber, ids.VisitId);
        wire.Text(Result.PersonFieldNumber, ids.Person);
        wire.Text(Result.RequestIdFieldNumber, ids.RequestId);
        wire.Text(Result.SettlementIdFieldNumber, ids.SettlementId);
    }

    /// <summary>The result's own amounts and its totals, which stand before them.</summary>
    private static void Write(ref WireWriter wire, in Amounts amounts)
    {
        wire.Number(Result.PersonPaysFieldNumber, amounts.PersonPays);
        wire.Number(Result.AssistanceOtherFieldNumber, amounts.AssistanceOther);
        wire.Number(Result.AssistanceOutpatientFieldNumber, amounts.AssistanceOutpatient);
        wire.Number(Result.AssistanceTiltFieldNumber, amounts.AssistanceTilt);
        wire.Number(Result.AssistanceBasicFieldNumber, amounts.AssistanceBasic);
        wire.Number(Result.SeriousIllnessFieldNumber, amounts.SeriousIllness);
        wire.Number(Result.PooledFieldNumber, amounts.Pooled);
        wire.Number(Result.DeductiblePaidFieldNumber, amounts.DeductiblePaid);
        wire.Number(Result.DeductibleStandardFieldNumber, amounts.DeductibleStandard);
        int before = wire.Length;
        wire.Number(Totals.InScopeFieldNumber, amounts.InScope);
        wire.Number(Totals.PreSelfPayNotCountedFieldNumber, amounts.PreSelfPayNotCounted);
        wire.Number(Totals.PreSelfPayFieldNumber, amounts.PreSelfPay);
        wire.Number(Totals.OverLimitFieldNumber, amounts.OverLimit);
        wire.Number(Totals.SelfFundedFieldNumber, amounts.SelfFunded);
        wire.Number(Totals.TotalFieldNumber, amounts.Total);
        wire.EndPart(Result.TotalsFieldNumber, before);
    }

    private static void Write(ref WireWriter wire, in CostRow row)
    {
        int before = wire.Length;
        wire.Number(MatrixRow.PersonFieldNumber, row.Person);
        wire.Number(MatrixRow.AssistanceOtherFieldNumber, row.AssistanceOther);
        wire.Number(MatrixRow.AssistanceOutpatientFieldNumber, row.AssistanceOutpatient);
        wire.Number(MatrixRow.AssistanceTiltFieldNumber, row.AssistanceTilt);
        wire.Number(MatrixRow.AssistanceBasicFieldNumber, row.AssistanceBasic);
        wire.Number(MatrixRow.SeriousIllnessFieldNumber, row.SeriousIllness);
        wire.Number(MatrixRow.PooledFieldNumber, row.Pooled);
        wire.Number(MatrixRow.AmountFieldNumber, row.Total);
        wire.Number(MatrixRow.RatioBpFieldNumber, row.RateBp);
        wire.Text(MatrixRow.BandFieldNumber, row.Band.Text());
        wire.EndPart(Result.MatrixFieldNumber, before);
    }

    private static void Write(ref WireWriter wire, in RuleStep step)
    {
        int before = wire.Length;
        wire.Number(Step.CounterAfterFieldNumber, step.After);
        wire.Number(Step.CounterBeforeFieldNumber, step.Before);
        wire.Text(Step.CounterFieldNumber, StepMapping.CounterOf(step));
        wire.Number(Step.AmountFieldNumber, step.Amount);
        wire.Number(Step.BaseFieldNumber, step.Base);
        wire.Number(Step.ToFieldNumber, StepMapping.UpperLimitOf(step));
        wire.Number(Step.FromFieldNumber, step.From);
        wire.Number(Step.RatioBpFieldNumber, step.RateBp);
        wire.Text(Step.ParameterFieldNumber, StepMapping.ParameterOf(step));
        wire.Text(Step.CodeFieldNumber, step.Code.Text());
        wire.EndPart(Result.StepsFieldNumber, before);
    }

    private static void Write(ref WireWriter wire, in AlertChange alert)
    {
        int before = wire.Length;
        wire.Number(Alert.BurdenFieldNumber, alert.Burden);
        wire.Number(Alert.BenefitYearFieldNumber, alert.Year);
        wire.Number(Alert.StateFieldNumber, (int)AlertMapping.StateOf(alert));
        wire.Number(Alert.KindFieldNumber, (int)AlertMapping.KindOf(alert));
        wire.EndPart(Result.AlertsFieldNumber, before);
    }

    private static string LabelOf(PolicyCatalogue catalogue, long packKey)
    {
        foreach (Pack pack in catalogue.Packs)
        {
            if (pack.PackKey == packKey) return pack.Label;
        }

        throw new InvalidOperationException($"The catalogue has no pack {packKey:x16}, yet it decided a claim.");
    }
}
