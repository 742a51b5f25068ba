using Settlement.Catalogues;
using Settlement.Contract;
using Settlement.Refusals;
using Clas = Settlement.Contract.FeeLine.Types.Class;

namespace Settlement.Cluster.Tests.Catalogues;

/// <summary>Which version of a code holds on a day, and which rows cannot be recorded beside each other.</summary>
public sealed class MedicalCatalogueTests
{
    private const string Code = "MADE-UP-1";
    private static readonly DateOnly First = new(2026, 1, 1);

    [Fact]
    public void An_open_version_holds_until_the_next_begins_and_a_closed_one_to_its_last_day()
    {
        MedicalCatalogue catalogue = Of(Entry(Clas.A, "2025-01-01"), Entry(Clas.B, "2025-07-01", "2025-12-31"));

        Assert.Null(Find(catalogue, "2024-12-31").Class);
        Assert.Equal(new CatalogueValue((long)Clas.A, 1), Find(catalogue, "2025-06-30").Class);
        Assert.Equal(new CatalogueValue((long)Clas.B, 2), Find(catalogue, "2025-07-01").Class);
        Assert.Equal(new CatalogueValue((long)Clas.B, 2), Find(catalogue, "2025-12-31").Class);
        Assert.Null(Find(catalogue, "2026-01-01").Class);
    }

    [Fact]
    public void A_region_goes_before_its_province_on_the_days_on_which_it_has_a_version()
    {
        MedicalCatalogue catalogue = Of(Share("210000", 1000, "2025-01-01"), Share("210100", 500, "2025-07-01", "2025-12-31"));

        Assert.Equal(1000, Find(catalogue, "2025-06-30").Share!.Value.Value);
        Assert.Equal(500, Find(catalogue, "2025-07-01").Share!.Value.Value);
        Assert.Equal(1000, Find(catalogue, "2026-01-01").Share!.Value.Value);
        Assert.Null(catalogue.Find(Code, First, "220100", catalogue.Newest).Share);
    }

    [Theory]
    [InlineData("2025-01-01", "", "2025-01-01", "2025-12-31")]
    [InlineData("2025-01-01", "2025-06-30", "2025-06-30", "")]
    [InlineData("2025-06-30", "", "2025-01-01", "2025-06-30")]
    [InlineData("2025-01-01", "2025-12-31", "2025-03-01", "2025-03-31")]
    public void Rows_that_overlap_are_refused_by_the_version_that_was_there(string from, string to, string from2, string to2)
    {
        MedicalCatalogue catalogue = Of(Entry(Clas.A, from, to));

        RefusalInfo fault = catalogue.Fault(Entry(Clas.B, from2, to2))!;

        Assert.Equal(RefusalCodes.CatalogueOverlap, fault.Code);
        Assert.Equal(("1", $"{from}..{to}", from2), (fault.Details["version"], fault.Details["versionPeriod"], fault.Details["value"]));
        Assert.Null(catalogue.Fault(Share("210100", 100, from2, to2)));
    }

    [Fact]
    public void A_correction_takes_the_place_of_its_version_and_what_was_said_before_can_still_be_asked()
    {
        MedicalCatalogue catalogue = Of(Entry(Clas.A, "2025-01-01"));
        CatalogueRow corrected = Entry(Clas.B, "2025-01-01", correction: "wrong class");
        Assert.Equal(RefusalCodes.CatalogueNothingToCorrect, catalogue.Fault(Entry(Clas.B, "2025-01-02", correction: "x"))!.Code);
        Assert.Null(catalogue.Fault(corrected));
        Add(catalogue, corrected);
        CatalogueRow gone = Entry(Clas.B, "2025-01-01", correction: "never existed");
        gone.Withdrawn = true;
        Add(catalogue, gone);

        Assert.Equal((long)Clas.A, catalogue.Find(Code, First, "210100", 1).Class!.Value.Value);
        Assert.Equal((long)Clas.B, catalogue.Find(Code, First, "210100", 2).Class!.Value.Value);
        Assert.Null(catalogue.Find(Code, First, "210100", 3).Class);
        Assert.Equal((true, false), (catalogue.Knows(Code, 2), catalogue.Knows(Code, 3)));
        Assert.Equal([1, 2, 3], catalogue.VersionsOf(Code));
        Assert.Equal(1, catalogue.Recorded(Entry(Clas.A, "2025-01-01")));
        Assert.Equal(0, catalogue.Recorded(Entry(Clas.A, "2025-01-01", correction: "right after all")));
    }

