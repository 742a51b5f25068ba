using Settlement.Contract;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Cluster.Tests.Support;

/// <summary>A facility's list made wrong at random places, and the differences that a comparison must give: these and no others.</summary>
internal sealed class Perturbation
{
    private static readonly (string Field, Func<DetailItem, long> Get, Action<DetailItem, long> Set)[] Amounts =
    [
        ("total", item => item.Total, (item, fen) => item.Total = fen),
        ("fund_pay", item => item.FundPay, (item, fen) => item.FundPay = fen),
        ("pooled", item => item.Pooled, (item, fen) => item.Pooled = fen),
        ("serious_illness", item => item.SeriousIllness, (item, fen) => item.SeriousIllness = fen),
        ("assistance", item => item.Assistance, (item, fen) => item.Assistance = fen),
        ("person_pays", item => item.PersonPays, (item, fen) => item.PersonPays = fen),
    ];

    private readonly List<DetailItem> list = [];
    private readonly List<string> expected = [];

    /// <param name="ledger">The ledger's rows of the days compared.</param>
    /// <param name="reversedLater">Settlements among them whose reversal lies on a later day, and that day.</param>
    /// <param name="random">Where the places come from.</param>
    public Perturbation(IReadOnlyList<DetailItem> ledger, IReadOnlyDictionary<string, string> reversedLater, Random random)
    {
        HashSet<string> reversedHere = [.. ledger.Where(row => row.Reversal).Select(row => row.SettlementId)];
        foreach (DetailItem row in ledger)
        {
            Take(row, random);
            if (row.Reversal || reversedHere.Contains(row.SettlementId) || random.Next(8) > 0) continue;
            list.Add(Negative(AsSent(row)));
            Expect(Kind.ReversedThereOnly, row.SettlementId, true, reversedLater.GetValueOrDefault(row.SettlementId, ""));
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            DetailItem unknown = new() { RequestId = $"unknown-{i}", Reversal = random.Next(3) == 0, Total = 100, FundPay = 60 };
            list.Add(unknown);
            Expect(Kind.MissingHere, unknown.RequestId, unknown.Reversal, "");
        }

        List = [.. list.OrderBy(_ => random.Next())];
    }

    /// <summary>The list, in an order of its own.</summary>
    public IReadOnlyList<DetailItem> List { get; }

    /// <summary>The differences, sorted.</summary>
    public IEnumerable<string> Expected => expected.Order(StringComparer.Ordinal);

    /// <summary>A difference in the form of <see cref="Expected"/>.</summary>
    public static string Text(Difference difference)
    {
        DetailItem row = difference.Here ?? difference.There;
        string amounts = string.Concat(difference.Amounts.Select(amount => $" {amount.Field} {amount.Here}/{amount.There}"));
        return Line(difference.Kind, row.SettlementId.Length > 0
            ? row.SettlementId
            : row.RequestId, row.Reversal, difference.OtherDay + amounts);
    }

    private void Take(DetailItem row, Random random)
    {
        DetailItem sent = AsSent(row);
        // A facility that never heard the answer knows its request id only.
        if (random.Next(4) == 0) sent.SettlementId = "";
        switch (random.Next(10))
        {
            case 0:
                Expect(row.Reversal ? Kind.ReversedHereOnly : Kind.MissingThere, row.SettlementId, row.Reversal, "");
                return;
            case 1:
                string wrong = "";
                foreach ((string field, Func<DetailItem, long> get, Action<DetailItem, long> set) in Amounts.Where((_, i) => i == 0
                    || random.Next(3) == 0))
                {
                    set(sent, get(row) + random.Next(1, 100));
                    wrong += $" {field} {get(row)}/{get(sent)}";
                }

                Expect(Kind.AmountDiffers, row.SettlementId, row.Reversal, wrong);
                break;
            case 2:
                sent.VisitId += "-other";
                Expect(Kind.IdentityDiffers, row.SettlementId, row.Reversal, "");
                break;
            case 3:
                list.Add(sent);
                Expect(Kind.ListedTwice, row.SettlementId, row.Reversal, "");
                break;
            case 4:
                // What is not sent is not compared.
                sent.ClearPooled();
                sent.ClearAssistance();
                sent.Person = "";
                break;
        }

        list.Add(sent);
    }

    private static DetailItem AsSent(DetailItem row) => new()
    {
        SettlementId = row.SettlementId, RequestId = row.RequestId, Reversal = row.Reversal, Person = row.Person, VisitId = row.VisitId,
            Total = row.Total,
        FundPay = row.FundPay, Pooled = row.Pooled, SeriousIllness = row.SeriousIllness, Assistance = row.Assistance,
            PersonPays = row.PersonPays,
    };

    private static DetailItem Negative(DetailItem item)
    {
        item.Reversal = true;
        foreach ((_, Func<DetailItem, long> get, Action<DetailItem, long> set) in Amounts) set(item, -get(item));
        return item;
    }

    private void Expect(Kind kind, string id, bool reversal, string detail) => expected.Add(Line(kind, id, reversal, detail));

    private static string Line(Kind kind, string id, bool reversal, string detail) =>
        $"{kind} {id} {(reversal ? "reversal" : "settlement")} {detail}";
}
