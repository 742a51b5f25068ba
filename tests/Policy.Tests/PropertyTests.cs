using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>What holds for every history, whatever the claims: random histories of one person near every limit. The seed is printed.</summary>
public class PropertyTests(ITestOutputHelper output)
{
    private const int Runs = 300;

    private static readonly Diagnoses[] SomeDiagnoses =
    [
        Diagnoses.None, Diagnoses.None, Diagnoses.OncologyTreatment, Diagnoses.Aids, Diagnoses.SevereMentalDisorder, Diagnoses.ListedCriticalDisease,
        Diagnoses.OncologyTreatment | Diagnoses.MentalIllness,
    ];

    private static readonly int[] SomePlaces = [Shenyang, Shenyang, Shenyang, 210124, Beijing, Shanghai];

    /// <summary>Amounts in fen: small, odd, and large enough to reach every cap within a few claims.</summary>
    private static readonly Gen<long> Amount = Gen.OneOf(
        Gen.Choose(0, 200).Select(v => (long)v),
        Gen.Choose(0, 10_000_000).Select(v => (long)v),
        Gen.Choose(0, 50_000_000).Select(v => 2L * v));

    private static readonly Gen<ClaimTotals> SomeTotals =
        from inScope in Amount
        from selfFunded in Gen.Choose(0, 100_000)
        from overLimit in Gen.Choose(0, 100_000)
        from preSelfPay in Amount
        from notCounted in Gen.Choose(0, 100)
        let kept = preSelfPay * notCounted / 100
        select new ClaimTotals(inScope + selfFunded + overLimit + preSelfPay, selfFunded, overLimit, preSelfPay, kept, inScope);

    private static readonly VisitType[] Admissions = [VisitType.Inpatient, VisitType.Inpatient, VisitType.Inpatient, VisitType.Delivery, VisitType.FamilyPlanning];

    private static readonly Gen<Claim> SomeStay =
        from type in Gen.Elements(Admissions)
        from level in Gen.Elements(Enum.GetValues<FacilityLevel>())
        from division in Gen.Elements(SomePlaces)
        from diagnoses in Gen.Elements(SomeDiagnoses)
        from designated in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        from assistance in Gen.Elements(true, false)
        from emergency in Gen.Elements(true, false)
        from day in Gen.Choose(0, 729)
        from totals in SomeTotals
        let discharged = Day("2025-01-01").AddDays(day)
        select new Claim
        {
            Region = Shenyang,
            VisitType = type,
            Facility = At(level, division) with { Designated = designated, AssistanceDesignated = assistance },
            AdmissionDate = discharged.AddDays(-(day % 9)),
            DischargeDate = discharged,
            Diagnoses = diagnoses,
            Emergency = emergency,
            Totals = totals,
        };

    private static readonly VisitType[] OutpatientTypes =
    [
        VisitType.EmergencyOutpatient, VisitType.Chronic, VisitType.OutpatientPooling, VisitType.OutpatientPooling, VisitType.TwoDisease, VisitType.Prenatal,
        VisitType.AssistedReproduction,
    ];

    private static readonly Facility[] OutpatientFacilities =
    [
        At(FacilityLevel.Primary) with { Code = "T1", Kind = FacilityKind.TownshipHospital },
        At(FacilityLevel.Primary) with { Code = "T1", Kind = FacilityKind.TownshipHospital, Division = Beijing },
        At(FacilityLevel.Primary) with { Code = "V1", Kind = FacilityKind.VillageClinic, Parent = "T1" },
        At(FacilityLevel.Level2),
        At(FacilityLevel.Level2, Shanghai),
        At(FacilityLevel.Unrated),
    ];

    /// <summary>Small amounts, near the limits of the outpatient benefits; now and then a large one, near the fund's.</summary>
    private static readonly Gen<long> SmallAmount = Gen.Frequency(
        (8, Gen.Choose(0, 30_000).Select(v => (long)v)),
        (2, Gen.Choose(0, 200_000).Select(v => (long)v)),
        (1, Amount));

