using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>What holds for every history in Benxi and Panjin: random histories of one person across every change of the rules. The seed is printed.</summary>
public class CityPropertyTests(ITestOutputHelper output)
{
    private const int Benxi = 210500;
    private const int Panjin = 211100;
    private const int Runs = 200;

    private static readonly Gen<ClaimTotals> SomeTotals =
        from inScope in Gen.OneOf(Gen.Choose(0, 200), Gen.Choose(0, 100_000), Gen.Choose(0, 20_000_000))
        from selfFunded in Gen.Choose(0, 50_000)
        from preSelfPay in Gen.Choose(0, 2_000_000)
        select new ClaimTotals((long)inScope + selfFunded + preSelfPay, selfFunded, 0, preSelfPay, preSelfPay / 3);

    private static readonly Gen<Claim> InBenxi =
        from visit in Gen.Elements(VisitType.Inpatient, VisitType.OutpatientPooling, VisitType.TwoDisease)
        from scheme in Gen.Frequency((5, Gen.Constant(Scheme.Resident)), (1, Gen.Constant(Scheme.Employee)))
        from facility in SomeFacility(Benxi)
        from disease in Gen.Elements(Disease.Hypertension, Disease.Diabetes)
        from claim in SomeClaim(Benxi, "2021-11-01", 600)
        select claim with { VisitType = visit, Scheme = scheme, Facility = facility, Disease = disease };

    private static readonly Gen<Claim> InPanjin =
        from visit in Gen.Elements(VisitType.Inpatient, VisitType.Chronic, VisitType.HighValueDrug)
        from scheme in Gen.Elements(Scheme.Resident, Scheme.Employee)
        from facility in SomeFacility(Panjin)
        from claim in SomeClaim(Panjin, "2025-01-01", 600)
        from pooled in Gen.Choose(0, 100)
        from seriousIllness in Gen.Choose(0, 100)
        let compliant = claim.Totals!.Value.Total - claim.Totals!.Value.SelfFunded
        let paid = compliant * pooled / 100
        select claim with { VisitType = visit, Scheme = scheme, Facility = facility, KnownPayments = new KnownPayments(paid, (compliant - paid) * seriousIllness / 100) };

    private sealed record History(Account Person, Claim[] Claims);

    private static Gen<Facility> SomeFacility(int region) =>
        from level in Gen.Elements(Enum.GetValues<FacilityLevel>())
        from grade in Gen.Elements(Enum.GetValues<FacilityGrade>())
        from kind in Gen.Elements(Enum.GetValues<FacilityKind>())
        from division in Gen.Elements(region, region, region, Shenyang, Beijing)
        from specialised in Gen.Elements(true, false)
        select At(level, division) with { Grade = grade, Kind = kind, Specialised = specialised, CountyLevel2 = specialised, EssentialDrugs = !specialised };

    private static Gen<Claim> SomeClaim(int region, string first, int days) =>
        from totals in SomeTotals
        from day in Gen.Choose(0, days)
        from referral in Gen.Elements(true, false)
        from diagnoses in Gen.Elements(Diagnoses.None, Diagnoses.MentalIllness, Diagnoses.ListedCriticalDisease, Diagnoses.ListedChildMajorDisease)
        let discharged = Day(first).AddDays(day)
        select Stay(FacilityLevel.Level3, 0) with
        {
            Region = region,
            AdmissionDate = discharged.AddDays(-(day % 5)),
            DischargeDate = discharged,
            Totals = totals,
            Referral = referral,
            Emergency = diagnoses == Diagnoses.ListedCriticalDisease,
            Diagnoses = diagnoses,
        };

    private static readonly Gen<Account> SomePerson =
        from category in Gen.Elements(Enum.GetValues<InsuredCategory>())
        from groups in Gen.SubListOf(Enum.GetValues<SocialGroup>())
        from filed in Gen.SubListOf([Disease.Hypertension, Disease.Diabetes])
        from employed in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        let facts = (Fact[])
        [
            new BirthFact(Day("2012-05-20")),
            new InsuredFact(Day("2019-01-01"), category),
            new CoverageFact(Day("2020-01-01"), Day("2027-12-31")),
            .. employed ? [new EmployeeSpellFact(Day("2022-06-01"), Day("2022-12-31"))] : Array.Empty<Fact>(),
            .. groups.Select(g => new GroupFact(g, Day("2021-01-01"))),
            .. filed.Select(d => new TwoDiseaseFact(d, Day("2022-03-01"))),
        ]
        select Repository.Adjudicator.Record(Account.Empty, facts, Benxi, 1).After!;

