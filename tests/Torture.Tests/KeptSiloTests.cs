using System.Diagnostics;
using Settlement.Tests.Support;
using Settlement.Torture.Serving;

namespace Settlement.Torture.Tests;

/// <summary>What is a fault's doing, and what a defect of the silo.</summary>
public sealed class KeptSiloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_silo_that_nobody_killed_or_voted_out_may_not_end()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-torture-").FullName;
        SiloProcess process = new(
            Surroundings.Silo, Surroundings.Policies, "Ledger:Provider=Sqlite", $"Ledger:Path={Path.Combine(folder, "ledger.db")}",
            "Cluster:SiloPort=0", "Cluster:GatewayPort=0");
        await using KeptSilo silo = new(process, 7, Patience);
        await silo.BeginAsync();
        await silo.KillAsync();
        await silo.StartAsync();
        silo.MustBeSound();

        using Process ending = Process.GetProcessById(process.ProcessId);
        ending.Kill();
        await ending.WaitForExitAsync();

        SiloEndedException ended = await Assert.ThrowsAsync<SiloEndedException>(silo.StopAsync);
        Assert.StartsWith("Silo 7 ended by itself", ended.Message);
        Assert.Throws<SiloEndedException>(silo.MustBeSound);
        Assert.Equal(0, silo.TimesVotedOut);
    }
}
