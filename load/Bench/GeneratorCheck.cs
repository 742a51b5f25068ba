using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Settlement.Bench.Subjects;
using Settlement.Http2;

namespace Settlement.Bench;

/// <summary>Our load generator beside nghttp2's h2load on the empty call, turn about: whether what we measure is the server.</summary>
internal static partial class GeneratorCheck
{
    private const string Path = "/settlement.v1.Settlement/Ping";

    public static async Task RunAsync(BenchOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("settlement-bench-").FullName;
        try
        {
            // The empty message of gRPC: not compressed, length 0.
            string body = System.IO.Path.Combine(folder, "empty");
            await File.WriteAllBytesAsync(body, new byte[5]);
            await using Subject server = new SubjectFactory(options, null, folder).OursOnSqlite();
            await server.StartAsync();
            Own(server, options, options.Warm);
            List<double> own = [];
            List<double> other = [];
            for (int round = 1; round <= options.Rounds; round++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                LoadResult result = Own(server, options, options.Span);
                double cost = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / result.Calls;
                own.Add(result.Rate);
                (double rate, double otherCost) = await H2loadAsync(server, options, body);
                other.Add(rate);
                Console.WriteLine(FormattableString.Invariant(
                    $"round {round}: own {result.Rate:N0}/s, {cost:N1} us of processor a call; h2load {rate:N0}/s, {otherCost:N1} us"));
            }

            Console.WriteLine(FormattableString.Invariant(
                $"medians: own {Median.Of(own):N0}/s, h2load {Median.Of(other):N0}/s, own / h2load {Median.Of(own) / Median.Of(other):N2}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LoadResult Own(Subject server, BenchOptions options, TimeSpan span) =>
        server.Load(options.Connections).RunClosed(_ => new FixedCall(Path, default), options.InFlight, span)
            .ThrowIfFailed("the empty call");

    private static async Task<(double Rate, double Microseconds)> H2loadAsync(Subject server, BenchOptions options, string body)
    {
        IPEndPoint place = server.Address;
        string[] arguments =
        [
            "h2load", "-D", $"{(int)Math.Ceiling(options.Seconds)}", "-c", $"{options.Connections}", "-m",
            $"{options.InFlight / options.Connections}",
            "-t", $"{options.Connections}", "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers",
            $"http://{place}{Path}",
        ];
        // The shell adds up the processor time of what it ran: the fourth word of 'times', in its second line.
        ProcessStartInfo start = new("bash", ["-c", "\"$@\" && times", "bash", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process run = Process.Start(start)!;
        Task<string> errors = run.StandardError.ReadToEndAsync();
        string said = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"h2load did not run (Debian has it in nghttp2-client): {await errors}{said}");
        return Parse(said);
    }

    /// <summary>Rate, and processor time for each request in microseconds, of h2load's report followed by the shell's times.</summary>
    /// <exception cref="InvalidOperationException">It is no such report, or a request did not go well.</exception>
    public static (double Rate, double Microseconds) Parse(string report)
    {
        Match finished = Finished().Match(report);
        Match requests = Requests().Match(report);
        MatchCollection times = Times().Matches(report);
        if (!finished.Success || !requests.Success || times.Count < 4)
            throw new InvalidOperationException($"h2load's report is not understood:\n{report}");
        if (requests.Groups[2].Value != "0" || requests.Groups[3].Value != "0")
            throw new InvalidOperationException($"h2load met errors:\n{report}");
        double seconds = times.TakeLast(2).Sum(match => Number(match.Groups[1]) * 60 + Number(match.Groups[2]));
        return (Number(finished.Groups[1]), seconds * 1e6 / Number(requests.Groups[1]));
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"finished in .*?, ([\d.]+) req/s")]
    private static partial Regex Finished();

    [GeneratedRegex(@"requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed, (\d+) errored")]
    private static partial Regex Requests();

    [GeneratedRegex(@"(\d+)m([\d.]+)s")]
    private static partial Regex Times();
}
