namespace Settlement.Bench;

/// <summary>
/// What one scenario did in one round. Latencies in nanoseconds; costs for each operation; null where there is no such part.
/// </summary>
/// <param name="Scenario">One of <see cref="Scenarios"/>.</param>
/// <param name="Round">Number of the round, from 1.</param>
/// <param name="Operations">Operations that went well; any other would have ended the run.</param>
/// <param name="Seconds">From the first start to the last answer.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">Latency that 99 % kept.</param>
/// <param name="P999">Latency that 99.9 % kept.</param>
/// <param name="Longest">Longest latency.</param>
/// <param name="ServerMicroseconds">Processor time of the server process.</param>
/// <param name="DatabaseMicroseconds">Processor time of all PostgreSQL processes.</param>
/// <param name="GeneratorMicroseconds">Processor time of the load generator.</param>
/// <param name="WalBytes">Bytes of write-ahead log.</param>
internal sealed record Figures(
    string Scenario,
    int Round,
    long Operations,
    double Seconds,
    long P50,
    long P99,
    long P999,
    long Longest,
    double? ServerMicroseconds,
    double? DatabaseMicroseconds,
    double? GeneratorMicroseconds,
    double? WalBytes)
{
    /// <summary>Operations a second.</summary>
    public double Rate => Operations / Seconds;
}
