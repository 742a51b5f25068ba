using System.Globalization;
using Settlement.Cli.Cases;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Exporting;

/// <summary>An entry of the ledger with all that it holds, under the names of the ledger's own columns. docs/data.md lists them.</summary>
internal static class LedgerColumns
{
    private const string Microseconds = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The columns, in the order in which they stand; new ones are added at the end.</summary>
    public static IReadOnlyList<Column<LedgerEntry>> Of(ShownPersons persons) =>
    [
        new("position", static entry => Cell.Of(entry.Position)),
        new("person_id", entry => Cell.Foreign(persons.Of(entry.PersonId))),
        new("sequence", static entry => Cell.Of(entry.Sequence)),
        new("kind", static entry => Cell.Of(WireClaim.WireName((Change.Types.Kind)entry.Kind))),
        new("origin", static entry => Cell.Foreign(entry.Origin)),
        new("request_id", static entry => Cell.Foreign(entry.RequestId)) { IsPersonal = true },
        new("request_key", static entry => Cell.Of(entry.RequestKey.ToString())),
        new("charge_key", static entry => Cell.Of(entry.ChargeKey?.ToString() ?? "")) { IsPersonal = true },
        new("charge_generation", static entry => Cell.Of(entry.ChargeGeneration)),
        new("benefit_year", static entry => Cell.Of(entry.BenefitYear)),
        new("effective_date", static entry => Cell.Of(WireClaim.Day(entry.EffectiveDate))),
        new("visit_type", static entry => Cell.Of(entry.VisitType == 0 ? "" : ((VisitType)entry.VisitType).Text())),
        new("region", static entry => Cell.Of(entry.Region == 0 ? "" : WireClaim.Division(entry.Region))),
        // 64 bits: more than many readers of JSON keep of a number.
        new("pack_key", static entry => Cell.Of(entry.PackKey.ToString(CultureInfo.InvariantCulture))),
        new("reverses", static entry => Cell.Of((long?)entry.Reverses)),
        Amount("total", static entry => entry.Total),
        Amount("pooled", static entry => entry.Pooled),
        Amount("serious_illness", static entry => entry.SeriousIllness),
        Amount("assistance_basic", static entry => entry.AssistanceBasic),
        Amount("assistance_tilt", static entry => entry.AssistanceTilt),
        Amount("assistance_outpatient", static entry => entry.AssistanceOutpatient),
        Amount("assistance_other", static entry => entry.AssistanceOther),
        Amount("person_pays", static entry => entry.PersonPays),
        new("recorded_at", static entry => Cell.Of(entry.RecordedAt.ToString(Microseconds, CultureInfo.InvariantCulture))),
        new("previous_hash", static entry => Cell.Of(entry.PreviousHash.ToString())) { IsPersonal = true },
        new("hash", static entry => Cell.Of(entry.Hash.ToString())) { IsPersonal = true },
        new("event", static entry => Cell.Of(entry.Event.Span)) { IsPersonal = true },
        new("answer", static entry => Cell.Of(entry.Answer.Span)) { IsPersonal = true },
        new("account_after", static entry => Cell.Of(entry.AccountAfter.Span)) { IsPersonal = true },
    ];

    private static Column<LedgerEntry> Amount(string name, Func<LedgerEntry, long> get) =>
        new(name, entry => Cell.Of(get(entry))) { IsSummed = true };
}