    private static readonly Gen<Claim> SomeVisit =
        from type in Gen.Elements(OutpatientTypes)
        from facility in Gen.Elements(OutpatientFacilities)
        from disease in Gen.Elements(Disease.Dialysis, Disease.Stroke, Disease.Hypertension, Disease.Diabetes)
        from reference in Gen.Elements("R1", "R2", "R3")
        from inScope in SmallAmount
        from selfFunded in Gen.Choose(0, 1000)
        from preSelfPay in Gen.Choose(0, 5000)
        from fee in Gen.Elements(0L, 50L, 600L, 777L, 1000L)
        from day in Gen.Choose(0, 729)
        select new Claim
        {
            Region = Shenyang,
            VisitType = type,
            Facility = facility,
            DischargeDate = Day("2025-01-01").AddDays(day),
            Diagnoses = Diagnoses.ListedCriticalDisease,
            TreatmentFeeItem = true,
            Disease = disease,
            Pregnancy = reference,
            Cycle = reference,
            GeneralFee = Math.Min(fee, inScope),
            Totals = new ClaimTotals(inScope + selfFunded + preSelfPay, selfFunded, 0, preSelfPay, 0, inScope),
        };

    private static readonly Gen<Claim> SomeClaim = Gen.Frequency((2, SomeStay), (3, SomeVisit));

