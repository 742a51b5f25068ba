using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Settlement.Cli.Client;
using Settlement.Cli.Sandbox;
using Settlement.Cli.Serving;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>sandbox</c>: a server to try a hospital system against.</summary>
internal static class SandboxCommand
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static Command Create(CliHost host)
    {
        Option<string> grpc = UpOptions.Address("--grpc", "Address of gRPC.", "127.0.0.1:5080");
        Option<string> http = UpOptions.Address("--http", "Address of HTTP/JSON, the national interface and health.", "127.0.0.1:5081");
        Option<string?> data = new("--data")
        {
            Description = "Folder for the sandbox; it must be empty or not there yet (default: a temporary folder, removed at the end).",
            HelpName = "DIR",
        };
        Command command = new(
            "sandbox", "Start a server with sample persons and fixed keys, to try a hospital system against. Ctrl-C ends it.")
        {
            grpc, http, data,
        };
        command.Validators.Add(result =>
        {
            // By token: an address that is itself in error has been told already.
            foreach (Option<string> option in (Option<string>[])[grpc, http])
            {
                if (result.GetResult(option)?.Tokens is [{ } token] && IPEndPoint.TryParse(token.Value, out IPEndPoint? end)
                    && !IPAddress.IsLoopback(end.Address))
                    result.AddError($"{option.Name} '{token.Value}' is not of this machine alone: the keys of a sandbox are public");
            }
        });
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(grpc)!, parsed.GetValue(http)!, parsed.GetValue(data), host, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string grpc, string http, string? data, CliHost host, CancellationToken cancellation)
    {
        ServerPlan.EnsureFree("--grpc", grpc);
        ServerPlan.EnsureFree("--http", http);
        string path = data is null ? Directory.CreateTempSubdirectory("settlement-sandbox-").FullName : FreshFolder(data);
        try
        {
            return await ServeAsync(grpc, http, new DataFolder(path), host, cancellation);
        }
        finally
        {
            if (data is null) Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>A folder with anything in it may be somebody's ledger, or get one: public keys must not open it.</summary>
    private static string FreshFolder(string data)
    {
        string path = Path.GetFullPath(data);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new CliException(
                ExitCode.Usage, $"--data {data} is not empty: a sandbox has public keys and runs on a ledger of its own only");
        Directory.CreateDirectory(path);
        return path;
    }

    private static async Task<int> ServeAsync(string grpc, string http, DataFolder folder, CliHost host, CancellationToken cancellation)
    {
        SandboxWorld.Keys(host.Clock.GetUtcNow()).Write(folder.KeyFile);
        ServerPlan plan = new()
        {
            Program = ServerPlan.FindProgram(host),
            Grpc = ServerPlan.Callable(grpc),
            Http = ServerPlan.Callable(http),
            Environment = [],
            Arguments =
            [
                "--Ledger:Provider=sqlite", $"--Ledger:Path={folder.LedgerFile}", $"--Gateway:GrpcAddress={grpc}",
                $"--Gateway:HttpAddress={http}",
                $"--Gateway:KeyFile={folder.KeyFile}", $"--Policies:Directory={Path.Combine(host.Root, "policies")}",
                "--Gateway:National:KeyHeader=x-access-key", "--Gateway:National:Diagnoses:I21=LISTED_CRITICAL_DISEASE",
                "--Cluster:SiloPort=0", "--Cluster:GatewayPort=0", "--Logging:LogLevel:Default=Warning",
            ],
        };
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using ServerProcess server = ServerProcess.Start(plan, host);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await server.WaitUntilReadyAsync(plan.Http, certificateFile: null, stop.Token);
            await RegisterAsync(plan.Grpc, host, stop.Token);
            Describe(plan, host.Out);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end before all was ready: the server is ending, its exit code is ours.
        }

        return await server.WaitForExitAsync(CancellationToken.None);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true; // we end when the server has ended
            stop.Cancel();
            server.RequestStop();
        }
    }

    private static async Task RegisterAsync(Uri grpc, CliHost host, CancellationToken cancellation)
    {
        using Connection connection = new(grpc, SandboxWorld.AgencyKey);
        int year = host.Clock.GetUtcNow().ToOffset(China).Year;
        foreach (RegisterRequest request in SandboxWorld.Registrations(year))
            await connection.MoveAsync(options => connection.Enrolment.RegisterAsync(request, options), cancellation);
    }

    private static void Describe(ServerPlan plan, TextWriter output)
    {
        output.WriteLine($"sandbox: gRPC {plan.Grpc.Authority}, HTTP/JSON {plan.Http.Authority}, national interface {plan.Http}national");
        output.WriteLine($"  key {SandboxWorld.HospitalKey,-18} hospital {SandboxWorld.Hospital}, level 3");
        output.WriteLine($"  key {SandboxWorld.CentreKey,-18} community health centre {SandboxWorld.Centre}");
        output.WriteLine($"  key {SandboxWorld.AgencyKey,-18} the agency");
        foreach ((string person, _, string what) in SandboxWorld.Persons) output.WriteLine($"  person {person,-22} {what}");
        output.WriteLine("sandbox: ready; Ctrl-C ends it");
        output.Flush();
    }
}
