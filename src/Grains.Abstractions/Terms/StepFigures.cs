using System.Collections.Frozen;

namespace Settlement.Terms;

/// <summary>Which figures of a calculation step are money.</summary>
public static class StepFigures
{
    // Days, places and reasons, which the step's text tells.
    private static readonly FrozenSet<string> OfWords =
        ["COVERED", "PLACE_DERIVED", "CHOSEN_FACILITY", "CERTIFIED", "DISEASE_FILED", "RESCUE_CONDITIONS", "CYCLE_COUNTED",
            "ASSISTANCE_WITHHELD"];

    // These only move a counter, or change a ratio.
    private static readonly FrozenSet<string> WithoutAmount = ["SERIOUS_ILLNESS_BASE", "RATIO_REDUCED", "BURDEN_COUNTED"];

    /// <summary>Whether base and limits of the step are fen.</summary>
    public static bool AreMoney(string code) => !OfWords.Contains(code);

    /// <summary>Whether the step has an amount, in fen.</summary>
    public static bool HaveAmount(string code) => AreMoney(code) && !WithoutAmount.Contains(code);
}
