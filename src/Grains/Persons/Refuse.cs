using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Mapping;
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
        "The ledger cannot be read or written now. Repeat with the same request id.",
        "账本暂时无法读写。请用同一请求编号重发。");

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

    public static RefusalInfo RequestVoided(string origin, string requestId, DateTimeOffset voidedAt) => new(
        RefusalCodes.RequestVoided,
        $"Request id '{requestId}' of '{origin}' was voided at {Dates.Text(voidedAt)} and is never settled. A new request needs a new id.",
        $"“{origin}”的请求编号“{requestId}”已于{Dates.Text(voidedAt)}冲正，不再受理；新的请求请使用新的编号。",
        new Dictionary<string, string> { ["requestId"] = requestId, ["origin"] = origin, ["voidedAt"] = Dates.Text(voidedAt) });

    public static RefusalInfo NotVoidable(string requestId, LedgerEntryKind made) => new(
        RefusalCodes.NotVoidable,
        $"Request id '{requestId}' made an entry of kind {made}, which is durable and cannot be taken back by voiding its request.",
        $"请求编号“{requestId}”已办理（{made}），不能以冲正方式撤销。",
        new Dictionary<string, string> { ["requestId"] = requestId, ["kind"] = $"{made}" });

    public static RefusalInfo ChargeConflict(string firstRequestId) => new(
        RefusalCodes.ChargeConflict,
        $"This visit and charge batch were settled for another person, under request id '{firstRequestId}'.",
        $"该就诊和收费批次已为另一人员结算，请求编号“{firstRequestId}”。",
        new Dictionary<string, string> { ["firstRequestId"] = firstRequestId });

    /// <summary>Refuses a day on which the facility's contract does not hold.</summary>
    public static RefusalInfo? WithoutContract(SettlerTerms terms, DateOnly day)
    {
        if (terms.ContractHolds(day)) return null;
        string to = terms.ContractTo is { } end ? Dates.Text(end) : "-";
        return new RefusalInfo(
            RefusalCodes.ContractNotInForce,
            $"claim.dischargeDate is '{Dates.Text(day)}': the facility's contract runs from {Dates.Text(terms.ContractFrom)} to {to}. The agency may reimburse by hand.",
            $"就诊日期{Dates.Text(day)}不在定点协议有效期内（{Dates.Text(terms.ContractFrom)}至{to}），可由经办机构手工报销。",
            new Dictionary<string, string>
            {
                ["field"] = "claim.dischargeDate",
                ["value"] = Dates.Text(day),
                ["contractFrom"] = Dates.Text(terms.ContractFrom),
                ["contractTo"] = Dates.Text(terms.ContractTo),
            });
    }

    /// <summary>Refuses a day later than today in China.</summary>
    public static RefusalInfo? Ahead(string field, DateOnly day, DateOnly today) => day <= today ? null : new RefusalInfo(
        RefusalCodes.DateAhead,
        $"{field} is '{Dates.Text(day)}', but today is {Dates.Text(today)}: it may not lie ahead.",
        $"字段 {field} 为{Dates.Text(day)}，晚于今日{Dates.Text(today)}，不能提前办理。",
        new Dictionary<string, string> { ["field"] = field, ["value"] = Dates.Text(day), ["today"] = Dates.Text(today) });

    public static RefusalInfo NotFound(string settlementId) => new(
        RefusalCodes.NotFound,
        $"There is no settlement '{settlementId}'.",
        $"没有结算编号为“{settlementId}”的结算。",
        new Dictionary<string, string> { ["settlementId"] = settlementId });

    public static RefusalInfo NoFile(string id) => new(
        RefusalCodes.NotFound,
        $"There is no file '{id}' of this facility.",
        $"没有编号为“{id}”的文件。",
        new Dictionary<string, string> { ["field"] = "file_qury_no", ["value"] = id });

    public static RefusalInfo PeriodDetached(string period) => new(
        RefusalCodes.PeriodDetached,
        $"The request, settlement or charge, or one that is needed, was settled in period '{period}', which is archived: the ledger keeps its keys alone. The agency can have the period attached again.",
        $"该请求、结算或收费批次（或所需的在前记录）属于已归档的账期“{period}”，账本仅保留其编号；经办机构可恢复该账期后办理。",
        new Dictionary<string, string> { ["period"] = period });

    /// <summary>Refuses to pass over a detached period: where the feed can go on, and what holds the rest.</summary>
    public static RefusalInfo FeedDetached(LedgerDetachedException detached) => detached is { LastPosition: { } last, Table: { } table }
        ? new RefusalInfo(
            RefusalCodes.PeriodDetached,
            $"The changes behind this position are in period '{detached.Period}', which is archived: read its table {table} or have it attached, and follow on behind {last}.",
            $"该位置之后的变更属于已归档的账期“{detached.Period}”：请读取其归档表{table}或恢复该账期，再从位置{last}之后继续。",
            new Dictionary<string, string> { ["period"] = detached.Period, ["table"] = table, ["after"] = $"{last}" })
        : PeriodDetached(detached.Period);

    /// <summary>A settlement that is not found may be in a detached period: then the refusal says so.</summary>
    public static async ValueTask<RefusalInfo> NotFoundOrDetached(RefusalInfo refusal, string settlementId, ILedgerStore store) =>
        refusal.Code == RefusalCodes.NotFound && LedgerKey.TryParse(settlementId, out LedgerKey key)
        && await store.ReadArchivedRequestAsync(key) is { } archived ? PeriodDetached(archived.Period) : refusal;

    public static RefusalInfo ChargeStands(string requestId) => new(
        RefusalCodes.ChargeConflict,
        $"Visit and charge batch of the corrected claim stand settled under request id '{requestId}'.",
        $"更正后的就诊和收费批次已有有效结算，请求编号“{requestId}”。",
        new Dictionary<string, string> { ["firstRequestId"] = requestId });

    public static RefusalInfo CorrectionRefused(string settlementId, RefusalInfo ground) => new(
        RefusalCodes.CorrectionRefused,
        $"Settlement '{settlementId}' cannot be settled again, so nothing was corrected: {ground.Code}, {ground.Message}",
        $"结算“{settlementId}”无法重新结算，未作任何更正：{ground.Code}，{ground.MessageZh}",
        new Dictionary<string, string>(ground.Details) { ["settlementId"] = settlementId, ["ground"] = ground.Code });

    public static RefusalInfo CorrectionOfTooManyEntries(int entries) => new(
        RefusalCodes.CorrectionTooLarge,
        $"The correction takes {entries} entries; at most {LedgerGroup.MaxEntries} are written at once.",
        $"本次更正需写入{entries}条记录，超过一次写入的上限{LedgerGroup.MaxEntries}条。",
        new Dictionary<string, string> { ["entries"] = $"{entries}", ["most"] = $"{LedgerGroup.MaxEntries}" });

    public static RefusalInfo CorrectionOfTooManyBytes(long bytes) => new(
        RefusalCodes.CorrectionTooLarge,
        $"The entries of the correction take {bytes} bytes; at most {LedgerGroup.MaxBytes} are written at once.",
        $"本次更正的记录共{bytes}字节，超过一次写入的上限{LedgerGroup.MaxBytes}字节。",
        new Dictionary<string, string> { ["bytes"] = $"{bytes}", ["most"] = $"{LedgerGroup.MaxBytes}" });

    public static RefusalInfo CorrectionOtherYear(string settlementId, int year, int settledYear) => new(
        RefusalCodes.CorrectionOtherYear,
        $"Settlement '{settlementId}' is of benefit year {settledYear}, the claim for it of {year}: take it back without replacement, then settle the claim.",
        $"结算“{settlementId}”属于{settledYear}年度，而更正后的费用属于{year}年度：请先撤销该结算，再另行结算。",
        new Dictionary<string, string>
        {
            ["settlementId"] = settlementId,
            ["benefitYear"] = $"{year}",
            ["settledYear"] = $"{settledYear}",
        });

    public static RefusalInfo InvalidPageToken(string token) => new(
        RefusalCodes.InvalidField,
        $"pageToken is '{token}': expected the nextPageToken of an earlier answer.",
        $"字段 pageToken 的值“{token}”无效：应为上一次应答的 nextPageToken。",
        new Dictionary<string, string> { ["field"] = "pageToken", ["value"] = token });
}