    private void ForEveryHistory(Action<History> holds)
    {
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed} 1");
        foreach (var claims in new[] { InBenxi, InPanjin })
        {
            var histories = from person in SomePerson from list in claims.ArrayOf() select new History(person, list);
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(12).WithReplay(seed, 1), Prop.ForAll(Arb.From(histories), holds));
        }
    }

    private static IEnumerable<(Account Before, Claim Claim, Adjudication Settled)> Play(History history)
    {
        var account = history.Person;
        foreach (var claim in history.Claims)
        {
            if (account.Decide(claim) is not Adjudication settled)
                continue;

            yield return (account, claim, settled);
            account = settled.After;
        }
    }

    [Fact]
    public void Payments_sum_to_the_total_and_both_margins_of_the_slip_agree() => ForEveryHistory(history =>
    {
        foreach (var (_, claim, settled) in Play(history))
        {
            var (a, rows) = (settled.Amounts, settled.Matrix().Rows);
            Assert.Equal(claim.Totals!.Value.Total, a.Pooled + a.SeriousIllness + a.Assistance + a.PersonPays);
            Assert.All([a.Pooled, a.SeriousIllness, a.AssistanceBasic, a.AssistanceTilt, a.AssistanceOther, a.DeductiblePaid], part => Assert.InRange(part, 0, a.Total));
            Assert.InRange(a.PersonPays, a.SelfFunded + a.OverLimit, a.Total);
            Assert.Equal(
                (a.Total, a.Pooled, a.SeriousIllness, a.AssistanceBasic, a.AssistanceTilt, a.PersonPays),
                (rows.Sum(r => r.Total), rows.Sum(r => r.Pooled), rows.Sum(r => r.SeriousIllness), rows.Sum(r => r.AssistanceBasic), rows.Sum(r => r.AssistanceTilt), rows.Sum(r => r.Person)));
            Assert.All(rows, r => Assert.True(r.Person >= 0, $"{r}"));
        }
    });

    [Fact]
    public void No_cap_is_ever_exceeded() => ForEveryHistory(history =>
    {
        foreach (var (_, claim, settled) in Play(history))
        {
            long Paid(CounterId id) => settled.After.Counter(id, settled.BenefitYear);
            Assert.InRange(Paid(CounterId.AssistanceBasicPaid), 0, Yuan(20_000));
            Assert.InRange(Paid(CounterId.AssistanceTiltPaid), 0, Yuan(20_000));
            if (claim.Region == Benxi)
            {
                Assert.InRange(Paid(CounterId.PooledPaid), 0, Yuan(settled.BenefitYear < 2022 ? 60_000 : 80_000));
                Assert.InRange(Paid(CounterId.OutpatientPaid) + Paid(CounterId.TwoDiseasePaid), 0, Yuan(settled.BenefitYear < 2023 ? 500 : 800));
                Assert.InRange(Paid(CounterId.OutpatientDeductiblePaid), 0, Yuan(100));
            }
        }
    });

    [Fact]
    public void An_alert_is_up_exactly_when_a_settlement_reached_its_threshold() => ForEveryHistory(history =>
    {
        foreach (var year in Play(history).Where(p => p.Claim.Region == Panjin).GroupBy(p => p.Settled.BenefitYear))
        {
            var burden = year.Sum(p => p.Settled.Amounts.PersonPays);
            var last = year.Last().Settled.After;
            Assert.Equal(burden, last.Counter(CounterId.PersonBurden, year.Key));
            Assert.InRange(last.Counter(CounterId.AlertRelapseIntoPoverty, year.Key), 0, burden >= Yuan(5000) ? 1 : 0);
            Assert.InRange(last.Counter(CounterId.AlertPovertyByIllness, year.Key), 0, burden >= Yuan(20_000) ? 1 : 0);
            Assert.Equal(year.Count(p => p.Settled.Steps.Any(s => s.Code == StepCode.AlertRaised)), last.Counter(CounterId.AlertRelapseIntoPoverty, year.Key) + last.Counter(CounterId.AlertPovertyByIllness, year.Key));
        }
    });

    [Fact]
    public void Reversing_everything_newest_first_restores_every_counter() => ForEveryHistory(history =>
    {
        var played = Play(history).ToList();
        var account = played.Count == 0 ? history.Person : played[^1].Settled.After;
        foreach (var (before, claim, settled) in Enumerable.Reverse(played))
        {
            var target = new SettledEntry(claim.Facility.Code, settled.BenefitYear, settled.After.LastSequence, false);
            account = Reversals.Reverse(account, target, before, settled.After, Reversals.Agency, account.LastSequence + 1).After!;
            Assert.Equal(before.Counters.Yearly.ToArray(), account.Counters.Yearly.ToArray());
        }
    });

    [Fact]
    public void The_verifier_finds_nothing_to_object_to() => ForEveryHistory(history =>
    {
        foreach (var (before, claim, settled) in Play(history))
        {
            var stored = new StoredSettlement(settled.Amounts, settled.OutOfAreaKind, settled.AssistanceReason, settled.BenefitYear, settled.PackKey);
            Assert.Empty(EntryVerifier.Verify(before, new ClaimSettled(claim), Repository.Catalogue.Find(claim.Region)!, stored, settled.After.Bytes(), settled.After.LastSequence));
        }
    });
}
