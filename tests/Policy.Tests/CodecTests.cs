using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Binary forms: equal content gives equal bytes, what is written is read back, bad bytes are named.</summary>
public class CodecTests
{
    private static readonly Fact[] EveryFact =
    [
        new BirthFact(Day("1980-05-20")),
        new InsuredFact(Day("2020-01-01"), InsuredCategory.UniversityStudent),
        new GroupFact(SocialGroup.Orphan, Day("2021-01-01"), Day("2026-01-01")),
        new GroupFact(SocialGroup.Disabled, Day("2021-01-01")),
        new GroupEndFact(SocialGroup.Disabled, Day("2024-12-31")),
        new ContributionFact(2025, Day("2024-10-15")),
        new CoverageFact(Day("2024-01-01"), Day("2024-12-31")),
        new EmployeeSpellFact(Day("2019-01-01"), Day("2019-12-31")),
        new EmployeeSpellFact(Day("2023-01-01")),
        new FilingFact("F1", Beijing, FilingBasis.ResidencePermit, Day("2025-07-01"), Day("2025-06-15"), Day("2026-06-14")),
        new FilingEndFact("F1", Day("2026-02-01")),
        new CertificationFact(Disease.Dialysis, Day("2025-01-01")),
        new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital),
        new TwoDiseaseFact(Disease.Diabetes, Day("2025-01-05")),
    ];

    private static readonly Claim Rich = Stay(FacilityLevel.Level3, 1000) with
    {
        Facility = At(
            FacilityLevel.Level3) with { Parent = "T1", Grade = FacilityGrade.Grade3A, Kind = FacilityKind.VillageClinic,
            Specialised = true, CountyLevel2 = true, EssentialDrugs = true },
        Diagnoses = Diagnoses.OncologyTreatment | Diagnoses.ListedChildMajorDisease,
        Emergency = true,
        Referral = true,
        TreatmentFeeItem = true,
        GeneralFee = 600,
        Disease = Disease.Stroke,
        Pregnancy = "PG1",
        Cycle = "",
        StatedKind = OutOfAreaKind.Temporary,
        KnownPayments = new KnownPayments(7, 0),
        ReceivedByHand = Day("2025-04-01"),
        Lines = [new FeeLine("A1", CatalogueClass.B, 100, 2, 1500, 90, true, true), new FeeLine("药品", CatalogueClass.A, 5, 1)],
    };

    [Fact]
    public void An_account_is_read_back_as_written()
    {
        var settled = Person(InsuredCategory.Adult, SocialGroup.Orphan)
            .After(Stay(FacilityLevel.Level3, 60_000), Stay(FacilityLevel.Level3, 60_000, "2026-03-10"));
        var account = new Account(Account.Empty.With(EveryFact).Facts, settled.Counters, settled.Tips, settled.LastSequence);
        var read = AccountCodec.Decode(account.Bytes());

        Assert.Equal(account.Bytes(), read.Bytes());
        Assert.Equal(account.Tips.ToArray(), read.Tips.ToArray());
        Assert.Equal(account.Counters.Yearly.ToArray(), read.Counters.Yearly.ToArray());
        Assert.Equal(account.Facts.Filings.ToArray(), read.Facts.Filings.ToArray());
    }

    [Fact]
    public void A_typical_account_is_small()
    {
        var account = Person(InsuredCategory.Adult, SocialGroup.Orphan).After(
            Stay(FacilityLevel.Level3, 60_000), Stay(FacilityLevel.Level3, 60_000, "2025-06-10"),
                Stay(FacilityLevel.Level3, 60_000, "2026-03-10"));

        Assert.InRange(account.Bytes().Length, 1, 250);
    }

    [Fact]
    public void Events_are_read_back_as_written()
    {
        PersonEvent[] events =
        [
            new FactsRecorded(Shenyang, [.. EveryFact]),
            new ClaimSettled(Rich),
            new ClaimSettled(Stay(FacilityLevel.Level1, 1)),
            new SettlementReversed(42, "AGENCY"),
            new AssistanceLater(41),
            new GrantPaid(new GrantFact(Day("2025-07-01"), Shenyang, 1, 2), 3, 4),
            new SettlementsCorrected(2, 9, Rich, "等级有误"),
            new SettlementsCorrected(2, 9, null, ""),
            new RequestVoided(),
        ];

        Assert.All(events, e => Assert.Equal(e, EventCodec.Decode(EventCodec.Encode(e))));
    }

    [Fact]
    public void Whatever_differs_in_a_claim_differs_in_its_bytes()
    {
        Claim[] others =
        [
            Rich with { Region = Beijing },
            Rich with { Scheme = Scheme.Employee },
            Rich with { VisitType = VisitType.Delivery },
            Rich with { AdmissionDate = null },
            Rich with { DischargeDate = Day("2025-03-11") },
            Rich with { Totals = null },
            Rich with { Totals = Rich.Totals!.Value with { InScope = 100_000 } },
            Rich with { Lines = [] },
            Rich with { Lines = [Rich.Lines[0] with { Limit = null }, Rich.Lines[1]] },
            Rich with { Lines = [Rich.Lines[1], Rich.Lines[0]] },
            Rich with { Diagnoses = Diagnoses.OncologyTreatment },
            Rich with { Emergency = false },
            Rich with { Referral = false },
            Rich with { TreatmentFeeItem = false },
            Rich with { GeneralFee = 0 },
            Rich with { Disease = Disease.None },
            Rich with { Pregnancy = null },
            Rich with { Pregnancy = "" },
            Rich with { Cycle = null },
            Rich with { StatedKind = null },
            Rich with { StatedKind = OutOfAreaKind.Local },
            Rich with { KnownPayments = null },
            Rich with { KnownPayments = new KnownPayments(7, 1) },
            Rich with { Facility = Rich.Facility with { Code = "H" } },
            Rich with { Facility = Rich.Facility with { Level = FacilityLevel.Unrated } },
            Rich with { Facility = Rich.Facility with { Kind = FacilityKind.General } },
            Rich with { Facility = Rich.Facility with { Division = Beijing } },
            Rich with { Facility = Rich.Facility with { Designated = false } },
            Rich with { Facility = Rich.Facility with { AssistanceDesignated = false } },
            Rich with { Facility = Rich.Facility with { Abroad = true } },
            Rich with { Facility = Rich.Facility with { Parent = null } },
            Rich with { Facility = Rich.Facility with { Grade = FacilityGrade.None } },
            Rich with { Facility = Rich.Facility with { Specialised = false } },
            Rich with { Facility = Rich.Facility with { CountyLevel2 = false } },
            Rich with { Facility = Rich.Facility with { EssentialDrugs = false } },
        ];
        var all = others.Append(Rich).Select(c => Convert.ToHexString(ClaimCodec.Encode(c))).ToArray();

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(others, c => Assert.Equal(c, ClaimCodec.Decode(ClaimCodec.Encode(c))));
        Assert.Equal(Rich, Rich with { Lines = [.. Rich.Lines] });
    }

    [Fact]
    public void Every_cut_or_longer_run_of_bytes_is_refused_with_its_place()
    {
        var account = Account.Empty.With(EveryFact).Bytes();
        var happened = EventCodec.Encode(new ClaimSettled(Rich));

        for (var length = 0; length < account.Length; length++)
            Assert.Contains("account:", Assert.Throws<InvalidDataException>(() => AccountCodec.Decode(account.AsSpan(0, length)))
                .Message, StringComparison.Ordinal);

        for (var length = 0; length < happened.Length; length++)
            Assert.Contains("event:", Assert.Throws<InvalidDataException>(() => EventCodec.Decode(happened.AsSpan(0, length)))
                .Message, StringComparison.Ordinal);

        Assert.Throws<InvalidDataException>(() => AccountCodec.Decode([.. account, 0]));
        Assert.Throws<InvalidDataException>(() => EventCodec.Decode([.. happened, 0]));
    }

    [Fact]
    public void A_version_from_the_future_is_named()
        => Assert.Equal(
            "account: version 9 is not known, only 1 (byte 1 of 2)",
            Assert.Throws<InvalidDataException>(() => AccountCodec.Decode([9, 0])).Message);

    [Fact]
    public void Bytes_changed_at_random_give_another_value_or_a_named_error()
    {
        var account = Account.Empty.With(EveryFact).Bytes();
        for (var at = 0; at < account.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = account.ToArray();
                changed[at] = (byte)value;
                var error = Record.Exception(() => AccountCodec.Decode(changed));
                Assert.True(error is null or InvalidDataException, $"byte {at} = {value}: {error}");
            }
        }
    }
}
