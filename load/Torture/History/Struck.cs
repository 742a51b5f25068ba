using Settlement.Torture.Faults;

namespace Settlement.Torture.History;

/// <summary>One fault as it happened.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">Whom, in words.</param>
/// <param name="Silo">The silo concerned; null: all of them.</param>
/// <param name="Began">When it began, microseconds of the run.</param>
/// <param name="Ended">When its cause was taken away: the process started again, the link open, the disk free.</param>
internal sealed record Struck(FaultKind Kind, string Target, int? Silo, long Began, long Ended);
