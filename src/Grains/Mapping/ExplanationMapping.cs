using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>Puts words and citations to the codes and numbers of a settlement, from the pack that decided it.</summary>
internal static class ExplanationMapping
{
    /// <summary>Fills text and citation of every step, and the text of every row of the matrix.</summary>
    public static void Explain(Wire.SettlementView view, Pack pack, Language language)
    {
        Scheme scheme = view.Claim.Scheme == Wire.Scheme.Types.Kind.Employee ? Scheme.Employee : Scheme.Resident;
        DateOnly decidedFor = Dates.Day(view.Claim.DischargeDate);
        foreach (Wire.Step step in view.Result.Steps)
        {
            ExplainedStep explained = Explainer.Default.Explain(ToPolicy(step), scheme, decidedFor, pack, language);
            step.Text = explained.Text;
            step.ParameterName = explained.Term ?? "";
            step.Citation = explained.Citation?.ToString() ?? "";
        }

        foreach (Wire.MatrixRow row in view.Result.Matrix)
        {
            if (Names.TryParse(row.Band, out CostBand band)) row.Text = Explainer.Default.NameOf(band, language);
        }
    }

    private static RuleStep ToPolicy(Wire.Step step)
    {
        // A code that this build does not know any more stays without a text of its own.
        _ = Names.TryParse(step.Code, out StepCode code);
        _ = ParameterSchema.TryFind(step.Parameter, out Parameter parameter);
        bool isBand = code is StepCode.PooledBand or StepCode.SeriousIllnessBand;
        return new RuleStep
        {
            Code = code,
            Parameter = parameter,
            Counter = AccountMapping.Find(step.Counter),
            RateBp = step.RatioBp,
            From = step.From,
            To = isBand && step.To == 0 ? long.MaxValue : step.To,
            Base = step.Base,
            Amount = step.Amount,
            Before = step.CounterBefore,
            After = step.CounterAfter,
        };
    }
}
