using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>Refusals of the grain itself, in both languages; those of the benefit rules come from the rules' catalogue.</summary>
internal static class Refuse
{
    public static RefusalInfo Busy { get; } = new(
        RefusalCodes.Busy,
        "Too much is in flight; nothing was written. Repeat with the same request id.",
        "系统繁忙，未作任何处理。请用同一请求编号重发。");

    public static RefusalInfo OutcomeUnknown { get; } = new(
        RefusalCodes.OutcomeUnknown,
        "The ledger is stopping; the outcome is unknown. Ask GetByRequest, or repeat with the same request id.",
        "系统正在停止，结果未知。请按请求编号查询，或用同一请求编号重发。");

    public static RefusalInfo LedgerUnavailable { get; } = new(
        RefusalCodes.LedgerUnavailable,
        "The ledger cannot be reached now. Repeat with the same request id.",
        "账本暂时无法访问。请用同一请求编号重发。");

    public static RefusalInfo NotRegistered { get; } = new(
        RefusalCodes.PersonNotRegistered, "The person is not registered.", "该人员尚未参保登记。");

    public static RefusalInfo AlreadyRegistered { get; } = new(
        RefusalCodes.AlreadyRegistered,
        "The person is registered already; add facts with Record.",
        "该人员已登记；请使用 Record 追加信息。");

    public static RefusalInfo RequestConflict(string origin, string requestId) => new(
        RefusalCodes.RequestConflict,
        $"Request id '{requestId}' of '{origin}' was accepted before with other content.",
        $"“{origin}”的请求编号“{requestId}”已用于内容不同的请求。",
        new Dictionary<string, string> { ["requestId"] = requestId, ["origin"] = origin });

    public static RefusalInfo ChargeConflict(string firstRequestId) => new(
        RefusalCodes.ChargeConflict,
        $"This visit and charge batch were settled for another person, under request id '{firstRequestId}'.",
        $"该就诊和收费批次已为另一人员结算，请求编号“{firstRequestId}”。",
        new Dictionary<string, string> { ["firstRequestId"] = firstRequestId });

    public static RefusalInfo NotFound(string settlementId) => new(
        RefusalCodes.NotFound,
        $"There is no settlement '{settlementId}'.",
        $"没有结算编号为“{settlementId}”的结算。",
        new Dictionary<string, string> { ["settlementId"] = settlementId });

    public static RefusalInfo InvalidPageToken(string token) => new(
        RefusalCodes.InvalidField,
        $"pageToken is '{token}': expected the nextPageToken of an earlier answer.",
        $"字段 pageToken 的值“{token}”无效：应为上一次应答的 nextPageToken。",
        new Dictionary<string, string> { ["field"] = "pageToken", ["value"] = token });
}
