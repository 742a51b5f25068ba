using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Settlement.Http2;
using Settlement.Tests.Support;

namespace Settlement.Bench.Subjects;

/// <summary>
/// PostgreSQL's own benchmark, TPC-B with prepared statements, on a database of its own: what a transaction costs on this server.
/// </summary>
internal sealed partial class Pgbench(string connection, string folder, int scale, int seed)
{
    private const double NanosecondsPerMicrosecond = 1000;
    private const int Threads = 2;
    private const int LeastSeconds = 3; // its time runs while its clients connect
    private const int TimeColumn = 2;
    private long transactions;
    private int runs;

    /// <summary>Creates and fills the tables.</summary>
    public Task PrepareAsync() => RunAsync("-i", "-q", "-s", $"{scale}");

    /// <summary>Runs so many clients for about the time (in whole seconds, at least three).</summary>
    /// <exception cref="InvalidOperationException">The program failed, or a transaction did.</exception>
    public async Task<LoadResult> RunAsync(int clients, TimeSpan span)
    {
        string logs = Directory.CreateDirectory(Path.Combine(folder, $"pgbench-{++runs}")).FullName;
        string said = await RunAsync(
            "-n", "-M", "prepared", "-c", $"{clients}", "-j", $"{Threads}", "-T",
            $"{Math.Max(LeastSeconds, (int)Math.Round(span.TotalSeconds))}",
            $"--random-seed={seed + runs}", "--log", $"--log-prefix={Path.Combine(logs, "log")}");
        (long processed, double rate) = Parse(said);
        LoadResult result = new() { Duration = TimeSpan.FromSeconds(processed / rate) };
        foreach (string line in Directory.EnumerateFiles(logs).SelectMany(File.ReadLines))
            result.Latency.Record(
                (long)(long.Parse(line.Split(' ')[TimeColumn], CultureInfo.InvariantCulture) * NanosecondsPerMicrosecond));
        Directory.Delete(logs, recursive: true);
        transactions += processed;
        return result.Calls == processed
            ? result
            : throw new InvalidOperationException($"pgbench says {processed:N0} transactions, its log has {result.Calls:N0}.");
    }

    /// <summary>Every transaction is in the history, and all balances have the same sum.</summary>
    /// <exception cref="InvalidOperationException">They have not.</exception>
    public async Task<string> CheckAsync()
    {
        long history = (long)(await PostgresServer.ScalarAsync(connection, "SELECT count(*) FROM pgbench_history"))!;
        if (history != transactions)
            throw new InvalidOperationException(
                $"pgbench: {transactions:N0} transactions were processed, {history:N0} are in the history.");
        long sums = (long)(await PostgresServer.ScalarAsync(connection, """
            SELECT count(DISTINCT total) FROM (
                SELECT sum(delta) AS total FROM pgbench_history UNION ALL SELECT sum(abalance) FROM pgbench_accounts
                UNION ALL SELECT sum(tbalance) FROM pgbench_tellers UNION ALL SELECT sum(bbalance) FROM pgbench_branches) AS sums
            """))!;
        return sums == 1 ? $"{history:N0} transactions, all balances"
            : throw new InvalidOperationException("pgbench: the balances have different sums.");
    }

    /// <summary>Transactions and rate of a report; refuses one that tells of failures.</summary>
    /// <exception cref="InvalidOperationException">It is no such report, or transactions failed.</exception>
    public static (long Transactions, double Rate) Parse(string report)
    {
        if (Failed().Match(report) is { Success: true } failed && failed.Groups[1].Value != "0")
            throw new InvalidOperationException($"pgbench: {failed.Groups[1].Value} transactions failed.");
        Match processed = Processed().Match(report);
        Match rate = Rate().Match(report);
        if (processed.Groups[1].Value == "0")
            throw new InvalidOperationException("pgbench: no transaction ended in its time. The machine is too busy.");
        return processed.Success && rate.Success
            ? (long.Parse(processed.Groups[1].Value, CultureInfo.InvariantCulture),
                double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"pgbench's report is not understood:\n{report}");
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        Npgsql.NpgsqlConnectionStringBuilder place = new(connection);
        string[] server = ["-h", place.Host!, "-p", $"{place.Port}", "-U", place.Username!, place.Database!];
        ProcessStartInfo start = new(PostgresServer.ProgramPath("pgbench"), [.. arguments, .. server])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = place.Password ?? "", ["PGOPTIONS"] = "-c synchronous_commit=on" },
        };
        using Process run = Process.Start(start)!;
        Task<string> output = run.StandardOutput.ReadToEndAsync();
        string errors = await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        return run.ExitCode == 0 ? await output : throw new InvalidOperationException($"pgbench ended with {run.ExitCode}:\n{errors}");
    }

    [GeneratedRegex(@"number of transactions actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"number of failed transactions: (\d+)")]
    private static partial Regex Failed();

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial connection time\)")]
    private static partial Regex Rate();
}
