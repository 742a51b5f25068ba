using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cluster.Tests.Support;

/// <summary>Settles what the ledger holds of a person once more, one entry after the other, and compares every figure.</summary>
internal static class SerialReplay
{
    /// <summary>Checks one person's entries against a serial run of the rules in ledger order. Gives the account at the end.</summary>
    public static async Task<Account> CheckAsync(ILedgerStore store, PolicyCatalogue policies, string person)
    {
        Adjudicator adjudicator = new(policies);
        List<Account> accounts = [Account.Empty];
        List<LedgerEntry> entries = [];
        LedgerHash previous = LedgerHash.Zero;
        foreach (LedgerEntry entry in await store.ReadPersonAsync(person, 1, 10_000))
        {
            Assert.Equal(entries.Count + 1, entry.Sequence);
            Assert.Equal(previous, entry.PreviousHash);
            Assert.True(entry.HashIsValid());
            Account after = Apply(adjudicator, accounts, entries, entry);
            Assert.Equal(AccountCodec.Encode(after), entry.AccountAfter.ToArray());
            accounts.Add(after);
            entries.Add(entry);
            previous = entry.Hash;
        }

        return accounts[^1];
    }

    private static Account Apply(Adjudicator adjudicator, List<Account> accounts, List<LedgerEntry> entries, LedgerEntry entry)
    {
        switch (EventCodec.Decode(entry.Event.Span))
        {
            case FactsRecorded recorded:
                return adjudicator.Record(accounts[^1], recorded.Facts.AsSpan(), recorded.Region, entry.Sequence).After!;
            case ClaimSettled settled:
                Adjudication decision = Assert.IsType<Adjudication>(adjudicator.Settle(accounts[^1], settled.Claim, entry.Sequence));
                Amounts amounts = decision.Amounts;
                Assert.Equal(
                    (entry.Total, entry.Pooled, entry.SeriousIllness, entry.AssistanceBasic, entry.AssistanceTilt, entry.PersonPays),
                    (amounts.Total, amounts.Pooled, amounts.SeriousIllness, amounts.AssistanceBasic, amounts.AssistanceTilt,
                        amounts.PersonPays));
                return decision.After;
            case SettlementReversed reversed:
                LedgerEntry target = entries[(int)reversed.Sequence - 1];
                ReversalOutcome outcome = Reversals.Reverse(
                    accounts[^1],
                    new SettledEntry(target.Origin, target.BenefitYear, target.Sequence, AlreadyReversed: false),
                    accounts[(int)reversed.Sequence - 1],
                    accounts[(int)reversed.Sequence],
                    reversed.By,
                    entry.Sequence);
                return outcome.After!;
            case SettlementsCorrected:
                return Corrections.Close(accounts[^1], entry.Sequence);
            case RequestVoided:
                return Voids.After(accounts[^1], entry.Sequence);
            default:
                throw new InvalidOperationException("An event of another kind.");
        }
    }
}
