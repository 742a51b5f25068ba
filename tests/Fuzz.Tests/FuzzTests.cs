using System.Text.Json;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Settlement.Contract;
using Settlement.Fuzz.Inputs;
using Settlement.Fuzz.Targets;
using Xunit.Abstractions;

namespace Settlement.Fuzz.Tests;

/// <summary>A few thousand changed inputs of a fixed seed: each ends with an answer or a named refusal, and the server goes on.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 1;

    [Fact]
    public async Task Nothing_is_found_among_the_inputs_of_a_fixed_seed()
    {
        StringWriter said = new();
        IReadOnlyList<string> findings = await Campaign.RunAsync(
            new FuzzOptions { Inputs = 6_000, Seed = Seed }, Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"),
                AppContext.BaseDirectory, said);
        output.WriteLine($"seed {Seed}\n{said}");
        Assert.Empty(findings);
    }

    [Fact]
    public async Task An_error_that_only_the_servers_log_tells_of_is_found_and_named_with_its_input()
    {
        string silo = Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll");
        Samples samples = new(Path.Combine(AppContext.BaseDirectory, "samples"));
        await using ServerUnderFuzz server = await ServerUnderFuzz.StartAsync(
            silo, Path.Combine(AppContext.BaseDirectory, "policies"), samples);
        await PlantAsync(server.LedgerFile);
        List<string> findings = [];
        StringWriter said = new();

        await Campaign.RunAsync(
            new FuzzOptions { Inputs = 200, Seed = 7 }, [new BlindTarget(samples, server.Http, planted: 123)], server, findings, said);

        output.WriteLine(string.Join('\n', findings));
        // The request's own failure carries its trace, so it is named exactly; the database's refusal of the entry came on another thread.
        string exact = Assert.Single(findings, finding => finding.Contains("Settle failed unexpectedly", StringComparison.Ordinal));
        Assert.EndsWith("repeat: settlement fuzz --targets blind --seed 7 --only 123", exact);
        string near = Assert.Single(findings, finding => finding.Contains("The database refused entry 16 of person", StringComparison.Ordinal));
        long[] range = [.. near.Split("--only ")[1].Split('-').Select(long.Parse)];
        Assert.InRange(123, range[0], range[^1]);
        Assert.Contains("2 findings so far", said.ToString());
    }

    [Fact]
    public void A_line_of_the_log_is_a_finding_by_its_level_or_its_status_and_each_kind_once()
    {
        ErrorLog log = new() { Flight = new Flight("frames") };
        foreach (string line in new[]
        {
            Line("Information", "Grpc", "sent", status: "NotFound"),
            Line("Warning", "Settlement", "busy"),
            // What the library says of bytes that are no message.
            Line("Error", "Grpc.Call", "failed", exception: "Google.Protobuf.InvalidProtocolBufferException: no message"),
            Line("Information", "Grpc.Call", "detail 'Incomplete message.'", status: "Internal"),
            "no line of the log",
        })
        {
            log.Take(line);
        }

        Assert.Empty(log.Findings(1));
        for (int i = 0; i < 3; i++) log.Take(Line("Information", "Grpc", $"sent {i}", status: "Internal"));
        log.Take(Line("Critical", "Settlement", "met a defect"));
        log.Take(Line("Error", "Settlement", "kept", exception: "Google.Protobuf.InvalidProtocolBufferException: no message"));
        Assert.Equal(
            [
                "the server's log, 3 times: Information Grpc: sent 0", "the server's log, 1 times: Critical Settlement: met a defect",
                "the server's log, 1 times: Error Settlement: kept",
            ],
            log.Findings(1).Select(finding => finding.Split('\n')[0]));
        Assert.Empty(log.Findings(1));
    }

    [Fact]
    public void An_input_follows_from_seed_target_and_number()
    {
        byte[] valid = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        byte[] Input(int seed, string target, long number) => ByteMutator.Change(valid, new Chance(seed, target, number));
        Assert.Equal(Input(1, "grpc", 7), Input(1, "grpc", 7));
        Assert.NotEqual(Input(1, "grpc", 7), Input(1, "grpc", 8));
        Assert.NotEqual(Input(1, "grpc", 7), Input(2, "grpc", 7));
        Assert.NotEqual(Input(1, "grpc", 7), Input(1, "json", 7));
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_named()
    {
        Assert.Contains("--targets does not know 'x'", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--targets", "x"]))
            .Message);
        Assert.Contains("--only needs one target", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--only", "5"])).Message);
        Assert.Contains("'9-5'", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--targets", "grpc", "--only", "9-5"])).Message);
        Assert.Equal((5L, 9L), FuzzOptions.Parse(["--targets", "grpc", "--only", "5-9"]).Only!.Value);
        Assert.Contains("'many'", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--inputs", "many"])).Message);
    }

    private static string Line(string level, string category, string message, string status = "OK", string exception = "") =>
        JsonSerializer.Serialize(new
        {
            EventId = 7,
            LogLevel = level,
            Category = category,
            Message = message,
            Exception = exception,
            State = new { StatusCode = status },
        });

    /// <summary>An error that is none of the product's: the database refuses the entry of one request.</summary>
    private static async Task PlantAsync(string ledger)
    {
        await using SqliteConnection connection = new($"Data Source={ledger};Pooling=false");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "CREATE TRIGGER planted BEFORE INSERT ON entry WHEN NEW.request_id = 'planted' BEGIN SELECT RAISE(ABORT, 'planted'); END";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Settles, and takes whatever is answered for right.</summary>
    private sealed class BlindTarget(Samples samples, string address, long planted) : ITarget, IDisposable
    {
        private readonly HttpClient client = new() { BaseAddress = new Uri(address) };
        private long number = -1;

        public string Name => "blind";

        public int Share => 100;

        public int AtOnce => 1;

        public async Task<string?> TryAsync(Chance chance, CancellationToken patience)
        {
            SettleRequest settle = (SettleRequest)samples.Request(
                samples.Methods.Single(method => method.Name == "Settle" && method.InputType == SettleRequest.Descriptor), chance);
            if (Interlocked.Increment(ref number) == planted) settle.RequestId = "planted";
            using HttpRequestMessage request = new(HttpMethod.Post, "/v1/Settlement/Settle")
            {
                Content = new StringContent(JsonFormatter.Default.Format(settle)),
            };
            request.Headers.Add("traceparent", chance.TraceParent);
            using HttpResponseMessage response = await client.SendAsync(request, patience);
            return null;
        }

        public void Dispose() => client.Dispose();
    }
}
