using System.Text;
using Settlement.Cli;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Identity;
using Settlement.Ledger;

namespace Settlement.Cluster.Tests;

/// <summary>
/// Import against a silo: what is in the files is in the ledger, once, however often and in whatever pieces they are imported.
/// </summary>
public sealed class ImportTests : IAsyncLifetime
{
    private const string Adult = "210103198811020268";
    private readonly string folder = Directory.CreateTempSubdirectory("import-").FullName;
    private readonly StringBuilder output = new();
    private string key = "";
    private TestSilo silo = null!;

    public async Task InitializeAsync()
    {
        string keys = Path.Combine(folder, "keys.json");
        (key, KeyFile file) = new KeyFile().Add(Identity.Role.Agency, null, DateTimeOffset.UnixEpoch);
        file.Write(keys);
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={keys}"]);
        foreach (string sample in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples", "import")))
            File.Copy(sample, Path.Combine(folder, Path.GetFileName(sample)));
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_samples_are_recorded_once_and_are_the_ground_of_what_is_settled()
    {
        string[] kinds = ["persons", "contributions", "categories", "filings"];
        foreach (string kind in kinds) await ImportWholeAsync(kind);
        List<(long, LedgerHash)> recorded = await Audits.FingerprintAsync(silo);
        Assert.Equal(6 + 12 + 4 + 4, recorded.Count);
        GetCoverageResponse cover = await silo.Enrolment.GetCoverageAsync(
            new GetCoverageRequest { Person = Adult, Region = "210100", Year = 2026 },
                new Grpc.Core.Metadata { { "authorization", $"Bearer {key}" } });
        Assert.Equal(("2026-01-01", "2026-12-31"), (cover.From, cover.To));

        foreach (string kind in kinds) await ImportWholeAsync(kind);
        foreach (string kind in kinds) await ImportWholeAsync(kind, "--ask-first");
        Assert.Equal(recorded, await Audits.FingerprintAsync(silo));
        Assert.Contains("12 of 12 contributions: 0 recorded, 12 were there already, 0 refused", output.ToString());
        await Audits.AssertSoundAsync(silo);
    }

    [Fact]
    public async Task The_sample_catalogue_is_recorded_once_and_what_overlaps_it_is_refused_by_row()
    {
        string[] kinds = ["catalogue", "catalogue-shares", "catalogue-limits"];
        foreach (string kind in kinds) await ImportWholeAsync(kind);
        foreach (string kind in kinds) await ImportWholeAsync(kind);
        Assert.Contains("6 of 6 catalogue: 6 recorded, 0 refused", output.ToString());
        Assert.Contains("6 of 6 catalogue: 0 recorded, 6 were there already, 0 refused", output.ToString());
        Assert.Empty(await Audits.FingerprintAsync(silo));

        await WriteAsync(
            "more.csv", "目录编码,名称,甲乙丙类,开始日期,结束日期,更正说明,作废标志",
            "SAMPLE-DRUG-0002,示例药品二,乙,2025-06-01,,,", // inside the closed version
            "SAMPLE-DRUG-0004,示例药品四,丁,2025-01-01,,,",
            "SAMPLE-DRUG-0004,示例药品四,乙,2025-01-01,2025-06-30,,",
            "SAMPLE-DRUG-0004,示例药品四,甲,2025-06-30,,,",
            "SAMPLE-DRUG-0001,示例药品一,丙,2025-01-01,,类别录入错误,",
            "SAMPLE-DRUG-0003,示例药品三,丙,2025-01-01,,,1");
        Assert.Equal(ExitCode.Refused, await ImportAsync("catalogue", "more.csv", "--language", "en"));
        string[] lines = (await File.ReadAllTextAsync(Path.Combine(folder, "more.csv.errors.csv"))).TrimEnd().Split("\r\n");
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("2,SAMPLE-DRUG-0002,示例药品二,乙,2025-06-01,,,,CATALOGUE_OVERLAP,begndate,", lines[1]);
        Assert.Contains("overlaps its version", lines[1]);
        Assert.Contains("which holds 2025-01-01..2025-12-31", lines[1]);
        Assert.StartsWith("3,SAMPLE-DRUG-0004,示例药品四,丁,2025-01-01,,,,INVALID_FIELD,chrgitm_lv,", lines[2]);
        Assert.StartsWith("5,SAMPLE-DRUG-0004,示例药品四,甲,2025-06-30,,,,CATALOGUE_OVERLAP,begndate,", lines[3]);
        Assert.StartsWith("7,SAMPLE-DRUG-0003,示例药品三,丙,2025-01-01,,,1,INVALID_FIELD,correction,", lines[4]);

        ListCatalogueVersionsResponse versions = await new Catalogue.CatalogueClient(silo.Channel()).ListCatalogueVersionsAsync(
            new ListCatalogueVersionsRequest { Code = "SAMPLE-DRUG-0001" },
            new Grpc.Core.Metadata { { "authorization", $"Bearer {key}" } });
        Assert.Equal(["", "", "类别录入错误"], versions.Versions.Select(version => version.Row.Correction));
    }

    [Fact]
    public async Task Rows_that_contradict_the_ledger_are_refused_by_column_and_imported_when_they_are_corrected()
    {
        Assert.Equal(ExitCode.Ok, await ImportAsync("persons", "persons.csv"));
        Assert.Equal(ExitCode.Ok, await ImportAsync("contributions", "contributions.csv"));
        await WriteAsync(
            "more.csv", "psn_no,insuplc_admdvs,year,paid_on", $"{Adult},210100,2026,2025-12-24", $"{Adult},210100,2199,2025-12-24",
            "210103198811020276,210100,2026,2025-12-24", $"{Adult},210100,2027,2026-11-02");
        Assert.Equal(ExitCode.Refused, await ImportAsync("contributions", "more.csv", "--language", "en"));
        string errors = await File.ReadAllTextAsync(Path.Combine(folder, "more.csv.errors.csv"));
        string[] lines = errors.TrimEnd().Split("\r\n");
        Assert.StartsWith($"2,{Adult},210100,2026,2025-12-24,INVALID_FACT,year,", lines[1]);
        Assert.Contains("2025-11-11", lines[1]); // when it was paid
        Assert.StartsWith($"3,{Adult},210100,2199,2025-12-24,INVALID_FIELD,year,", lines[2]);
        Assert.StartsWith("4,210103198811020276,210100,2026,2025-12-24,PERSON_NOT_REGISTERED,,", lines[3]);
        Assert.Equal(4, lines.Length);

        await File.WriteAllTextAsync(
            Path.Combine(folder, "more.csv.errors.csv"),
            $"{lines[0]}\n{lines[1].Replace("2025-12-24", "2025-11-11", StringComparison.Ordinal)}\n{lines[2].Replace("2199", "2024", StringComparison.Ordinal)}\n");
        Assert.Equal(ExitCode.Ok, await ImportAsync("contributions", "more.csv.errors.csv"));
        // Two facts more than before; the one that was there is a repeat of its first import.
        Assert.Equal(6 + 12 + 2, (await Audits.FingerprintAsync(silo)).Count);

        await WriteAsync("again.csv", "psn_no,brdy,insuplc_admdvs", $"{Adult},1988-11-02,210100");
        Assert.Equal(ExitCode.Refused, await ImportAsync("persons", "again.csv"));
        Assert.Contains(",ALREADY_REGISTERED,", await File.ReadAllTextAsync(Path.Combine(folder, "again.csv.errors.csv")));
    }

    [Fact]
    public async Task An_import_interrupted_anywhere_is_finished_by_the_next()
    {
        const int Rows = 400;
        await WriteAsync(
            "many.csv", ["psn_no,brdy,insuplc_admdvs", .. Enumerable.Range(0, Rows).Select(i => $"M{i:0000},1990-01-01,210100")]);
        using CancellationTokenSource interrupt = new();
        Task<int> first = ImportAsync("persons", "many.csv", ["--in-flight", "1"], interrupt.Token);
        while (!first.IsCompleted && (await silo.Ledger.ReadFromPositionAsync(0, 1)).Count == 0) await Task.Yield();
        await interrupt.CancelAsync();
        Assert.Equal(130, await first);
        int before = (await Audits.FingerprintAsync(silo)).Count;
        Assert.InRange(before, 1, Rows - 1);

        Assert.Equal(ExitCode.Ok, await ImportAsync("persons", "many.csv"));
        Assert.Contains($"400 of 400 persons: {Rows} recorded, 0 refused", output.ToString());
        Assert.Equal(Rows, (await Audits.FingerprintAsync(silo)).Count);
        Assert.Equal([Path.Combine(folder, "many.csv")], Directory.GetFiles(folder, "many.*"));
    }

    private async Task ImportWholeAsync(string kind, params string[] options)
    {
        int code = await ImportAsync(kind, kind + ".csv", options);
        string errors = Path.Combine(folder, kind + ".csv.errors.csv");
        Assert.True(code == ExitCode.Ok, $"{output}{(File.Exists(errors) ? await File.ReadAllTextAsync(errors) : "")}");
    }

    private Task WriteAsync(string name, params string[] lines) => File.WriteAllLinesAsync(Path.Combine(folder, name), lines);

    private Task<int> ImportAsync(string kind, string file, params string[] options) =>
        ImportAsync(kind, file, options, CancellationToken.None);

    private Task<int> ImportAsync(string kind, string file, string[] options, CancellationToken interrupt) => CommandLine.RunAsync(
        ["import", kind, Path.Combine(folder, file), "--server", silo.GrpcAddress, .. options],
        new CliHost
        {
            Out = new StringWriter(output),
            Error = TextWriter.Null,
            In = TextReader.Null,
            Environment = name => name == "SETTLEMENT_KEY" ? key : null,
            Root = folder,
            ProgramFolder = folder,
        },
        interrupt);
}