    private static readonly Gen<Account> SomePerson =
        from category in Gen.Elements(Enum.GetValues<InsuredCategory>())
        from groups in Gen.SubListOf(Enum.GetValues<SocialGroup>())
        from filed in Gen.Elements(true, false)
        let person = Person(category, [.. groups]).With(
            new CertificationFact(Disease.Dialysis, Day("2024-06-01")),
            new CertificationFact(Disease.Stroke, Day("2025-06-01")),
            new TwoDiseaseFact(Disease.Hypertension, Day("2024-06-01")),
            new TwoDiseaseFact(Disease.Diabetes, Day("2025-09-01")),
            new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital),
            new ChosenFacilityFact(2026, "T1", FacilityKind.TownshipHospital))
        select filed ? person.With(new FilingFact("F1", Beijing, FilingBasis.PropertyDeed, Day("2025-05-01"))) : person;

    private sealed record History(Account Person, Claim[] Claims)
    {
        public override string ToString() => $"{string.Join(',', Person.Facts.Groups.Select(g => g.Group))}: {Claims.Length} claims\n{string.Join('\n', Claims.AsEnumerable())}";
    }

    private static readonly Gen<History> SomeHistory =
        from person in SomePerson
        from claims in SomeClaim.ArrayOf()
        select new History(person, claims);

    private void ForEveryHistory(Action<History> holds)
    {
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed} 1");
        var config = Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(14).WithReplay(seed, 1);
        var histories = Arb.From(SomeHistory, h => Enumerable.Range(0, h.Claims.Length).Select(i => h with { Claims = [.. h.Claims.Where((_, at) => at != i)] }));
        Check.One(config, Prop.ForAll(histories, holds));
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
    public void Payments_sum_to_the_total_and_none_is_negative() => ForEveryHistory(history =>
    {
        foreach (var (_, claim, settled) in Play(history))
        {
            var a = settled.Amounts;
            Assert.Equal(claim.Totals!.Value.Total, a.Pooled + a.SeriousIllness + a.AssistanceBasic + a.AssistanceTilt + a.AssistanceOutpatient + a.AssistanceOther + a.PersonPays);
            long[] parts = [a.Pooled, a.SeriousIllness, a.AssistanceBasic, a.AssistanceTilt, a.AssistanceOutpatient, a.AssistanceOther, a.DeductiblePaid, a.DeductibleStandard];
            Assert.All(parts, part => Assert.InRange(part, 0, long.MaxValue));
            Assert.InRange(a.PersonPays, a.SelfFunded + a.OverLimit, a.Total);
            Assert.InRange(a.Pooled, 0, a.InScope - a.DeductiblePaid);
        }
    });

    [Fact]
    public void No_cap_is_ever_exceeded() => ForEveryHistory(history =>
    {
        foreach (var (_, _, settled) in Play(history))
        {
            var (after, year) = (settled.After, settled.BenefitYear);
            Assert.InRange(after.Counter(CounterId.PooledPaid, year), 0, Yuan(150_000));
            Assert.InRange(after.Counter(CounterId.AssistanceBasicPaid, year), 0, Yuan(20_000));
            var exempt = settled.Groups.BestCategory is not (null or SocialGroup.ImpoverishedByIllness);
            Assert.InRange(after.Counter(CounterId.SeriousIllnessPaid, year), 0, exempt ? long.MaxValue : Yuan(400_000));
            Assert.InRange(after.Counter(CounterId.AssistanceOutpatientPaid, year), 0, Yuan(120));
            Assert.InRange(after.Counter(CounterId.TwoDiseasePaid, year), 0, Yuan(400));
            Assert.InRange(after.Counter(CounterId.VillageGeneralFeePaid, year), 0, Yuan(11));
            for (var quarter = 1; quarter <= 4; quarter++)
            {
                Assert.InRange(after.Counter(CounterId.QuarterDeductiblePaid, year, quarter), 0, Yuan(40));
                Assert.InRange(after.Counter(CounterId.QuarterPooledPaid, year, quarter), 0, Yuan(150));
                Assert.InRange(after.Counter(CounterId.QuarterVillagePaid, year, quarter), 0, Yuan(50));
            }

            var lasting = after.Counters.Referenced.ToArray();
            Assert.All(lasting.Where(c => c.Id == CounterId.PregnancyPaid), c => Assert.InRange(c.Value, 1, Yuan(1500)));
            Assert.InRange(lasting.Count(c => c.Id == CounterId.CycleBills), 0, 2);
        }
    });

    [Fact]
    public void Counters_are_the_sum_of_what_was_paid() => ForEveryHistory(history =>
    {
        var played = Play(history).ToList();
        foreach (var year in played.GroupBy(p => p.Settled.BenefitYear))
        {
            var last = played[^1].Settled.After;
            Assert.Equal(year.Sum(p => p.Settled.Amounts.Pooled), last.Counter(CounterId.PooledPaid, year.Key));
            Assert.Equal(year.Sum(p => p.Settled.Amounts.SeriousIllness), last.Counter(CounterId.SeriousIllnessPaid, year.Key));
            Assert.Equal(year.Sum(p => p.Settled.Amounts.AssistanceBasic), last.Counter(CounterId.AssistanceBasicPaid, year.Key));
            Assert.Equal(year.Sum(p => p.Settled.Amounts.AssistanceTilt), last.Counter(CounterId.AssistanceTiltPaid, year.Key));
            Assert.Equal(year.Sum(p => p.Settled.Amounts.AssistanceOther), last.Counter(CounterId.AssistanceOtherPaid, year.Key));
            Assert.Equal(year.Sum(p => p.Settled.Amounts.AssistanceOutpatient), last.Counter(CounterId.AssistanceOutpatientPaid, year.Key));
            Assert.Equal(year.Where(p => p.Claim.VisitType == VisitType.TwoDisease).Sum(p => p.Settled.Amounts.Pooled), last.Counter(CounterId.TwoDiseasePaid, year.Key));
            var pooling = year.Where(p => p.Claim.VisitType == VisitType.OutpatientPooling).ToLookup(p => ((p.Claim.DischargeDate.Month - 1) / 3) + 1);
            for (var quarter = 1; quarter <= 4; quarter++)
            {
                Assert.Equal(pooling[quarter].Sum(p => p.Settled.Amounts.Pooled), last.Counter(CounterId.QuarterPooledPaid, year.Key, quarter));
                Assert.Equal(pooling[quarter].Sum(p => p.Settled.Amounts.DeductiblePaid), last.Counter(CounterId.QuarterDeductiblePaid, year.Key, quarter));
            }
        }

        foreach (var pregnancy in played.Where(p => p.Claim.VisitType == VisitType.Prenatal).GroupBy(p => p.Claim.Pregnancy!))
            Assert.Equal(pregnancy.Sum(p => p.Settled.Amounts.Pooled), played[^1].Settled.After.Counters[CounterId.PregnancyPaid, pregnancy.Key]);

        foreach (var cycle in played.Where(p => p.Claim.VisitType == VisitType.AssistedReproduction).GroupBy(p => p.Claim.Cycle!))
            Assert.Equal(cycle.Count(), played[^1].Settled.After.Counters[CounterId.CycleBills, cycle.Key]);
    });

    [Fact]
    public void In_the_city_the_tumour_deductible_is_taken_at_most_once_a_year() => ForEveryHistory(history =>
    {
        var local = Play(history).Where(p =>
            p.Claim.VisitType == VisitType.Inpatient && p.Claim.Facility.Designated && p.Settled.OutOfAreaKind == OutOfAreaKind.Local && p.Claim.Diagnoses.HasFlag(Diagnoses.OncologyTreatment));
        foreach (var year in local.GroupBy(p => p.Settled.BenefitYear))
            Assert.InRange(year.Count(p => p.Settled.Amounts.DeductibleStandard > 0), 0, 1);
    });

    [Fact]
    public void The_same_claim_gives_the_same_decision() => ForEveryHistory(history =>
    {
        foreach (var (before, claim, settled) in Play(history))
        {
            var again = before.Settle(claim);
            Assert.Equal(settled.Amounts, again.Amounts);
            Assert.Equal(settled.Steps.ToArray(), again.Steps.ToArray());
            Assert.Equal(settled.After.Bytes(), again.After.Bytes());
        }
    });

    [Fact]
    public void Reversing_everything_newest_first_restores_the_account_but_for_the_sequence() => ForEveryHistory(history =>
    {
        var played = Play(history).ToList();
        var account = played.Count == 0 ? history.Person : played[^1].Settled.After;
        foreach (var (before, claim, settled) in Enumerable.Reverse(played))
        {
            var target = new SettledEntry(claim.Facility.Code, settled.BenefitYear, settled.After.LastSequence, false);
            var outcome = Reversals.Reverse(account, target, before, settled.After, Reversals.Agency, account.LastSequence + 1);
            Assert.Null(outcome.Refusal);
            account = outcome.After!;
            Assert.Equal(AtSequence(before, account.LastSequence), account.Bytes());
        }
    });

    [Fact]
    public void Assistance_claimed_later_keeps_the_identity_is_claimed_once_and_is_taken_back_exactly() => ForEveryHistory(history =>
    {
        var played = Play(history).ToList();
        var withheld = played.Where(p => p.Settled.AssistanceReason == AssistanceReason.NotOneStop).ToList();
        var account = played.Count == 0 ? history.Person : played[^1].Settled.After;
        var laters = new Stack<(Account Before, Adjudication Later)>();
        foreach (var (_, claim, settled) in withheld)
        {
            var target = new AssistedSettlement(claim, settled.Amounts, settled.OutOfAreaKind, settled.After.LastSequence);
            var later = Assert.IsType<Adjudication>(Repository.Adjudicator.AssistLater(account, target, account.LastSequence + 1));
            var a = later.Amounts;
            Assert.Equal(a.Total, a.Pooled + a.SeriousIllness + a.Assistance + a.PersonPays);
            Assert.InRange(a.PersonPays, a.SelfFunded + a.OverLimit, settled.Amounts.PersonPays);
            Assert.InRange(later.After.Counter(CounterId.AssistanceBasicPaid, later.BenefitYear), 0, Yuan(20_000));
            Assert.IsType<Refusal>(Repository.Adjudicator.AssistLater(later.After, target, later.After.LastSequence + 1));
            laters.Push((account, later));
            account = later.After;
        }

        foreach (var (before, later) in laters)
        {
            var target = new SettledEntry(Reversals.Agency, later.BenefitYear, later.After.LastSequence, false);
            account = Reversals.Reverse(account, target, before, later.After, Reversals.Agency, account.LastSequence + 1).After!;
            Assert.Equal(AtSequence(before, account.LastSequence), account.Bytes());
        }
    });

    [Fact]
    public void The_histories_reach_every_visit_type_and_every_limit()
    {
        var (types, limits) = (new HashSet<VisitType>(), new HashSet<Parameter>());
        ForEveryHistory(history =>
        {
            foreach (var (_, claim, settled) in Play(history))
            {
                types.Add(claim.VisitType);
                limits.UnionWith(settled.Steps.Where(s => s.Code is StepCode.BenefitCapped or StepCode.PooledCapped).Select(s => s.Parameter));
            }
        });

        Assert.Superset(new HashSet<VisitType>([.. Admissions, .. OutpatientTypes]), types);
        Assert.Superset(
            new HashSet<Parameter>([Parameter.PooledYearlyCap, Parameter.OutpatientCap, Parameter.OutpatientVillageCap, Parameter.TwoDiseaseCap, Parameter.PrenatalCap]),
            limits);
    }

    [Fact]
    public void Both_margins_of_the_matrix_are_the_amounts() => ForEveryHistory(history =>
    {
        foreach (var (_, _, settled) in Play(history))
        {
            var (a, rows) = (settled.Amounts, settled.Matrix().Rows);
            Assert.Equal(a.Total, rows.Sum(r => r.Total));
            Assert.Equal(a.Pooled, rows.Sum(r => r.Pooled));
            Assert.Equal(a.SeriousIllness, rows.Sum(r => r.SeriousIllness));
            Assert.Equal(a.AssistanceBasic, rows.Sum(r => r.AssistanceBasic));
            Assert.Equal(a.AssistanceTilt, rows.Sum(r => r.AssistanceTilt));
            Assert.Equal(a.AssistanceOther, rows.Sum(r => r.AssistanceOther));
            Assert.Equal(a.AssistanceOutpatient, rows.Sum(r => r.AssistanceOutpatient));
            Assert.Equal(a.PersonPays, rows.Sum(r => r.Person));
            Assert.All(rows, r => Assert.True(r is { Person: >= 0, Pooled: >= 0, SeriousIllness: >= 0, AssistanceBasic: >= 0, AssistanceTilt: >= 0, AssistanceOther: >= 0 }, $"{r}"));
        }
    });

    [Fact]
    public void Accounts_and_events_survive_their_binary_form() => ForEveryHistory(history =>
    {
        foreach (var (_, claim, settled) in Play(history))
        {
            Assert.Equal(settled.After.Bytes(), AccountCodec.Decode(settled.After.Bytes()).Bytes());
            Assert.Equal(claim, ClaimCodec.Decode(ClaimCodec.Encode(claim)));
        }
    });

    [Fact]
    public void The_verifier_finds_nothing_to_object_to() => ForEveryHistory(history =>
    {
        var pack = Repository.Catalogue.Find(Shenyang)!;
        foreach (var (before, claim, settled) in Play(history))
        {
            var stored = new StoredSettlement(settled.Amounts, settled.OutOfAreaKind, settled.AssistanceReason, settled.BenefitYear, settled.PackKey);
            Assert.Empty(EntryVerifier.Verify(before, new ClaimSettled(claim), pack, stored, settled.After.Bytes(), settled.After.LastSequence));
        }
    });

    private static byte[] AtSequence(Account account, long sequence) => new Account(account.Facts, account.Counters, account.Tips, sequence).Bytes();
}
