using Microsoft.AspNetCore.Builder;
using Settlement.Cluster.Tests.Support;
using Settlement.Policy;
using Settlement.Silo;

namespace Settlement.Cluster.Tests;

/// <summary>A silo that could not settle does not start, and says why.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_bad_pack_stops_the_start_with_file_line_and_reason()
    {
        string packs = Directory.CreateTempSubdirectory("settlement-packs-").FullName;
        string shenyang = Directory.CreateDirectory(Path.Combine(packs, "shenyang")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(TestSilo.PoliciesDirectory, "shenyang")))
            File.Copy(file, Path.Combine(shenyang, Path.GetFileName(file)));
        string inpatient = Path.Combine(shenyang, "inpatient.yaml");
        string[] lines = await File.ReadAllLinesAsync(inpatient);
        int spoilt = Array.FindIndex(lines, line => line.EndsWith("LEVEL_3: 75", StringComparison.Ordinal));
        lines[spoilt] = lines[spoilt].Replace("75", "175", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(inpatient, lines);

        InvalidPackException error = await Assert.ThrowsAsync<InvalidPackException>(() => StartAsync($"Policies:Directory={packs}"));

        Assert.Contains(error.Errors, line => line.StartsWith($"shenyang/inpatient.yaml:{spoilt + 1}: ", StringComparison.Ordinal)
            && line.Contains("175", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Gateway:GrpcAddress=nowhere", "Gateway:GrpcAddress is 'nowhere'")]
    [InlineData("Gateway:MaxFeeLines=0", "Gateway:MaxFeeLines is 0")]
    [InlineData("Cluster:Membership=gossip", "Cluster:Membership is 'gossip'")]
    [InlineData("Cluster:AdvertisedSiloPort=65536", "Cluster:AdvertisedSiloPort is 65536")]
    [InlineData("Cluster:AdvertisedGatewayPort=-1", "Cluster:AdvertisedGatewayPort is -1")]
    [InlineData("Cluster:ProbeTimeout=00:00:00", "Cluster:ProbeTimeout is 00:00:00")]
    [InlineData("Cluster:MemoryLimitMiB=-1", "Cluster:MemoryLimitMiB is -1")]
    [InlineData("Cluster:MemoryPollingPeriod=00:00:00", "Cluster:MemoryPollingPeriod is 00:00:00")]
    public async Task A_wrong_option_stops_the_start_and_is_named(string setting, string message)
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(setting));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task Insecure_is_refused_beyond_the_loopback_interface()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => StartAsync("Gateway:Insecure=true", "Gateway:GrpcAddress=0.0.0.0:5080"));
        Assert.Contains("loopback", error.Message);
    }

    private static async Task StartAsync(params string[] settings)
    {
        string[] ledger = await TestLedgers.SqliteAsync();
        string[] all = [$"Policies:Directory={TestSilo.PoliciesDirectory}", .. ledger, .. settings];
        await using WebApplication app = await SiloHost.BuildAsync([.. all.Select(setting => "--" + setting)]);
    }
}
