using System.Text.Json;
using Settlement.Cli.Tests.Support;

namespace Settlement.Cli.Tests;

/// <summary>What the packs say, without a server: <c>explain</c> and <c>lint</c>.</summary>
public sealed class PolicyCommandTests
{
    [Theory]
    [InlineData("2022-06-01", "60000 yuan")]
    [InlineData("2022-12-01", "80000 yuan")]
    public async Task A_parameter_is_explained_with_value_history_and_citation_of_its_day(string day, string value)
    {
        using TestHost host = new();

        int code = await host.RunAsync(
            "explain", "pooled.yearly-cap", "--on", day, "--city", "benxi", "--language", "en", "--policies", LedgerFixture.Policies);

        Assert.True(code == ExitCode.Ok, host.Error);
        string today = host.Out[..host.Out.IndexOf("history:", StringComparison.Ordinal)];
        Assert.Contains(value, today);
        Assert.Contains("stands in:", today);
        string history = host.Out[today.Length..];
        Assert.Contains("60000", history);
        Assert.Contains("80000", history);
    }

    [Fact]
    public async Task The_lint_finds_what_the_province_asks_of_Shenyang()
    {
        using TestHost host = new();

        int code = await host.RunAsync("lint", "--on", "2026-01-01", "--json", "--policies", LedgerFixture.Policies);

        Assert.True(code == ExitCode.Ok, host.Error);
        using JsonDocument report = JsonDocument.Parse(host.Out);
        Dictionary<string, string> verdicts = report.RootElement.GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("pack").GetString() == "shenyang")
            .ToDictionary(row => row.GetProperty("requirement").GetString()!, row => row.GetProperty("verdict").GetString()!);
        Assert.Equal("CONFORMS", verdicts["Inpatient ratio, special level 3"]);
        Assert.Equal("CONFORMS", verdicts["Yearly cap of outpatient pooling"]);
        Assert.Equal("DIFFERS", verdicts["No difference of the ratio by the size of the bill"]);
        Assert.Equal("NOT_PUBLISHED", verdicts["High-value drugs without a deductible"]);
    }

    [Theory]
    [InlineData("210100", ExitCode.Ok, "due on 2026-03-10 (2 working days)")]
    [InlineData("210500", ExitCode.Refused, "service.working-days")]
    public async Task A_due_date_is_told_with_its_source_or_refused_by_name(string region, int expected, string text)
    {
        using TestHost host = new();

        int code = await host.RunAsync(
            "due", "OUT_OF_AREA_FILING", "--received", "2026-03-06", "--region", region, "--policies", LedgerFixture.Policies);

        Assert.Equal(expected, code);
        Assert.Contains(text, expected == ExitCode.Ok ? host.Out : host.Error);
    }

    [Fact]
    public async Task The_lint_fails_on_a_pack_that_is_wrong_and_names_the_place()
    {
        using TestHost host = new();
        string folder = Directory.CreateTempSubdirectory("settlement-lint-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "nowhere"));
        await File.WriteAllTextAsync(Path.Combine(folder, "nowhere", "pack.yaml"), "name: nowhere\n");

        int code = await host.RunAsync("lint", "--policies", folder);

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("nowhere/pack.yaml", host.Out);
    }
}
