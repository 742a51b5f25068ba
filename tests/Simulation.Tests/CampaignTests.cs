using System.Globalization;
using Settlement.Simulate;
using Xunit.Abstractions;

namespace Settlement.Simulation.Tests;

/// <summary>The product in a world of faults: whatever happens, no invariant breaks.</summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    private const long Settlements = 1_000_000;

    [Fact]
    public void A_million_settlements_among_faults_of_every_kind_break_no_invariant()
    {
        ulong seed = Environment.GetEnvironmentVariable("SETTLEMENT_SEED") is { Length: > 0 } given
            ? ulong.Parse(given, CultureInfo.InvariantCulture)
            : 1;

        CampaignResult result = new Campaign(seed, Settlements, Rules.Pack).Run(Environment.ProcessorCount);

        output.WriteLine(Report.Of(seed, result));
        Assert.True(result.Failure is null, result.Failure is { } failure ? Report.Of(failure) : "");
        Assert.True(result.Settlements >= Settlements);
        IEnumerable<FaultKind> kinds = Enum.GetValues<FaultKind>().Where(kind => kind is not (FaultKind.None or FaultKind.All));
        Assert.Empty(kinds.Except(result.Faults.Keys));
    }

    [Fact]
    public void Without_faults_nothing_strikes_no_silo_starts_again_and_every_change_is_answered()
    {
        EpisodeResult result = Episode.Run(EpisodePlan.Drawn(1) with { Faults = FaultKind.None, Silos = 2 }, Rules.Pack);

        Assert.Null(result.Violation);
        Assert.Empty(result.Struck);
        Assert.Equal(2, result.Starts);
        Assert.True(result.Corrected > 0);
        Assert.Equal(result.Entries, result.Acknowledged + result.Corrected);
    }
}
