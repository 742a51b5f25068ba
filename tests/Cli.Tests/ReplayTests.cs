using System.Text.Json;
using System.Xml.Linq;
using Settlement.Cli.Replay;
using Settlement.Cli.Tests.Support;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Tests;

/// <summary>
/// What a changed pack would have paid. Figures by hand, in yuan, for an adult in level 3: deductible 600, ratio 75 %, and serious-illness
/// insurance pays 60 % of the year's burden between 18,000 and 50,000. The fixture discharges entry 2 on 30 March, entry 3 on 9 April 2025
/// and so on, ten days apart.
/// </summary>
public sealed class ReplayTests
{
    private const long TenThousand = 1_000_000; // yuan, in fen
    private static readonly DateOnly January = new(2025, 1, 1);
    private static readonly DateOnly April = new(2025, 4, 1);

    [Fact]
    public async Task The_same_pack_gives_no_difference()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(30 * TenThousand);
        await ledger.ReverseAsync(3);
        await ledger.SettleAsync(10 * TenThousand);
        ReplayReport report = await ledger.ReplayAsync(ledger.Pack, January);
        Assert.Equal((1, 5, 2), (report.Persons, report.Entries, report.Replayed));
        Assert.Equal(report.All.Payments.Recorded, report.All.Payments.WhatIf);
        Assert.Equal(8_160_000, report.All.Payments.Recorded.Pooled);
        Assert.Equal((0, 0, 1), Counts(report.All.Persons));
        Assert.Empty(report.Refused);
    }

    /// <summary>
    /// 10,000 and 100,000 at 80 %: pooled 7,520 + 79,520 instead of 7,050 + 74,550; the year's burden falls from 28,400 to 22,960, and with
    /// it serious-illness insurance from 60 % of 10,400 to 60 % of 4,960.
    /// </summary>
    [Fact]
    public async Task A_higher_ratio_lowers_the_burden_above_the_threshold_of_a_later_settlement()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(10 * TenThousand);
        ReplayReport report = await ledger.ReplayAsync(
            ledger.PackWith("inpatient.yaml", "          LEVEL_3: 75", "          LEVEL_3: 80"), January);
        Assert.Equal(new Comparison(
            new Payments { Pooled = 8_160_000, SeriousIllness = 624_000, Person = 2_216_000 },
            new Payments { Pooled = 8_704_000, SeriousIllness = 297_600, Person = 1_998_400 }), report.All.Payments);
        Assert.Equal((1, 0, 0), Counts(report.ByPayer[Payer.Pooled]));
        Assert.Equal((0, 1, 0), Counts(report.ByPayer[Payer.SeriousIllness]));
        Assert.Equal((1, 0, 0), Counts(report.ByPayer[Payer.Person]));
        Assert.Equal(report.All.Payments, Assert.Single(report.ByVisitType, group => group.Key == "INPATIENT").Value.Payments);
        Assert.Equal(report.All.Payments, Assert.Single(report.ByCategory, group => group.Key == "ADULT").Value.Payments);
    }

    /// <summary>
    /// A yearly cap of 80,000: the first settlement took 7,050 of it, so the second gets 72,950 instead of 74,550. The 1,600 raise the
    /// burden to
    /// 30,000, of which serious-illness insurance pays 60 % of 12,000.
    /// </summary>
    [Fact]
    public async Task A_lower_cap_cuts_the_settlement_that_reaches_it()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(10 * TenThousand);
        ReplayReport report = await ledger.ReplayAsync(ledger.PackWith("frame.yaml", "value: 150000", "value: 80000"), January);
        Assert.Equal(new Payments { Pooled = 8_000_000, SeriousIllness = 720_000, Person = 2_280_000 }, report.All.Payments.WhatIf);
        Assert.Equal((0, 1, 0), Counts(report.All.Persons));
    }

    /// <summary>
    /// From April only the second is decided again, on the burden of 2,950 as recorded: 2,950 + 20,480 - 18,000 = 5,430, of it 60 %.
    /// </summary>
    [Fact]
    public async Task What_was_discharged_before_the_date_stays_as_it_was_recorded()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(10 * TenThousand);
        Pack changed = ledger.PackWith("inpatient.yaml", "          LEVEL_3: 75", "          LEVEL_3: 80");
        ReplayReport report = await ledger.ReplayAsync(changed, April);
        Assert.Equal(1, report.Replayed);
        Assert.Equal(new Comparison(
            new Payments { Pooled = 7_455_000, SeriousIllness = 624_000, Person = 1_921_000 },
            new Payments { Pooled = 7_952_000, SeriousIllness = 325_800, Person = 1_722_200 }), report.All.Payments);

        ReplayReport later = await ledger.ReplayAsync(changed, new DateOnly(2025, 4, 10));
        Assert.Equal((1, 3, 0), (later.Persons, later.Entries, later.Replayed));
        Assert.Equal((0, 0, 0), Counts(later.All.Persons));
    }

    /// <summary>
    /// Settled after the change but discharged before it: the rules of its time hold, on an account that the change has touched.
    /// </summary>
    [Fact]
    public async Task A_discharge_before_the_date_that_is_settled_late_is_decided_by_its_own_pack()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(10 * TenThousand);
        await ledger.SettleAsync(TenThousand, discharged: new DateOnly(2025, 3, 20));
        ReplayReport report = await ledger.ReplayAsync(
            ledger.PackWith("inpatient.yaml", "          LEVEL_3: 75", "          LEVEL_3: 80"), new DateOnly(2025, 3, 30));
        Assert.Equal(2, report.Replayed);
        Assert.Equal(7_952_000 + 705_000, report.All.Payments.WhatIf.Pooled);
        Assert.Equal(325_800, report.All.Payments.WhatIf.SeriousIllness);
    }

    /// <summary>
    /// Only the last of the three stands: 7,520 instead of 7,050, and no burden of the reversed ones is left to reach the threshold.
    /// </summary>
    [Fact]
    public async Task A_reversed_settlement_counts_nothing_on_either_side()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(10 * TenThousand);
        await ledger.SettleAsync(10 * TenThousand);
        await ledger.ReverseAsync(3);
        await ledger.ReverseAsync(2);
        await ledger.SettleAsync(TenThousand);
        Pack changed = ledger.PackWith("inpatient.yaml", "          LEVEL_3: 75", "          LEVEL_3: 80");
        Comparison expected = new(new Payments { Pooled = 705_000, Person = 295_000 }, new Payments { Pooled = 752_000, Person = 248_000 });
        Assert.Equal(expected, (await ledger.ReplayAsync(changed, January)).All.Payments);
        // From April the second is decided again, while the first is taken back as it was recorded.
        Assert.Equal(expected, (await ledger.ReplayAsync(changed, April)).All.Payments);
    }

    [Fact]
    public async Task A_claim_that_the_changed_pack_refuses_is_counted_and_what_it_paid_is_lost()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.SettleAsync(TenThousand);
        await ledger.ReverseAsync(3);
        ReplayReport report = await ledger.ReplayAsync(ledger.PackWith("frame.yaml", "          - INPATIENT\n", ""), January);
        KeyValuePair<(LedgerEntryKind, RefusalCode), ReplayRefusals> refused = Assert.Single(report.Refused);
        Assert.Equal((LedgerEntryKind.Settlement, RefusalCode.UnpublishedParameter), refused.Key);
        Assert.Equal((1, 705_000), (refused.Value.Entries, refused.Value.Lost));
        Assert.Equal(new Payments { Person = TenThousand }, report.All.Payments.WhatIf);
        Assert.Equal((0, 1, 0), Counts(report.All.Persons));
    }

    /// <summary>Level 3 from 75 to 80 %, level 2 from 80 to 70 %, level 1 as it is.</summary>
    [Fact]
    public async Task Persons_who_gain_lose_and_stay_are_counted()
    {
        await using LedgerFixture ledger = await ThreePersonsAsync();
        ReplayReport report = await ledger.ReplayAsync(Levels(ledger), January);
        Assert.Equal((3, 3), (report.Persons, report.Replayed));
        Assert.Equal((1, 1, 1), Counts(report.All.Persons));
        Assert.Equal((1, 1, 1), Counts(report.ByVisitType["INPATIENT"].Persons));
        // 5 % of 9,400 more, 10 % of 9,700 less.
        Assert.Equal(47_000 - 97_000, report.All.Payments.Difference(Payer.Pooled));
        Assert.Equal(97_000 - 47_000, report.All.Payments.Difference(Payer.Person));
    }

    [Fact]
    public async Task The_command_prints_tables_and_chart_and_names_nobody()
    {
        await using LedgerFixture ledger = await ThreePersonsAsync();
        Levels(ledger);
        using TestHost host = new();
        Assert.Equal(
            ExitCode.Ok, await host.RunAsync("replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01", "--data", ledger.Data));
        // The first two lines name the folder and the pack's key.
        string[] lines = host.Out.Split('\n');
        Assert.EndsWith("3 persons, 6 entries", lines[0]);
        Assert.EndsWith("from 2025-01-01: 3 payments decided again, 1 persons gain, 1 lose, 1 stay", lines[1]);
        Golden.Equal("replay.txt", string.Join('\n', lines[2..]));
        Assert.DoesNotContain(LedgerFixture.Person, host.Out + host.Error);
    }

    [Fact]
    public async Task As_json_the_amounts_are_in_fen()
    {
        await using LedgerFixture ledger = await ThreePersonsAsync();
        Levels(ledger);
        using TestHost host = new();
        Assert.Equal(
            ExitCode.Ok,
            await host.RunAsync("replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01", "--data", ledger.Data, "--json"));
        JsonElement report = JsonDocument.Parse(host.Out).RootElement;
        JsonElement pooled = report.GetProperty("payers")[0];
        Assert.Equal("pooled", pooled.GetProperty("payer").GetString());
        Assert.Equal(-50_000, pooled.GetProperty("difference").GetInt64());
        Assert.Equal(1, report.GetProperty("categories").GetProperty("ADULT").GetProperty("persons").GetProperty("lose").GetInt64());
        Assert.Equal("2025-01-01", report.GetProperty("from").GetString());
    }

    [Fact]
    public async Task As_svg_every_difference_has_a_bar_on_its_side()
    {
        await using LedgerFixture ledger = await ThreePersonsAsync();
        Levels(ledger);
        using TestHost host = new();
        string file = host.Write("reform.svg", "");
        string[] command = ["replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01", "--data", ledger.Data, "--svg"];
        Assert.Equal(ExitCode.Ok, await host.RunAsync([.. command, file]));
        XElement[] drawn = [.. XDocument.Load(file).Root!.Elements()];
        // The ground, then pooled fund (less), person (more), visit type (less), category (less).
        Assert.Equal(["#ffffff", "#b2182b", "#2166ac", "#b2182b", "#b2182b"], drawn.Where(part => part.Name.LocalName == "rect")
            .Select(part => part.Attribute("fill")!.Value));
        Assert.Contains(drawn, part => part.Value == "INPATIENT");
        Assert.Equal(3, drawn.Count(part => part.Value == "-500.00"));

        Assert.Equal(ExitCode.Environment, await host.RunAsync([.. command, Path.Combine(file, "below-a-file.svg")]));
    }

    [Fact]
    public async Task A_pack_that_is_not_valid_ends_with_2_naming_the_line()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        Levels(ledger);
        File.AppendAllText(Path.Combine(ledger.ChangedPack, "frame.yaml"), "\n  no.such-parameter: 1\n");
        using TestHost host = new();
        Assert.Equal(
            ExitCode.Usage, await host.RunAsync("replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01", "--data", ledger.Data));
        Assert.Contains("shenyang/frame.yaml:", host.Error);

        Levels(ledger);
        File.WriteAllText(Path.Combine(ledger.ChangedPack, "overlooked.yml"), "");
        Assert.Equal(
            ExitCode.Usage, await host.RunAsync("replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01", "--data", ledger.Data));
        Assert.Contains("shenyang/overlooked.yml:1: the files of a pack end in .yaml", host.Error);
        Assert.Equal(
            ExitCode.Usage,
            await host.RunAsync("replay", "--pack", ledger.ChangedPack + "-none", "--from", "2025-01-01", "--data", ledger.Data));
    }

    [Fact]
    public async Task A_ledger_that_is_missing_or_damaged_ends_with_3()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        Levels(ledger);
        using TestHost host = new();
        Assert.Equal(ExitCode.Environment, await host.RunAsync("replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01"));
        Assert.False(Directory.Exists(host.Data));

        await ledger.TamperAsync("UPDATE entry SET event = x'00' WHERE sequence = 2");
        Assert.Equal(
            ExitCode.Environment,
            await host.RunAsync("replay", "--pack", ledger.ChangedPack, "--from", "2025-01-01", "--data", ledger.Data));
        Assert.Contains("person **************1238, entry 2: ", host.Error);
        Assert.Contains("run audit", host.Error);
    }

    private static async Task<LedgerFixture> ThreePersonsAsync()
    {
        LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(TenThousand);
        await ledger.ContinueWithAsync("210100198506151246");
        await ledger.SettleAsync(TenThousand, level: FacilityLevel.Level2);
        await ledger.ContinueWithAsync("210100198506151254");
        await ledger.SettleAsync(TenThousand, level: FacilityLevel.Level1);
        return ledger;
    }

    private static Pack Levels(LedgerFixture ledger) => ledger.PackWith(
        "inpatient.yaml", "          LEVEL_2: 80\n          LEVEL_3: 75", "          LEVEL_2: 70\n          LEVEL_3: 80");

    private static (long Gain, long Lose, long Stay) Counts(PersonCounts persons) => (persons.Gain, persons.Lose, persons.Stay);
}