    /// <summary>
    /// Any rows in any order: what is found is what a list of days says that each accepted row was written into, now and for every state
    /// that the catalogue ever had.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void On_each_day_exactly_the_version_in_force_is_found(int seed)
    {
        const int Days = 40;
        Random random = new(seed);
        int accepted = 0;
        int refused = 0;
        for (int run = 0; run < 200; run++)
        {
            MedicalCatalogue catalogue = new();
            List<(int From, int To, int Value, int Version)> standing = [];
            HashSet<int> begun = [];
            List<int?[]> states = [Expected(standing)];
            for (int i = 0; i < 12; i++)
            {
                int from = random.Next(Days);
                int? to = random.Next(3) == 0 ? null : Math.Min(Days - 1, from + random.Next(12));
                bool corrects = random.Next(4) == 0;
                CatalogueRow row = Share("210100", i, Day(from), to is { } last ? Day(last) : "", corrects ? $"correction {i}" : "");
                row.Withdrawn = corrects && random.Next(3) == 0;
                List<(int From, int To, int Value, int Version)> others = [.. standing.Where(one => !(corrects && one.From == from))];
                bool overlaps = !row.Withdrawn && others.Any(one => one.From == from
                    || (one.From < from ? one.To != int.MaxValue && one.To >= from : to >= one.From));
                if (corrects && !begun.Contains(from))
                {
                    Assert.Equal(RefusalCodes.CatalogueNothingToCorrect, catalogue.Fault(row)?.Code);
                    continue;
                }

                Assert.Equal(overlaps, catalogue.Fault(row)?.Code == RefusalCodes.CatalogueOverlap);
                refused += overlaps ? 1 : 0;
                if (overlaps) continue;
                Add(catalogue, row);
                begun.Add(from);
                accepted++;
                if (!row.Withdrawn) others.Add((from, to ?? int.MaxValue, i, catalogue.Newest));
                standing = others;
                states.Add(Expected(standing));
            }

            for (int state = 0; state < states.Count; state++)
            {
                for (int day = 0; day < Days; day++)
                    Assert.Equal(states[state][day], catalogue.Find(Code, First.AddDays(day), "210100", state).Share?.Version);
            }
        }

        Assert.True(accepted > 500 && refused > 200, $"{accepted} accepted, {refused} refused: the rows show too little");

        static int?[] Expected(List<(int From, int To, int Value, int Version)> standing)
        {
            int?[] days = new int?[Days];
            foreach ((int from, int to, _, int version) in standing.OrderBy(one => one.From))
            {
                for (int day = from; day < Days; day++) days[day] = day <= to ? version : null;
            }

            return days;
        }
    }

    private static CatalogueFinding Find(MedicalCatalogue catalogue, string day) =>
        catalogue.Find(Code, IsoDay.Parse(day), "210100", catalogue.Newest);

    private static string Day(int number) => First.AddDays(number).ToString("yyyy-MM-dd");

    private static MedicalCatalogue Of(params CatalogueRow[] rows)
    {
        MedicalCatalogue catalogue = new();
        foreach (CatalogueRow row in rows)
        {
            Assert.Null(catalogue.Fault(row));
            Add(catalogue, row);
        }

        return catalogue;
    }

    private static void Add(MedicalCatalogue catalogue, CatalogueRow row) =>
        catalogue.Add(new CatalogueVersion { Version = catalogue.Newest + 1, Row = row });

    private static CatalogueRow Entry(Clas clas, string from, string to = "", string correction = "") => new()
    {
        Code = Code, From = from, To = to, Correction = correction, Entry = new CatalogueEntry { Name = "made up", Class = clas },
    };

    private static CatalogueRow Share(string region, int bp, string from, string to = "", string correction = "") => new()
    {
        Code = Code, From = from, To = to, Correction = correction, Share = new CatalogueShare { Region = region, SelfPayBp = bp },
    };
}
