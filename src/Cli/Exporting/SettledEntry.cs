using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Cli.Exporting;

/// <summary>A settlement, or the reversal of one, with the settlement that it is about.</summary>
/// <param name="Entry">The settlement or reversal.</param>
/// <param name="Settled">The settlement: the same entry, or the one that is reversed.</param>
/// <param name="Claim">What was settled.</param>
/// <param name="Reversal">Of a settlement: the entry that has reversed it since; null while it stands.</param>
internal sealed record SettledEntry(LedgerEntry Entry, LedgerEntry Settled, Claim Claim, LedgerEntry? Reversal)
{
    /// <summary>Whether it is the reversal.</summary>
    public bool IsReversal => Entry.Kind == LedgerEntryKind.Reversal;

    /// <summary>The result as it was answered.</summary>
    public SettlementResult Result { get; } = SettleResponse.Parser.ParseFrom(Settled.Answer.Span).Result;

    /// <summary>Of a reversal: the answer to it; else null.</summary>
    public ReverseResponse? Reversed { get; } =
        Entry.Kind == LedgerEntryKind.Reversal ? ReverseResponse.Parser.ParseFrom(Entry.Answer.Span) : null;

    /// <summary>1 or -1: a reversal's amounts are negative, so that a file sums to its net.</summary>
    public int Sign => IsReversal ? -1 : 1;
}

/// <summary>Finds the settlement that an entry is about.</summary>
internal sealed class SettledEntries(ILedgerStore store)
{
    /// <summary>Look-ups at once.</summary>
    private const int AtOnce = 8;

    /// <summary>Those of a page that are settlements or reversals of settlements, in its order.</summary>
    /// <param name="page">Entries of the ledger.</param>
    /// <param name="facility">Only those of this facility; null: all.</param>
    /// <param name="withReversals">Whether to ask of each settlement if it was reversed since.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="LedgerException">A settlement that was reversed is in a detached period, or an entry is damaged.</exception>
    public async Task<IReadOnlyList<SettledEntry>> OfAsync(
        IReadOnlyList<LedgerEntry> page, string? facility, bool withReversals, CancellationToken cancellation)
    {
        SettledEntry?[] found = new SettledEntry?[page.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(
            0, page.Count, options, async (i, token) => found[i] = await OfAsync(page[i], facility, withReversals, token));
        return [.. found.OfType<SettledEntry>()];
    }

    private async ValueTask<SettledEntry?> OfAsync(LedgerEntry entry, string? facility, bool withReversals, CancellationToken cancellation)
    {
        if (entry.Kind is not (LedgerEntryKind.Settlement or LedgerEntryKind.Reversal)) return null;
        LedgerEntry settled = entry.Reverses is { } sequence
            ? await store.ReadAsync(entry.PersonId, sequence, cancellation) ?? throw await MissingAsync(entry, cancellation)
            : entry;
        if (settled.Kind != LedgerEntryKind.Settlement) return null; // assistance claimed later, taken back
        try
        {
            Claim claim = (EventCodec.Decode(settled.Event.Span) as ClaimSettled)?.Claim
                ?? throw new InvalidDataException("it holds no claim");
            if (facility is not null && claim.Facility.Code != facility) return null;
            LedgerEntry? reversal = withReversals && entry.Kind == LedgerEntryKind.Settlement
                ? await store.ReadReversalOfAsync(entry.PersonId, entry.Sequence, cancellation)
                : null;
            return new SettledEntry(entry, settled, claim, reversal);
        }
        catch (Exception error) when (error is InvalidDataException or InvalidProtocolBufferException)
        {
            throw new LedgerException(
                $"Entry {settled.Sequence} of person {Text.Show.Masked(settled.PersonId)} is damaged: {error.Message}", error);
        }
    }

    private async Task<LedgerException> MissingAsync(LedgerEntry reversal, CancellationToken cancellation) =>
        await store.ReadDetachedPartAsync(reversal.PersonId, cancellation) is { } part
            ? new LedgerDetachedException(
                part.Period,
                $"The settlement that position {reversal.Position} reverses is in period {part.Period}, which is detached: attach it.")
            : new LedgerException(
                $"Entry {reversal.Reverses} of person {Text.Show.Masked(reversal.PersonId)} is missing, which entry {reversal.Sequence} reverses.");
}
