using Settlement.Gateway.Identity;

namespace Settlement.Gateway.Reads;

/// <summary>One read of personal data, before it is written down.</summary>
/// <param name="At">When.</param>
/// <param name="Caller">Who.</param>
/// <param name="Operation">Which operation, as in <c>Settlement/GetAccount</c>.</param>
/// <param name="Person">Whose data; empty when it was asked for by another number.</param>
/// <param name="Subject">That other number, such as a settlement id; empty otherwise.</param>
internal readonly record struct ReadRecord(DateTimeOffset At, Caller Caller, string Operation, string Person, string Subject);
