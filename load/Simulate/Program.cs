using System.Globalization;
using Settlement.Policy;
using Settlement.Simulate;

// The product's grain, writer and rules in a world whose time, order, network and database come from a seed. docs/simulation.md says how.
SimulateOptions options;
try
{
    options = SimulateOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n{SimulateOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(SimulateOptions.Usage);
    return 0;
}

Pack pack = SimulatedRules.Load();
if (options.Episode is { } plan)
{
    EpisodeResult result = Episode.Run(plan, pack, new EpisodeParts { Journal = options.Journal ? Console.Out : null });
    Console.WriteLine(result.Violation is null
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"every invariant held: {result.Settlements:N0} settlements, {result.Events:N0} events, fingerprint {result.Fingerprint:x16}")
        : Report.Of(result));
    return result.Violation is null ? 0 : 1;
}

ulong seed = options.Seed ?? (ulong)Random.Shared.NextInt64(1_000_000);
CampaignResult campaign = new Campaign(seed, options.Settlements, pack).Run(options.Threads);
Console.WriteLine(Report.Of(seed, campaign));
if (campaign.Failure is not { Violation: { } violation } failure) return 0;
Console.WriteLine(Report.Of(failure));
Shrinker shrinker = new(smaller => Episode.Run(smaller, pack), violation.Invariant);
EpisodeResult smallest = shrinker.Shrink(failure);
Console.WriteLine($"shrunk in {shrinker.Runs} runs:\n{Report.Of(smallest)}");
return 1;
