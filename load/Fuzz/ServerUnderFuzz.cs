using System.Diagnostics;
using Settlement.Contract;
using Settlement.Fuzz.Inputs;
using Settlement.Identity;
using Settlement.Tests.Support;

namespace Settlement.Fuzz;

/// <summary>A server process with a ledger of its own, a few persons, and one facility's key.</summary>
internal sealed class ServerUnderFuzz : IAsyncDisposable
{
    private const int Persons = 10;
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-fuzz-").FullName;
    private readonly SiloProcess process;

    private ServerUnderFuzz(string silo, string policies)
    {
        (Key, KeyFile file) = new KeyFile()
            .Add(Role.Facility, new RegisteredFacility { Code = "H1", RequestsPerSecond = 0 }, DateTimeOffset.UnixEpoch);
        file.Write(Path.Combine(folder, "keys.json"));
        process = new SiloProcess(
            silo, policies, $"Ledger:Path={LedgerFile}", $"Gateway:KeyFile={folder}/keys.json", "Gateway:MaxRequestBytes=300000",
            "Cluster:SiloPort=0", "Cluster:GatewayPort=0",
            // Each line of the log is one JSON object, with the trace of its request. gRPC tells at Information of the status it sends.
            "Telemetry:LogFormat=json",
            "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Critical", "Logging:LogLevel:Grpc=Information")
        {
            Logged = Errors.Take,
        };
    }

    /// <summary>What it logs of errors.</summary>
    public ErrorLog Errors { get; } = new();

    /// <summary>The file of its ledger.</summary>
    public string LedgerFile => Path.Combine(folder, "ledger.db");

    /// <summary>Key of the facility.</summary>
    public string Key { get; }

    /// <summary>Where gRPC listens.</summary>
    public string Grpc => process.Address;

    /// <summary>Where JSON listens.</summary>
    public string Http => process.HttpAddress;

    /// <summary>Starts it and registers the persons.</summary>
    public static async Task<ServerUnderFuzz> StartAsync(string silo, string policies, Samples samples)
    {
        ServerUnderFuzz server = new(silo, policies);
        await server.process.StartAsync();
        using HttpClient http = new() { BaseAddress = new Uri(server.Http) };
        for (int i = 0; i < Persons; i++)
        {
            RegisterRequest request = new(samples.Registration) { RequestId = $"reg{i}", Person = $"P{i}" };
            using HttpResponseMessage answer = await http.PostAsync(
                "/v1/Enrolment/Register", new StringContent(Google.Protobuf.JsonFormatter.Default.Format(request)));
            answer.EnsureSuccessStatusCode();
        }

        return server;
    }

    /// <summary>Memory in use, in MiB.</summary>
    public double Memory()
    {
        using Process watched = Process.GetProcessById(process.ProcessId);
        return watched.WorkingSet64 / (double)(1 << 20);
    }

    /// <summary>Whether it still answers a valid request; null when it does.</summary>
    public async Task<string?> FaultAsync()
    {
        try
        {
            using HttpClient http = new() { BaseAddress = new Uri(Http), Timeout = TimeSpan.FromSeconds(30) };
            using HttpResponseMessage answer = await http.PostAsync("/v1/Settlement/GetAccount", new StringContent("""{"person": "P1"}"""));
            return answer.IsSuccessStatusCode ? null : $"a valid request is answered {(int)answer.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return $"the server no longer answers: {error.Message}";
        }
    }

    /// <summary>Stops it in good order.</summary>
    /// <returns>What it logged of errors since they were last asked for.</returns>
    public async Task<IReadOnlyList<string>> EndAsync(int seed)
    {
        Errors.Flight = null;
        await process.StopAsync();
        return Errors.Findings(seed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
