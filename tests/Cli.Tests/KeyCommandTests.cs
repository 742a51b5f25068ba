using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        Assert.Equal(
            ExitCode.Ok, await host.RunAsync("key", "create", "--facility", "H21010200002", "--level", "LEVEL_3", "--division", "210102",
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
        Assert.Equal(
            ExitCode.Ok,
            await host.RunAsync("key", "create", "--facility", "H1", "--contract-from", "2026-01-01", "--contract-to", "2026-12-31"));
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

    [Fact]
    public async Task A_key_may_be_bound_to_scopes_a_rate_and_a_last_day()
    {
        using TestHost host = new();
        Assert.Equal(
            ExitCode.Ok,
            await host.RunAsync(
            "key", "create", "--facility", "H1", "--scope", "settle", "--scope", "read", "--rate", "50", "--expires", "2026-12-31"));
        KeyRecord key = Assert.Single(KeyFile.Read(Path.Combine(host.Data, "keys.json")).Keys);
        Assert.Equal((Scope.Settle | Scope.Read, 50), (key.GrantedScopes, key.Facility!.RequestsPerSecond));
        Assert.True(key.IsLive(new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.FromHours(8))));
        Assert.False(key.IsLive(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(8))));
    }

    [Fact]
    public async Task A_rotated_key_holds_on_beside_the_new_one_for_its_grace_and_a_third_is_refused()
    {
        using TestHost host = new();
        await host.RunAsync("key", "create", "--facility", "H1", "--scope", "settle");
        string file = Path.Combine(host.Data, "keys.json");
        KeyRecord old = Assert.Single(KeyFile.Read(file).Keys);
        Assert.Equal(ExitCode.Ok, await host.RunAsync("key", "rotate", old.Id, "--grace", "3"));
        KeyRecord[] both = [.. KeyFile.Read(file).Keys];
        Assert.Equal(2, both.Length);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Assert.All(both, key => Assert.True(key.IsLive(now.AddDays(2))));
        Assert.Equal([both[1].Id], both.Where(key => key.IsLive(now.AddDays(4))).Select(key => key.Id));
        Assert.Equal((old.GrantedScopes, "H1"), (both[1].GrantedScopes, both[1].Holder));

        Assert.Equal(ExitCode.Usage, await host.RunAsync("key", "rotate", both[1].Id));
        Assert.Contains("second live key", host.Error);
        Assert.Equal(ExitCode.Ok, await host.RunAsync("key", "revoke", old.Id));
        Assert.Equal(ExitCode.Ok, await host.RunAsync("key", "rotate", both[1].Id));
        Assert.Equal(ExitCode.Usage, await host.RunAsync("key", "revoke", "nobody"));
    }

    [Fact]
    public async Task A_certificate_is_registered_by_its_fingerprint_once()
    {
        using TestHost host = new();
        using ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=his", own, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        string pem = host.Write("his.pem", certificate.ExportCertificatePem());
        Assert.Equal(ExitCode.Ok, await host.RunAsync("key", "create", "--facility", "H1", "--certificate", pem));
        KeyRecord record = Assert.Single(KeyFile.Read(Path.Combine(host.Data, "keys.json")).Keys);
        Assert.Equal((null, Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))), (record.Sha256, record.Certificate!.Sha256));
        Assert.Equal(ExitCode.Usage, await host.RunAsync("key", "create", "--facility", "H2", "--certificate", pem));
        Assert.Equal(
            ExitCode.Usage,
            await host.RunAsync("key", "create", "--facility", "H2", "--certificate", host.Write("bad.pem", "no certificate")));
    }

    [Theory]
    [InlineData("""{"id":"a","role":"facility","facility":{"code":"H1"},"sha256":"00","scopes":["agency"],"createdAt":"2026-01-01T00:00:00Z"}""", "scope agency")]
    [InlineData("""{"id":"a","role":"facility","facility":{"code":"H1"},"createdAt":"2026-01-01T00:00:00Z"}""", "either the hash of a key")]
    [InlineData("""{"id":"a","role":"agency","certificate":{"sha256":"AB"},"createdAt":"2026-01-01T00:00:00Z"}""", "exactly one of sha256")]
    [InlineData("""{"id":"a","role":"agency","certificate":{"subject":"CN=a","dns":"b"},"createdAt":"2026-01-01T00:00:00Z"}""", "exactly one of sha256")]
    [InlineData("""{"id":"a","role":"agency","facility":{"code":"H1"},"sha256":"00","createdAt":"2026-01-01T00:00:00Z"}""", "names a facility")]
    public async Task A_key_file_that_says_two_things_at_once_is_refused(string record, string said)
    {
        using TestHost host = new();
        string file = host.Write("keys.json", $$"""{"keys":[{{record}}]}""");
        Assert.Equal(ExitCode.Usage, await host.RunAsync("key", "list", "--keys", file));
        Assert.Contains(said, host.Error);
    }
}
