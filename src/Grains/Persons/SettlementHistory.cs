using System.Globalization;
using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>A person's settlements as the ledger keeps them.</summary>
internal sealed class SettlementHistory(string person, ILedgerStore store, PolicyCatalogue catalogue)
{
    private const int DefaultPage = 50;

    /// <summary>One settlement, with the text of its steps where a language is asked for.</summary>
    public async Task<Reply<SettlementView>> Get(string settlementId, string language)
    {
        try
        {
            if (!LedgerKey.TryParse(settlementId, out LedgerKey key)
                || await store.ReadByRequestAsync(key) is not { Kind: LedgerEntryKind.Settlement } entry
                || entry.PersonId != person)
                return await Refuse.NotFoundOrDetached(Refuse.NotFound(settlementId), settlementId, store);
            SettlementView view = await View(entry);
            if (language.Length > 0) await Explain(view, entry.PackKey, language);
            return view;
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    /// <summary>Settlements newest first; the page token is the sequence below which the next page begins.</summary>
    public async Task<Reply<ListSettlementsResponse>> List(ListSettlementsRequest request)
    {
        int size = request.PageSize == 0 ? DefaultPage : request.PageSize;
        int? before = null;
        if (request.PageToken.Length > 0)
        {
            if (!int.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out int token))
                return Refuse.InvalidPageToken(request.PageToken);
            before = token;
        }

        try
        {
            ListSettlementsResponse answer = new();
            while (true)
            {
                IReadOnlyList<LedgerEntry> entries = await store.ReadPersonNewestFirstAsync(person, before, size);
                foreach (LedgerEntry entry in entries)
                {
                    before = entry.Sequence;
                    if (!Wanted(entry, request)) continue;
                    answer.Settlements.Add(await View(entry));
                    if (answer.Settlements.Count < size) continue;
                    if (entry.Sequence > 1) answer.NextPageToken = entry.Sequence.ToString(CultureInfo.InvariantCulture);
                    return answer;
                }

                if (entries.Count < size) return answer;
            }
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    private static bool Wanted(LedgerEntry entry, ListSettlementsRequest request) =>
        entry.Kind == LedgerEntryKind.Settlement
        && (request.BenefitYear == 0 || entry.BenefitYear == request.BenefitYear)
        && (request.Facility.Length == 0 || entry.Origin == request.Facility);

    private async Task<SettlementView> View(LedgerEntry entry)
    {
        SettlementView view = new()
        {
            Result = StoredAnswer.Of<SettleResponse>(entry).Result,
            Claim = ClaimMapping.ToWire(((ClaimSettled)EventCodec.Decode(entry.Event.Span)).Claim),
        };
        if (await store.ReadReversalOfAsync(person, entry.Sequence) is { } reversal)
        {
            view.ReversalId = reversal.RequestKey.ToString();
            view.ReversedAt = Dates.Text(reversal.RecordedAt);
            (view.CorrectionId, view.ReplacedBy) = await CorrectionTrace.OfAsync(store, entry, reversal);
        }

        return view;
    }

    /// <summary>Texts come from the pack that decided: the one in force, or the one the ledger kept.</summary>
    private async Task Explain(SettlementView view, long packKey, string language)
    {
        Pack? pack = catalogue.Packs.FirstOrDefault(candidate => candidate.PackKey == packKey);
        if (pack is null && await store.ReadPackAsync(packKey) is { } kept) pack = Pack.FromArchive(kept.Archive.Span);
        if (pack is not null) ExplanationMapping.Explain(view, pack, language == "zh" ? Language.Zh : Language.En);
    }
}
