using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Cases;
using Settlement.Cli.Exporting;
using Settlement.Cli.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Reconciling;

namespace Settlement.Cli.Tests;

/// <summary>
/// Exports of a ledger: every column as the ledger has it, a manifest that is true, nothing in part, persons as asked for.
/// </summary>
public sealed class ExportTests : IAsyncLifetime, IDisposable
{
    // A person's id that a spreadsheet would run.
    private const string Formula = "=1+1";
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-export-").FullName;
    private readonly TestHost host = new();
    private LedgerFixture ledger = null!;

    public async Task InitializeAsync()
    {
        ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(1_000_000);
        await ledger.SettleAsync(30_000_000);
        await ledger.ReverseAsync(3);
        await ledger.ContinueWithAsync(Formula);
        await ledger.SettleAsync(2_000_000);
    }

    public async Task DisposeAsync()
    {
        await ledger.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task Every_property_of_every_entry_is_a_column_in_both_formats()
    {
        IReadOnlyList<LedgerEntry> entries = await EntriesAsync();
        JsonElement[] lines = await LinesAsync("ledger");
        (string[] head, List<string[]> rows) = await CsvAsync("ledger");
        PropertyInfo[] properties = [.. typeof(LedgerEntry).GetProperties()
            .Where(property => property.Name != nameof(LedgerEntry.IsSealed))];

        Assert.Equal(head, lines[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(properties.Select(property => ColumnOf(property)).Order(), head.Order());
        Assert.Equal((6, 6, 6), (entries.Count, lines.Length, rows.Count));
        foreach ((int i, LedgerEntry entry) in entries.Index())
        {
            foreach (PropertyInfo property in properties)
            {
                string column = ColumnOf(property);
                string expected = TextOf(property.GetValue(entry), column);
                JsonElement found = lines[i].GetProperty(column);
                Assert.Equal((column, expected), (column, found.ValueKind == JsonValueKind.Null ? "" : found.ToString()));
                // What came from outside has an apostrophe where a spreadsheet would take it for a formula.
                string cell = rows[i][Array.IndexOf(head, column)];
                Assert.Equal((column, expected.StartsWith(Formula, StringComparison.Ordinal) ? "'" + expected : expected), (column, cell));
            }
        }
    }

    [Fact]
    public async Task A_settlement_has_its_amounts_under_national_names_and_a_reversal_takes_them_back()
    {
        IReadOnlyList<LedgerEntry> entries = await EntriesAsync();
        JsonElement[] rows = await LinesAsync("statements");
        Assert.Equal([0, 0, 1, 0], rows.Select(row => row.GetProperty("refd_setl_flag").GetInt32()));
        foreach ((JsonElement row, LedgerEntry entry) in rows.Zip(
            entries.Where(entry => entry.Kind is LedgerEntryKind.Settlement or LedgerEntryKind.Reversal)))
        {
            int sign = entry.Kind == LedgerEntryKind.Reversal ? -1 : 1;
            Assert.Equal(sign * entry.Total, Fen(row, "medfee_sumamt"));
            Assert.Equal(sign * entry.Pooled, Fen(row, "hifp_pay"));
            Assert.Equal(sign * entry.SeriousIllness, Fen(row, "hifmi_pay") + Fen(row, "hifob_pay"));
            Assert.Equal(sign * entry.PersonPays, Fen(row, "psn_part_amt"));
            Assert.Equal(Fen(row, "medfee_sumamt"), Fen(row, "fund_pay_sumamt") + Fen(row, "psn_part_amt"));
            Assert.Equal(entry.Position, Fen(row, "position"));
            Assert.Equal(
                ("390", "21", "INPATIENT", "COUNTER", LedgerFixture.Hospital, "210100"),
                (Text(row, "insutype"), Text(row, "clr_type"), Text(row, "visit_type"), Text(row, "channel"), Text(row, "fixmedins_code"),
                    Text(row, "insuplc_admdvs")));
        }

        // The third row takes back the second; both name each other.
        Assert.NotEqual(0, Fen(rows[1], "hifmi_pay"));
        Assert.Equal(
            (Text(rows[1], "setl_id"), Text(rows[1], "reversal_id")), (Text(rows[2], "setl_id"), entries[3].RequestKey.ToString()));
        Assert.Equal(["", Text(rows[2], "setl_time"), Text(rows[2], "setl_time"), ""], rows.Select(row => Text(row, "reversed_at")));
    }

    [Theory]
    [InlineData("ledger", "csv")]
    [InlineData("ledger", "jsonl")]
    [InlineData("statements", "csv")]
    [InlineData("statements", "jsonl")]
    public async Task The_manifest_is_that_of_the_file(string content, string format)
    {
        string file = await ExportAsync(content, "--format", format);
        JsonElement manifest = Manifest(file);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        JsonElement[] lines = await LinesAsync(content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), manifest.GetProperty("sha256").GetString());
        Assert.Equal((bytes.Length, lines.Length), (manifest.GetProperty("bytes").GetInt64(), manifest.GetProperty("rows").GetInt64()));
        Assert.Equal(Path.GetFileName(file), manifest.GetProperty("file").GetString());
        Assert.Equal(Fen(lines[0], "position"), manifest.GetProperty("firstPosition").GetInt64());
        Assert.Equal(Fen(lines[^1], "position"), manifest.GetProperty("lastPosition").GetInt64());
        Assert.Equal((await EntriesAsync())[^1].Position, manifest.GetProperty("readTo").GetInt64());
        JsonElement sums = manifest.GetProperty("sums");
        Assert.Equal(content == "ledger" ? 8 : 16, sums.EnumerateObject().Count());
        foreach (JsonProperty sum in sums.EnumerateObject()) Assert.Equal(lines.Sum(line => Fen(line, sum.Name)), sum.Value.GetInt64());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task An_export_begins_where_the_one_before_ended()
    {
        string all = await ExportAsync("ledger");
        long second = (await EntriesAsync())[1].Position;
        string rest = await ExportAsync("ledger", "--from", $"{second}");
        string[] whole = await File.ReadAllLinesAsync(all);
        string[] expected = [whole[0], .. whole.Skip(3)];
        Assert.Equal(expected, await File.ReadAllLinesAsync(rest));
        string none = await ExportAsync("ledger", "--from", $"{Manifest(rest).GetProperty("readTo").GetInt64()}");
        Assert.Single(await File.ReadAllLinesAsync(none));
        Assert.Equal(JsonValueKind.Null, Manifest(none).GetProperty("firstPosition").ValueKind);
        Assert.Equal(Manifest(all).GetProperty("readTo").GetInt64(), Manifest(none).GetProperty("readTo").GetInt64());
    }

    [Theory]
    [InlineData(6, "--from", "2024-10-04")] // the day on which the fixture records
    [InlineData(6, "--from", "2024-10-01", "--to", "2024-10-04")]
    [InlineData(0, "--from", "2024-10-05")]
    [InlineData(6, "--region", "210100")]
    [InlineData(0, "--region", "210500")]
    [InlineData(6, "--year", "2025")]
    [InlineData(0, "--year", "2024")]
    [InlineData(4, "--facility", LedgerFixture.Hospital)] // registrations are no facility's
    [InlineData(0, "--facility", "H0")]
    public async Task A_part_is_what_was_asked_for(int rows, params string[] selection) =>
        Assert.Equal(rows, Manifest(await ExportAsync("ledger", selection)).GetProperty("rows").GetInt32());

    [Fact]
    public async Task What_is_not_whole_is_not_there()
    {
        await ledger.TamperAsync("UPDATE entry SET event = x'00' WHERE sequence = 2");
        string file = Path.Combine(folder, "statements.csv");
        Assert.Equal(ExitCode.Environment, await host.RunAsync("export", "statements", "--out", file, "--data", ledger.Data));
        Assert.Contains("is damaged", host.Error);
        Assert.DoesNotContain(LedgerFixture.Person, host.Error);
        Assert.Empty(Directory.GetFiles(folder));

        await File.WriteAllTextAsync(file, "kept");
        Assert.Equal(ExitCode.Usage, await host.RunAsync("export", "ledger", "--out", file, "--data", ledger.Data));
        Assert.Equal("kept", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Masked_and_pseudonymous_exports_lead_to_nobody()
    {
        string key = Path.Combine(folder, "key");
        byte[] secret = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
        await File.WriteAllBytesAsync(key, secret);
        string pseudonym = Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(LedgerFixture.Person)));
        foreach (string content in (string[])["ledger", "statements"])
        {
            foreach ((string[] option, string shown) in (
                ValueTuple<string[], string>[])[(["--mask"], "****38"), (["--pseudonym-key", key], pseudonym)])
            {
                string[] options = [.. option, "--format", "jsonl"];
                string file = await ExportAsync(content, options);
                string text = await File.ReadAllTextAsync(file);
                Assert.DoesNotContain(LedgerFixture.Person, text);
                // The blobs hold the person too.
                Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(LedgerFixture.Person)), text);
                Assert.Contains($"\"{shown}\"", text);
                Assert.Equal(
                    Manifest(await ExportAsync(content)).GetProperty("columns").GetRawText(),
                        Manifest(file).GetProperty("columns").GetRawText());
            }
        }

        await File.WriteAllBytesAsync(key, secret[..31]);
        Assert.Equal(
            ExitCode.Usage,
            await host.RunAsync("export", "ledger", "--out", Path.Combine(folder, "short"), "--pseudonym-key", key, "--data", ledger.Data));
    }

    [Fact]
    public async Task A_csv_file_for_spreadsheets_begins_with_the_mark()
    {
        byte[] plain = await File.ReadAllBytesAsync(await ExportAsync("statements"));
        byte[] expected = [0xEF, 0xBB, 0xBF, .. plain];
        Assert.Equal(expected, await File.ReadAllBytesAsync(await ExportAsync("statements", "--bom")));
    }

    [Theory]
    [InlineData("--from", "yesterday")]
    [InlineData("--from", "-1")]
    [InlineData("--from", "5", "--to", "2025-01-01")]
    [InlineData("--from", "2025-01-02", "--to", "2025-01-01")]
    [InlineData("--format", "jsonl", "--bom")]
    [InlineData("--mask", "--pseudonym-key", "key")]
    [InlineData("--region", "Shenyang")]
    public async Task What_says_nothing_sensible_is_refused(params string[] options) => Assert.Equal(
        ExitCode.Usage, await host.RunAsync(["export", "ledger", "--out", Path.Combine(folder, "out"), "--data", ledger.Data, .. options]));

    private async Task<string> ExportAsync(string content, params string[] options)
    {
        string file = Path.Combine(folder, $"{content}-{Directory.GetFiles(folder).Length}");
        int code = await host.RunAsync(["export", content, "--out", file, "--data", ledger.Data, .. options]);
        Assert.True(code == ExitCode.Ok, host.Error);
        return file;
    }

    private async Task<JsonElement[]> LinesAsync(string content) =>
        [.. (await File.ReadAllLinesAsync(await ExportAsync(content, "--format", "jsonl")))
            .Select(line => JsonDocument.Parse(line).RootElement)];

    private async Task<(string[] Head, List<string[]> Rows)> CsvAsync(string content)
    {
        using StreamReader text = new(await ExportAsync(content));
        List<string[]> rows = [.. Csv.Read(text).Select(record => record.Cells)];
        return (rows[0], rows[1..]);
    }

    private async Task<IReadOnlyList<LedgerEntry>> EntriesAsync()
    {
        await using ILedgerStore store = LedgerStore.Create(
            new LedgerOptions { Path = Path.Combine(ledger.Data, "ledger.db") }, NullLoggerFactory.Instance);
        return await store.ReadFromPositionAsync(0, 100);
    }

    private static JsonElement Manifest(string file) => JsonDocument.Parse(File.ReadAllText(ExportManifest.PathOf(file))).RootElement;

    private static long Fen(JsonElement row, string column) => row.GetProperty(column).GetInt64();

    private static string Text(JsonElement row, string column) => row.GetProperty(column).ToString();

    private static string ColumnOf(PropertyInfo property) =>
        string.Concat(
            property.Name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private static string TextOf(object? value, string column) => value switch
    {
        null => "",
        LedgerEntryKind kind => WireClaim.WireName((Change.Types.Kind)kind),
        short type when column == "visit_type" => type == 0 ? "" : ((VisitType)type).Text(),
        int region when column == "region" => region.ToString("D6", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ReadOnlyMemory<byte> bytes => Convert.ToHexStringLower(bytes.Span),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
