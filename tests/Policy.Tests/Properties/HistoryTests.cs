using System.Text.RegularExpressions;
using Settlement.Tests.Histories;
using Xunit.Abstractions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests.Properties;

/// <summary>
/// What holds for every history of a person, in every city: claims of every visit type near every limit, quotes, facts registered in
/// between, assistance claimed later, grants and reversals.
/// </summary>
public partial class HistoryTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cities => [.. City.All.Select(c => c.Name)];

    private void ForEvery(string city, Action<PersonRun, IReadOnlyList<Taken>> holds)
        => HistoryProperty.ForEvery(City.Named(city), output.WriteLine, history =>
        {
            var (run, taken) = PersonRun.Play(Repository.Adjudicator, history);
            holds(run, taken);
        });

    [Theory]
    [MemberData(nameof(Cities))]
    public void Payments_sum_to_the_total_and_none_is_negative(string city) => ForEvery(city, (run, _) =>
    {
        foreach (var entry in run.Payments)
        {
            var a = entry.Amounts;
            Assert.Equal(a.Total, a.Pooled + a.SeriousIllness + a.AssistanceBasic + a.AssistanceTilt + a.AssistanceOutpatient
                + a.AssistanceOther + a.PersonPays);
            if (entry.Claim!.Totals is { } billed)
                Assert.Equal(
                    (billed.Total, billed.SelfFunded, billed.OverLimit, billed.PreSelfPay),
                    (a.Total, a.SelfFunded, a.OverLimit, a.PreSelfPay));

            long[] parts = [
                a.Pooled, a.SeriousIllness, a.AssistanceBasic, a.AssistanceTilt, a.AssistanceOutpatient, a.AssistanceOther,
                a.DeductiblePaid];
            Assert.All(parts, part => Assert.InRange(part, 0, a.Total));
            Assert.InRange(a.PersonPays, a.SelfFunded + a.OverLimit, a.Total);
            Assert.InRange(a.Pooled, 0, entry.Claim!.KnownPayments is null ? a.InScope - a.DeductiblePaid : a.InScope + a.PreSelfPay);
        }
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void Both_margins_of_the_slip_are_the_amounts(string city) => ForEvery(city, (run, _) =>
    {
        foreach (var settled in run.Payments.Where(e => e.IsSettlement).Select(e => e.Decided!))
        {
            var (a, rows) = (settled.Amounts, settled.Matrix().Rows);
            Assert.Equal(
                [a.Total, a.Pooled, a.SeriousIllness, a.AssistanceBasic, a.AssistanceTilt, a.AssistanceOutpatient, a.AssistanceOther,
                    a.PersonPays],
                [
                    rows.Sum(r => r.Total), rows.Sum(r => r.Pooled), rows.Sum(r => r.SeriousIllness), rows.Sum(r => r.AssistanceBasic),
                        rows.Sum(r => r.AssistanceTilt),
                    rows.Sum(r => r.AssistanceOutpatient), rows.Sum(r => r.AssistanceOther), rows.Sum(r => r.Person),
                ]);
            Assert.All(
                rows,
                r => Assert.True(
                    r is { Total: > 0, Pooled: >= 0, SeriousIllness: >= 0, AssistanceBasic: >= 0, AssistanceTilt: >= 0,
                    AssistanceOutpatient: >= 0, AssistanceOther: >= 0, Person: >= 0 }, $"{r}"));
        }
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void The_account_is_what_the_standing_entries_make_of_it(string city) => ForEvery(city, (run, _) =>
    {
        Assert.Equal(new StandingCounters(run).Lines(), StandingCounters.LinesOf(run.Account));
        Assert.Equal(
            run.StandingPayments.GroupBy(e => e.Decided!.BenefitYear).OrderBy(y => y.Key)
                .Select(y => new YearTip(y.Key, y.Max(e => e.Sequence))),
            run.Account.Tips);
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void A_reversal_takes_back_exactly_what_its_entry_added(string city) => ForEvery(city, (run, _) =>
    {
        foreach (var reversal in run.Entries.Where(e => e.Reverses is not null))
        {
            var (target, year) = (reversal.Reverses!, reversal.Reverses!.Decided!.BenefitYear);
            Assert.Equal(OfYear(target.Before, year), OfYear(reversal.After, year));
            Assert.Equal(target.Before.TipOf(year), reversal.After.TipOf(year));
            Assert.Equal(reversal.Before.Counters.Yearly.ToArray().Where(c => c.Key.Year != year), reversal.After.Counters.Yearly.ToArray()
                .Where(c => c.Key.Year != year));
            foreach (var counter in target.Before.Counters.Referenced.ToArray().Concat(target.After.Counters.Referenced.ToArray()))
            {
                long Of(Account account) => account.Counters[counter.Id, counter.Reference];
                Assert.Equal(Of(target.After) - Of(target.Before), Of(reversal.Before) - Of(reversal.After));
            }

            Assert.Same(reversal.Before.Facts, reversal.After.Facts);
        }

        static IEnumerable<Counter> OfYear(Account account, int year) => account.Counters.Yearly.ToArray().Where(c => c.Key.Year == year);
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void Reversing_everything_newest_first_leaves_facts_and_nothing_else(string city) => ForEvery(city, (run, _) =>
    {
        var facts = run.Account.Facts;
        while (run.StandingPayments.Any())
        {
            // Assistance claimed later and its settlement are of one year, so the newest of all stands in nobody's way.
            var newest = run.Payments.Reverse().TakeWhile(e => e.Reversed).Count();
            Assert.Null(run.Take(new ReverseAct(newest, ReversedBy.Agency)).Refusal);
        }

        Assert.True(run.Account.Counters.Yearly.IsEmpty);
        Assert.True(run.Account.Counters.Referenced.IsEmpty);
        Assert.Empty(run.Account.Tips);
        Assert.Same(facts, run.Account.Facts);
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void A_quote_is_what_settling_gives_then_and_moves_nothing(string city) => ForEvery(city, (run, taken) =>
    {
        foreach (var quote in taken.Where(t => t.Quoted is not null))
        {
            var settled = quote.Before.Decide(((QuoteAct)quote.Act).Claim);
            if (quote.Quoted is Refusal refusal)
                Assert.Equal(
                    (refusal.Code, refusal.Parameter, refusal.Field),
                    (((Refusal)settled).Code, ((Refusal)settled).Parameter, ((Refusal)settled).Field));
            else
                AssertSame((Adjudication)quote.Quoted!, (Adjudication)settled);
        }

        foreach (var (act, next) in taken.Zip(taken.Skip(1)).Where(t => t.First.Entry is null))
            Assert.Equal(act.Before.Bytes(), next.Before.Bytes());
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void The_same_history_gives_the_same_bytes(string city) =>
        HistoryProperty.ForEvery(City.Named(city), output.WriteLine, history =>
    {
        var (first, second) = (PersonRun.Play(Repository.Adjudicator, history).Run, PersonRun.Play(Repository.Adjudicator, history).Run);
        foreach (var (one, other) in first.Entries.Zip(second.Entries))
        {
            Assert.Equal(one.After.Bytes(), other.After.Bytes());
            if (one.Decided is not null)
                AssertSame(one.Decided, other.Decided!);
        }
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void Accounts_and_events_survive_their_binary_form(string city) => ForEvery(city, (run, _) =>
    {
        foreach (var entry in run.Entries)
        {
            Assert.Equal(entry.After.Bytes(), AccountCodec.Decode(entry.After.Bytes()).Bytes());
            Assert.Equal(entry.Happened, EventCodec.Decode(EventCodec.Encode(entry.Happened)));
        }
    });

    [Theory]
    [MemberData(nameof(Cities))]
    public void The_verifier_objects_to_no_entry(string city) => ForEvery(city, (run, _) =>
    {
        var pack = Repository.Catalogue.Find(run.Region)!;
        foreach (var entry in run.Entries)
        {
            var stored = entry.Decided is { } d
                ? new StoredSettlement(d.Amounts, d.OutOfAreaKind, d.AssistanceReason, d.BenefitYear, d.PackKey)
                : null;
            var reversed = entry.Reverses is { } r
                ? new ReversedSettlement(new SettledEntry(r.Owner, r.Decided!.BenefitYear, r.Sequence, false), r.Before, r.After)
                : null;
            var assisted = entry.Assists is { } settlement ? PersonRun.Assisted(settlement) : null;
            Assert.Empty(
                EntryVerifier.Verify(
                entry.Before, entry.Happened, pack, stored, entry.After.Bytes(), entry.Sequence, reversed, assisted, entry.Standing));
        }
    });

    /// <summary>Requests that come at once are taken in some order: whichever it is, what must hold holds.</summary>
    [Theory]
    [MemberData(nameof(Cities))]
    public void In_any_other_order_the_same_requests_break_nothing(string city) =>
        HistoryProperty.ForEvery(City.Named(city), output.WriteLine, history =>
    {
        var orders = new Random(history.Acts.Length);
        for (var i = 0; i < 3; i++)
        {
            var acts = history.Acts.ToArray();
            orders.Shuffle(acts);
            var (run, _) = PersonRun.Play(Repository.Adjudicator, history with { Acts = [.. acts] });
            Assert.Equal(new StandingCounters(run).Lines(), StandingCounters.LinesOf(run.Account));
            Assert.All(run.Payments, e =>
                Assert.Equal(e.Amounts.Total, e.Amounts.Pooled + e.Amounts.SeriousIllness + e.Amounts.Assistance + e.Amounts.PersonPays));
            Assert.All(run.Entries, e => CapTests.AssertKept(run.Region, e));
        }
    });

    [Fact]
    public void A_failing_history_is_told_with_its_seed_and_as_short_as_it_can_be()
    {
        var printed = new List<string>();
        var failure = Assert.ThrowsAny<Exception>(() => HistoryProperty.ForEvery(City.Named("shenyang"), printed.Add, history =>
        {
            var (run, _) = PersonRun.Play(Repository.Adjudicator, history);
            Assert.DoesNotContain(run.Payments, e => e.Amounts.Pooled > 0);
        }));

        Assert.Matches(@"^shenyang: seed \d+ \(repeat with SETTLEMENT_SEED=\d+\)$", printed.Single());
        var shrunk = failure.Message[failure.Message.IndexOf("Shrunk:", StringComparison.Ordinal)..];
        Assert.Contains("region 210100, person: born ", shrunk, StringComparison.Ordinal);
        Assert.Single(NumberedAct().Matches(shrunk));
    }

    private static void AssertSame(Adjudication one, Adjudication other)
    {
        Assert.Equal(one.Amounts, other.Amounts);
        Assert.Equal(one.Steps.ToArray(), other.Steps.ToArray());
        Assert.Equal(one.After.Bytes(), other.After.Bytes());
    }

    [GeneratedRegex(@"^  \d+\. (settle|quote|record|reverse|claim|apply) ", RegexOptions.Multiline)]
    private static partial Regex NumberedAct();
}
