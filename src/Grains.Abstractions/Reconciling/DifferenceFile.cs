using System.Globalization;
using System.Reflection;
using Google.Protobuf.Reflection;
using Settlement.Contract;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Reconciling;

/// <summary>A figure or an id that differs: its field, the ledger's value and the facility's.</summary>
public readonly record struct DifferingField(string Field, string Here, string There);

/// <summary>Differences of two lists as CSV for the clerk: a line for each figure that differs, amounts in fen, persons in full.</summary>
public static class DifferenceFile
{
    /// <summary>Writes the file.</summary>
    public static void Write(IEnumerable<Difference> differences, TextWriter output)
    {
        Csv.WriteLine(
            output, "difference", "settlement_id", "request_id", "reversal", "person", "visit_id", "field", "ledger", "facility",
            "recorded_at", "other_day", "row");
        foreach (Difference difference in differences)
        {
            DetailItem row = RowOf(difference);
            foreach ((string field, string here, string there) in FieldsOf(
                difference, fen => fen.ToString(CultureInfo.InvariantCulture), person => person))
            {
                Csv.WriteLine(output, NameOf(difference.Kind), row.SettlementId, Csv.Harmless(row.RequestId), row.Reversal
                ? "1"
                : "0", row.Person,
                    Csv.Harmless(row.VisitId), field, here, there, row.RecordedAt, difference.OtherDay, difference.Item == 0
                        ? ""
                        : $"{difference.Item}");
            }
        }
    }

    /// <summary>The row that a difference is about: the ledger's, or the facility's where the ledger has none.</summary>
    public static DetailItem RowOf(Difference difference) => difference.Here ?? difference.There;

    /// <summary>What differs in it.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="money">How an amount in fen is shown.</param>
    /// <param name="person">How a person's id is shown.</param>
    public static IEnumerable<DifferingField> FieldsOf(Difference difference, Func<long, string> money, Func<string, string> person)
    {
        (DetailItem? here, DetailItem? there) = (difference.Here, difference.There);
        switch (difference.Kind)
        {
            case Kind.AmountDiffers:
                foreach (AmountDifference amount in difference.Amounts)
                    yield return new(amount.Field, money(amount.Here), money(amount.There));
                break;
            case Kind.IdentityDiffers:
                if (there.Person.Length > 0 && there.Person != here.Person)
                    yield return new("person", person(here.Person), person(there.Person));
                if (there.VisitId.Length > 0 && there.VisitId != here.VisitId)
                    yield return new("visit_id", Csv.Harmless(here.VisitId), Csv.Harmless(there.VisitId));
                if (there.RequestId.Length > 0 && there.RequestId != here.RequestId)
                    yield return new("request_id", Csv.Harmless(here.RequestId), Csv.Harmless(there.RequestId));
                break;
            default:
                yield return new("total", here is { HasTotal: true } ? money(here.Total) : "", there is { HasTotal: true }
                    ? money(there.Total)
                    : "");
                break;
        }
    }

    /// <summary>The name of a kind in the contract, such as MISSING_HERE.</summary>
    public static string NameOf(Kind kind) =>
        typeof(Kind).GetField(kind.ToString())?.GetCustomAttribute<OriginalNameAttribute>()?.Name ?? kind.ToString();
}
