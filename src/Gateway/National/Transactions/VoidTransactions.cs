using Settlement.Contract;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;
using Kind = Settlement.Contract.VisitReport.Types.Kind;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Gateway.National.Transactions;

/// <summary>
/// 2601 冲正: the end of a message of unknown outcome. The national message says only that it was accepted; here infcode 0 means that it
/// is done, and the warning
/// tells which end it was.
/// </summary>
internal sealed class VoidTransactions(SettlementOperations settlements, VisitOperations visits)
{
    private static readonly string[] Voidable = ["2207", "2208", "2304", "2305", "2401"];

    /// <summary>2601.</summary>
    public async Task<TransactionAnswer> Void(NationalRequest request)
    {
        Fields data = request.Input.Object("data");
        string original = data.Id("omsgid");
        string number = data.Text("oinfno");
        string plain = number is [.., 'A'] ? number[..^1] : number;
        if (!Voidable.Contains(plain)) throw NotVoidable(data, number);
        if (plain == "2401") return await VoidAdmission(request, data, original);
        VoidResponse voided = await settlements.Void(new VoidRequest { RequestId = original, Person = data.Person() }, request.Caller);
        return TransactionAnswer.Empty with
        {
            Warning = voided.State == VoidResponse.Types.State.Reversed
                ? $"原交易已结算，已撤销，结算ID {voided.Reversal.SettlementId}。"
                : "原交易未到达或未成功，已作废，此后不会结算。",
        };
    }

    private async Task<TransactionAnswer> VoidAdmission(NationalRequest request, Fields data, string original)
    {
        VisitReport report = new() { MessageId = request.MessageId, Kind = Kind.Voided, Person = data.Person() };
        await visits.Report(VisitOperations.IdFor(request.Facility, original), report, request.Caller);
        return TransactionAnswer.Empty with { Warning = "原入院登记已作废。" };
    }

    private static RefusalException NotVoidable(Fields data, string number) => new(new RefusalInfo(
        RefusalCodes.UnsupportedTransaction,
        $"{data.Name("oinfno")} is '{number}': voided are {string.Join(" ", Voidable)}.",
        $"交易“{number}”不能冲正，可冲正的交易：{string.Join(" ", Voidable)}。",
        new Dictionary<string, string> { ["field"] = data.Name("oinfno"), ["value"] = number }));
}
