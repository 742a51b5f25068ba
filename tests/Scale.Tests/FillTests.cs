using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli;
using Settlement.Fill;
using Settlement.Fill.Running;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Tests.Support;

namespace Settlement.Scale.Tests;

/// <summary>A filled ledger is as good as one that years of settling have left.</summary>
public sealed class FillTests
{
    private const int Persons = 150;
    private const int Entries = 3_000;
    private static readonly PolicyCatalogue Policies = PolicyCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "policies"));

    public static TheoryData<string> Stores => ["sqlite", "postgres"];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task The_auditor_finds_nothing_wrong_with_a_filled_ledger(string store)
    {
        string[] place = await PlaceAsync(store);
        string report = await FillAsync(place);
        Assert.Contains($"{Entries:N0} entries of {Persons} persons over 3 years", report);
        (int code, string output) = await AuditAsync(place);
        Assert.True(code == ExitCode.Ok, output);
        Assert.Contains(
            $"{Persons} persons, {Entries:N0} entries ({Entries - 3 * Persons:N0} settlements, 0 reversals): no violation", output);
    }

    [Fact]
    public async Task The_same_numbers_and_seed_give_the_same_ledger_on_either_store_and_another_seed_another()
    {
        List<LedgerHash>[] ledgers = new List<LedgerHash>[4];
        string[] seeds = ["1", "1", "1", "2"];
        for (int i = 0; i < ledgers.Length; i++)
        {
            string[] place = await PlaceAsync(i == 1 ? "postgres" : "sqlite");
            await FillAsync(place, "--seed", seeds[i]);
            ledgers[i] = [.. (await ReadAsync(place)).Select(entry => entry.Hash)];
        }

        Assert.Equal(Entries, ledgers[0].Count);
        Assert.Equal(ledgers[0], ledgers[1]);
        Assert.Equal(ledgers[0], ledgers[2]);
        Assert.Empty(ledgers[0].Intersect(ledgers[3]));
    }

    [Fact]
    public async Task Histories_begin_with_facts_run_over_the_years_and_hold_every_usual_kind_of_visit()
    {
        string[] place = await PlaceAsync("sqlite");
        await FillAsync(place);
        List<LedgerEntry> entries = await ReadAsync(place);
        foreach (IGrouping<string, LedgerEntry> person in entries.GroupBy(entry => entry.PersonId))
        {
            Assert.Equal(LedgerEntryKind.Registration, person.First().Kind);
            Assert.Equal(2, person.Count(entry => entry.Kind == LedgerEntryKind.Facts));
            Assert.Equal(person.OrderBy(entry => entry.RecordedAt).Select(entry => entry.Sequence), person.Select(entry => entry.Sequence));
        }

        LedgerEntry[] settlements = [.. entries.Where(entry => entry.Kind == LedgerEntryKind.Settlement)];
        Assert.Equal([2025, 2026, 2027], settlements.Select(entry => entry.BenefitYear).Distinct().Order());
        VisitType[] kinds = [
            VisitType.Inpatient, VisitType.EmergencyOutpatient, VisitType.Chronic, VisitType.OutpatientPooling, VisitType.TwoDisease];
        Assert.Equal(kinds, settlements.Select(entry => (VisitType)entry.VisitType).Distinct().Order());
        Assert.InRange(settlements.Count(entry => entry.VisitType == (short)VisitType.Inpatient) * 100 / settlements.Length, 4, 16);
        Assert.Contains(settlements, entry => entry.AssistanceBasic > 0);
        Assert.Contains(settlements, entry => entry.SeriousIllness > 0);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_ledger_that_is_not_empty_is_refused_and_an_interrupted_fill_goes_on(string store)
    {
        string[] place = await PlaceAsync(store);
        await InterruptAsync(place);
        int there = (await ReadAsync(place)).Count;
        Assert.InRange(there, 1, Entries - 1);
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => FillAsync(place));
        Assert.Contains("is not empty", refused.Message);

        InvalidOperationException other = await Assert.ThrowsAsync<InvalidOperationException>(
            () => FillAsync(place, "--resume", "--seed", "2"));
        Assert.Contains("not filled with these numbers, this seed and these packs", other.Message);
        Assert.Equal(there, (await ReadAsync(place)).Count);

        await FillAsync(place, "--resume");
        string[] whole = await PlaceAsync("sqlite");
        await FillAsync(whole);
        Assert.Equal((await ReadAsync(whole)).Select(entry => entry.Hash), (await ReadAsync(place)).Select(entry => entry.Hash));
    }

    [Theory]
    [InlineData("--persons is missing", "--entries", "10")]
    [InlineData("--entries is '-1'", "--persons", "10", "--entries", "-1")]
    [InlineData("--entries is 20: 10 persons over 3 years have 30", "--persons", "10", "--entries", "20")]
    [InlineData("--years is 11", "--persons", "1", "--entries", "20", "--years", "11")]
    [InlineData("--ledger is 'oracle'", "--persons", "1", "--entries", "20", "--ledger", "oracle")]
    [InlineData("--ledger postgres needs --connection", "--persons", "1", "--entries", "20", "--ledger", "postgres")]
    [InlineData("'--person' is not an option", "--person", "1")]
    [InlineData("--seed needs a value", "--persons", "1", "--entries", "20", "--seed")]
    public void A_wrong_argument_is_named(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => FillOptions.Parse(arguments)).Message);

    [Theory]
    [InlineData(0, 0, "[..............................] 0.0 %  0 of 1,000 entries  0/s  --:--:-- left")]
    [InlineData(250, 10, "[#######.......................] 25.0 %  250 of 1,000 entries  25/s  00:00:30 left")]
    [InlineData(1000, 50, "[##############################] 100.0 %  1,000 of 1,000 entries  20/s  00:00:00 left")]
    public void Progress_tells_part_rate_and_time_left(int done, int seconds, string line) =>
        Assert.Equal(line, new FillProgress(TextWriter.Null, interactive: false, TimeProvider.System, 1000)
            .Line(done, TimeSpan.FromSeconds(seconds)));

    private static async Task<string[]> PlaceAsync(string store) => store == "postgres"
        ? ["--ledger", "postgres", "--connection", await (await PostgresServer.SharedAsync()).CreateDatabaseAsync()]
        : ["--data", Directory.CreateTempSubdirectory("settlement-fill-").FullName];

    private static FillOptions Options(string[] place, params string[] more) =>
        FillOptions.Parse(["--persons", $"{Persons}", "--entries", $"{Entries}", .. place, .. more]);

    private static Task<string> FillAsync(string[] place, params string[] more) =>
        FillRun.RunAsync(Options(place, more), Policies, TextWriter.Null, interactive: false, TimeProvider.System, CancellationToken.None);

    /// <summary>Begins a fill and ends it in the middle: small transactions and a short queue, so that there is a middle.</summary>
    private static async Task InterruptAsync(string[] place)
    {
        FillOptions options = Options(place);
        await using ILedgerStore store = LedgerStore.Create(options.Ledger, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        LedgerWriterOptions slow = new() { Count = 1, MaxBatchEntries = 8, QueueCapacity = 16 };
        await using LedgerWriter writer = new(store, slow, TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        LedgerFill fill = new(options.Plan, new Adjudicator(Policies), writer, slow.QueueCapacity);
        using CancellationTokenSource stop = new();
        Task running = fill.RunAsync(stop.Token);
        while (fill.Durable < Entries / 10 && !running.IsCompleted) await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task<List<LedgerEntry>> ReadAsync(string[] place)
    {
        await using ILedgerStore store = LedgerStore.Create(Options(place).Ledger, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        List<LedgerEntry> entries = [];
        await foreach (LedgerEntry entry in store.ScanAsync()) entries.Add(entry);
        return entries;
    }

    private static async Task<(int Code, string Output)> AuditAsync(string[] place)
    {
        using StringWriter output = new();
        CliHost host = new()
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Environment = _ => null,
            Root = AppContext.BaseDirectory,
            ProgramFolder = AppContext.BaseDirectory,
        };
        int code = await CommandLine.RunAsync(["audit", .. place], host);
        return (code, output.ToString());
    }
}
