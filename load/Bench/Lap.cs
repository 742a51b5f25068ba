using Settlement.Bench.Subjects;
using Settlement.Http2;

namespace Settlement.Bench;

/// <summary>One scenario, ready to be run for a time, as often as wanted.</summary>
/// <param name="Scenario">One of <see cref="Scenarios"/>.</param>
/// <param name="Server">The server whose processor time counts, if there is one.</param>
/// <param name="UsesDatabase">Whether PostgreSQL works for it.</param>
/// <param name="Run">Runs it: for how long, and in which round.</param>
internal sealed record Lap(string Scenario, Subject? Server, bool UsesDatabase, Func<TimeSpan, int, Task<LoadResult>> Run)
{
    /// <summary>Runs the scenario between two readings of every meter.</summary>
    /// <exception cref="LoadFailedException">Something failed: there are no figures.</exception>
    public async Task<Figures> MeasureAsync(BenchDatabase? database, TimeSpan span, int round)
    {
        BenchDatabase? meter = UsesDatabase ? database : null;
        long wal = meter is null ? 0 : await meter.WalBytesAsync();
        long? databaseTime = meter?.ProcessorMicroseconds();
        long? serverTime = Server?.ProcessorMicroseconds();
        TimeSpan ownTime = Environment.CpuUsage.TotalTime;
        LoadResult result = (await Run(span, round)).ThrowIfFailed($"{Scenario}, round {round}");
        double operations = result.Calls;
        double generator = (Environment.CpuUsage.TotalTime - ownTime).TotalMicroseconds / operations;
        return new Figures(
            Scenario,
            round,
            result.Calls,
            result.Duration.TotalSeconds,
            result.Latency.Percentile(50),
            result.Latency.Percentile(99),
            result.Latency.Percentile(99.9),
            result.Latency.Max,
            (Server?.ProcessorMicroseconds() - serverTime) / operations,
            (meter?.ProcessorMicroseconds() - databaseTime) / operations,
            Server is null ? null : generator,
            meter is null ? null : (await meter.WalBytesAsync() - wal) / operations);
    }
}
