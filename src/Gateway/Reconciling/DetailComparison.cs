using Settlement.Contract;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Gateway.Reconciling;

/// <summary>
/// A facility's list against the ledger's, row by row: a settlement and its reversal are two rows, found by the settlement's id or, where
/// the facility does not know it, by its request id. Each row gives the differences of its own and no others.
/// </summary>
internal sealed class DetailComparison
{
    private readonly List<HereRow> here;
    private readonly Dictionary<(string Id, bool Reversal), HereRow> byId = [];
    private readonly Dictionary<(string Id, bool Reversal), HereRow> byRequest = [];
    private readonly HashSet<(string Settlement, string Request, bool Reversal)> unknown = [];

    /// <param name="rows">The ledger's rows.</param>
    public DetailComparison(IEnumerable<DetailItem> rows)
    {
        here = [.. rows.Select(row => new HereRow(row))];
        foreach (HereRow row in here)
        {
            byId[(row.Item.SettlementId, row.Item.Reversal)] = row;
            byRequest[(row.Item.RequestId, row.Item.Reversal)] = row;
        }
    }

    /// <summary>Rows of the ledger.</summary>
    public int Here => here.Count;

    /// <summary>Rows of the facility so far.</summary>
    public int There { get; private set; }

    /// <summary>Rows that both have.</summary>
    public int Matched { get; private set; }

    /// <summary>
    /// Takes the facility's next row. One that the ledger does not have on these days is MISSING_HERE; whether it has it on another day, or
    /// has the settlement of a reversal, the caller looks up.
    /// </summary>
    public IEnumerable<Difference> Take(DetailItem item)
    {
        There++;
        HereRow? row = item.SettlementId.Length > 0
            ? byId.GetValueOrDefault((item.SettlementId, item.Reversal))
            : byRequest.GetValueOrDefault((item.RequestId, item.Reversal));
        if (row is null)
        {
            bool isFirst = unknown.Add(
                (item.SettlementId, item.Reversal && item.SettlementId.Length > 0 ? "" : item.RequestId, item.Reversal));
            return [Found(isFirst ? Kind.MissingHere : Kind.ListedTwice, null, item)];
        }

        if (row.IsMatched) return [Found(Kind.ListedTwice, row.Item, item)];
        row.IsMatched = true;
        Matched++;
        return Differences(row.Item, item);
    }

    /// <summary>What the ledger has and the facility has not named.</summary>
    public IEnumerable<Difference> Rest() => here.Where(row => !row.IsMatched)
        .Select(row => new Difference { Kind = row.Item.Reversal ? Kind.ReversedHereOnly : Kind.MissingThere, Here = row.Item });

    private IEnumerable<Difference> Differences(DetailItem row, DetailItem item)
    {
        if ((item.Person.Length > 0 && item.Person != row.Person)
            || (item.VisitId.Length > 0 && item.VisitId != row.VisitId)
            || (item.SettlementId.Length > 0 && item.RequestId.Length > 0 && item.RequestId != row.RequestId))
            yield return Found(Kind.IdentityDiffers, row, item);
        (string Field, long Here, bool IsSent, long There)[] figures =
        [
            ("total", row.Total, item.HasTotal, item.Total),
            ("fund_pay", row.FundPay, item.HasFundPay, item.FundPay),
            ("pooled", row.Pooled, item.HasPooled, item.Pooled),
            ("serious_illness", row.SeriousIllness, item.HasSeriousIllness, item.SeriousIllness),
            ("assistance", row.Assistance, item.HasAssistance, item.Assistance),
            ("person_pays", row.PersonPays, item.HasPersonPays, item.PersonPays),
        ];
        AmountDifference[] amounts =
        [
            .. figures.Where(figure => figure.IsSent && figure.Here != figure.There)
                .Select(figure => new AmountDifference { Field = figure.Field, Here = figure.Here, There = figure.There }),
        ];
        if (amounts.Length == 0) yield break;
        Difference differs = Found(Kind.AmountDiffers, row, item);
        differs.Amounts.Add(amounts);
        yield return differs;
    }

    private Difference Found(Kind kind, DetailItem? here, DetailItem there) => new()
    {
        Kind = kind,
        Here = here,
        There = there,
        Item = There,
    };

    private sealed class HereRow(DetailItem item)
    {
        public DetailItem Item => item;

        public bool IsMatched { get; set; }
    }
}
