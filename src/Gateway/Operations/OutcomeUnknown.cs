using Orleans.Runtime;
using Settlement.Refusals;

namespace Settlement.Gateway.Operations;

/// <summary>
/// Failures of the call itself, after which nobody can say whether the grain did the work: ask, or repeat with the same request id.
/// </summary>
internal static class OutcomeUnknown
{
    public static RefusalInfo Refusal { get; } = new(
        RefusalCodes.OutcomeUnknown,
        "The cluster did not answer in time; the outcome is unknown. Ask GetByRequest, or repeat with the same request id.",
        "系统未及时应答，结果未知。请按请求编号查询，或用同一请求编号重发。");

    public static bool Covers(Exception error) => error is TimeoutException or OrleansException;
}
