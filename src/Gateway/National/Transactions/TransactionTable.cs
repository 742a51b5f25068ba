using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.National.Transactions;

/// <summary>One transaction of the national interface.</summary>
/// <param name="Number">交易编号.</param>
/// <param name="Term">Its name.</param>
/// <param name="Handle">What serves it; null: known, and not served here.</param>
internal sealed record Transaction(string Number, string Term, Func<NationalRequest, Task<TransactionAnswer>>? Handle);

/// <summary>Every transaction number, and what serves it. The newer spelling with a final A is the same transaction.</summary>
internal sealed class TransactionTable
{
    private readonly Dictionary<string, Transaction> byNumber;

    public TransactionTable(
        SettlementTransactions settlements, VisitTransactions visits, ChargeTransactions charges, AccountTransactions accounts,
        VoidTransactions voids, ReconciliationTransactions reconciliation)
    {
        Rows =
        [
            new("1101", "人员基本信息获取", null),
            new("1201", "医药机构信息获取", null),
            new("1312", "医保目录信息查询", null),
            new("1318", "医保目录限价信息查询", null),
            new("1319", "医保目录先自付比例信息查询", null),
            new("1901", "码表字典下载", null),
            new("2001", "人员待遇享受检查", null),
            new("2101", "药店预结算", null),
            new("2102", "药店结算", null),
            new("2103", "药店结算撤销", null),
            new("2201", "门诊挂号", visits.Register),
            new("2202", "门诊挂号撤销", visits.Cancel),
            new("2203", "门诊就诊信息上传", visits.Describe),
            new("2204", "门诊费用明细信息上传", charges.ChargeOutpatient),
            new("2205", "门诊费用明细信息撤销", charges.WithdrawOutpatient),
            new("2206", "门诊预结算", settlements.QuoteOutpatient),
            new("2207", "门诊结算", settlements.SettleOutpatient),
            new("2208", "门诊结算撤销", settlements.ReverseOutpatient),
            new("2301", "住院费用明细上传", charges.ChargeInpatient),
            new("2302", "住院费用明细撤销", charges.WithdrawInpatient),
            new("2303", "住院预结算", settlements.QuoteInpatient),
            new("2304", "住院结算", settlements.SettleInpatient),
            new("2305", "住院结算撤销", settlements.ReverseInpatient),
            new("2401", "入院办理", visits.Admit),
            new("2402", "出院办理", visits.Discharge),
            new("2403", "入院信息变更", null),
            new("2404", "入院撤销", visits.Cancel),
            new("2405", "出院撤销", visits.WithdrawDischarge),
            new("2601", "冲正", voids.Void),
            new("3201", "医药机构费用结算对总账", reconciliation.Totals),
            new("3202", "医药机构费用结算对明细账", reconciliation.Details),
            new("3203", "清算申请", null),
            new("3204", "清算申请撤销", null),
            new("5206", "人员累计信息查询", accounts.Accumulators),
            new("9001", "签到", accounts.SignIn),
            new("9002", "签退", accounts.SignOut),
            new("9101", "文件上传", reconciliation.Upload),
            new("9102", "文件下载", reconciliation.Download),
        ];
        byNumber = Rows.ToDictionary(row => row.Number);
    }

    /// <summary>Every transaction known by name.</summary>
    public IReadOnlyList<Transaction> Rows { get; }

    /// <summary>What serves a number.</summary>
    /// <exception cref="RefusalException">UNSUPPORTED_TRANSACTION.</exception>
    public Func<NationalRequest, Task<TransactionAnswer>> Find(string number)
    {
        string plain = number is [.., 'A'] ? number[..^1] : number;
        if (byNumber.TryGetValue(plain, out Transaction? transaction) && transaction.Handle is { } handle) return handle;
        string name = transaction is null ? number : $"{number} {transaction.Term}";
        string served = string.Join(" ", Rows.Where(row => row.Handle is not null).Select(row => row.Number));
        throw new RefusalException(new RefusalInfo(
            RefusalCodes.UnsupportedTransaction,
            $"message.infno is '{name}': not served here. Served are {served}.",
            $"交易“{name}”不受支持，可用交易：{served}。",
            new Dictionary<string, string> { ["field"] = "message.infno", ["value"] = number }));
    }
}
