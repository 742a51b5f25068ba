using Settlement.Cli.Client;
using Settlement.Cli.Tests.Support;
using Settlement.Identity;

namespace Settlement.Cli.Tests;

/// <summary>Keys: made once, stored hashed, listed without their text.</summary>
public sealed class KeyCommandTests
{
    [Fact]
    public async Task A_facility_key_is_printed_once_and_kept_as_a_hash()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Ok, await host.RunAsync("key", "create", "--facility", "H21010200002", "--level", "LEVEL_3", "--division", "210102",
            "--designated", "true"));
        string text = host.Out.Trim();
        string file = Path.Combine(host.Data, "keys.json");
        KeyRecord key = Assert.Single(KeyFile.Read(file).Keys);
        Assert.Equal(KeyFile.Hash(text), key.Sha256);
        Assert.Equal(("H21010200002", "LEVEL_3", "210102", true, (bool?)null),
            (key.Facility!.Code, key.Facility.Level, key.Facility.Division, key.Facility.Designated, key.Facility.AssistanceDesignated));
        Assert.DoesNotContain(text, await File.ReadAllTextAsync(file));
        Assert.DoesNotContain(text, host.Error);
    }

    [Fact]
    public async Task A_contract_is_recorded_with_the_key_and_listed()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Ok, await host.RunAsync("key", "create", "--facility", "H1", "--contract-from", "2026-01-01", "--contract-to", "2026-12-31"));
        RegisteredFacility facility = Assert.Single(KeyFile.Read(Path.Combine(host.Data, "keys.json")).Keys).Facility!;
        Assert.Equal((new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31)), (facility.ContractFrom, facility.ContractTo));
        using TestHost second = new();
        await second.RunAsync("key", "list", "--data", host.Data);
        Assert.Contains("2026-01-01 to 2026-12-31", second.Out);
    }

    [Fact]
    public async Task The_list_names_holders_and_no_text()
    {
        using TestHost host = new();
        await host.RunAsync("key", "create", "--agency");
        string text = host.Out.Trim();
        await host.RunAsync("key", "create", "--facility", "H1");
        using TestHost second = new();
        await second.RunAsync("key", "list", "--data", host.Data);
        Assert.Contains("the agency", second.Out);
        Assert.Contains("facility H1", second.Out);
        Assert.DoesNotContain(text, second.Out);
    }

    [Fact]
    public void The_first_start_makes_an_agency_key_that_only_its_owner_can_read()
    {
        using TestHost host = new();
        DataFolder folder = new(host.Data);
        Assert.True(folder.EnsureAgencyKey(folder.KeyFile, DateTimeOffset.UnixEpoch));
        Assert.False(folder.EnsureAgencyKey(folder.KeyFile, DateTimeOffset.UnixEpoch));
        KeyRecord key = Assert.Single(KeyFile.Read(folder.KeyFile).Keys);
        Assert.Equal((Role.Agency, KeyFile.Hash(folder.ReadAgencyKey()!)), (key.Role, key.Sha256));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.AgencyKeyFile));
    }

    [Fact]
    public async Task A_damaged_key_file_ends_with_2_and_is_left_as_it_is()
    {
        using TestHost host = new();
        string file = host.Write("keys.json", "{");
        Assert.Equal(ExitCode.Usage, await host.RunAsync("key", "create", "--agency", "--keys", file));
        Assert.Equal("{", await File.ReadAllTextAsync(file));
    }
}
