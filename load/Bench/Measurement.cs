namespace Settlement.Bench;

/// <summary>One phase of a run: how many calls ended, and how long each took.</summary>
/// <param name="Store">Which ledger was behind the server.</param>
/// <param name="Operation"><c>ping</c> or <c>settle</c>.</param>
/// <param name="Calls">Calls that ended in the phase.</param>
/// <param name="Duration">How long the phase lasted.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">Latency which 99 % of the calls kept.</param>
internal sealed record Measurement(string Store, string Operation, long Calls, TimeSpan Duration, TimeSpan P50, TimeSpan P99)
{
    /// <summary>Calls a second.</summary>
    public double Rate => Calls / Duration.TotalSeconds;
}
