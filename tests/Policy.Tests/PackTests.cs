using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Packs: the archive that the ledger keeps, the key, histories and citations.</summary>
public class PackTests
{
    private static Pack Pack => Repository.Catalogue.Find(Shenyang)!;

    [Fact]
    public void The_archive_gives_the_same_pack_back()
    {
        var again = Policy.Pack.FromArchive(Pack.Archive.AsSpan());

        Assert.Equal((Pack.PackKey, Pack.Name, Pack.Version, Pack.Region), (again.PackKey, again.Name, again.Version, again.Region));
        Assert.Equal(Pack.Archive.ToArray(), again.Archive.ToArray());
        var claim = Stay(FacilityLevel.SpecialLevel3, 70_000);
        var one = (Adjudication)new Adjudicator(PolicyCatalogue.Of(again)).Settle(Person(), claim, 2);
        Assert.Equal(Person().Settle(claim).Amounts, one.Amounts);
    }

    [Fact]
    public void Bytes_that_are_no_archive_are_named()
    {
        Assert.Throws<InvalidDataException>(() => Policy.Pack.FromArchive("nothing"u8));
        Assert.Throws<InvalidDataException>(() => Policy.Pack.FromArchive(Pack.Archive.AsSpan()[..^1]));
    }

    [Fact]
    public void The_key_is_the_head_of_the_hash_and_names_the_decision()
    {
        Assert.Equal(Pack.PackKey, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(Pack.Hash.AsSpan()));
        Assert.Equal(32, Pack.Hash.Length);
        Assert.Equal(Pack.PackKey, Person().Settle(Stay(FacilityLevel.Level3, 1000)).PackKey);
    }

    [Fact]
    public void A_parameter_shows_its_history_with_citations()
    {
        Assert.True(ParameterSchema.TryFind("assistance.one-stop", out var parameter));
        var definition = Pack.Find(Scheme.Resident, parameter)!;

        Assert.Equal(["no", "yes"], definition.Values.Select(v => v.Cells[0].Text));
        Assert.Equal((Day("2025-10-31"), null), (definition.Values[0].To, definition.Values[1].To));
        Assert.Equal("yes", definition.On(Day("2025-11-01"))!.Cells[0].Text);
        Assert.Equal("yes/no", definition.Unit);
        Assert.All(Pack.Parameters, p => Assert.All(p.Values, v => Assert.False(string.IsNullOrWhiteSpace(v.Citation.Section))));
    }

    [Fact]
    public void Values_past_their_review_are_listed()
    {
        Assert.Empty(Pack.StaleOn(Day("2026-12-31")));
        Assert.NotEmpty(Pack.StaleOn(Day("2027-01-01")));
    }

    [Fact]
    public void Every_counter_the_engine_moved_is_declared()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan).With(
            new CertificationFact(Disease.Dialysis, Day("2024-06-01")),
            new TwoDiseaseFact(Disease.Hypertension, Day("2024-06-01")),
            new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital));
        var village = At(FacilityLevel.Primary) with { Code = "V1", Kind = FacilityKind.VillageClinic, Parent = "T1" };
        var account = person.After(
            Stay(FacilityLevel.Level3, 60_000) with { Diagnoses = Diagnoses.OncologyTreatment },
            Stay(FacilityLevel.Level3, 60_000, "2025-06-10") with { Diagnoses = Diagnoses.SevereMentalDisorder },
            Stay(FacilityLevel.Level3, 6000,
                "2025-12-10") with { Facility = At(FacilityLevel.Level3) with { AssistanceDesignated = false } },
            Visit(VisitType.Chronic, At(FacilityLevel.Level3), 100) with { Disease = Disease.Dialysis },
            Visit(VisitType.OutpatientPooling, village, 100) with { GeneralFee = 600 },
            Visit(VisitType.TwoDisease, village, 100) with { Disease = Disease.Hypertension },
            Visit(VisitType.Prenatal, village, 100) with { Pregnancy = "P1" },
            Visit(VisitType.AssistedReproduction, At(FacilityLevel.Level3), 100) with { Cycle = "C1" });
        var declared = Pack.Counters.Select(c => c.Id).ToHashSet();

        Assert.Equal(3, account.Counters.Referenced.Length);
        Assert.All(account.Counters.Yearly.ToArray(), c => Assert.Contains(c.Key.Id, declared));
        Assert.All(account.Counters.Referenced.ToArray(), c => Assert.Contains(c.Id, declared));
    }
}
