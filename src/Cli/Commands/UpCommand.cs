using System.CommandLine;
using System.Runtime.InteropServices;
using Settlement.Cli.Client;
using Settlement.Cli.Sample;
using Settlement.Cli.Serving;

namespace Settlement.Cli.Commands;

/// <summary><c>up</c>: starts the server and stays with it.</summary>
internal static class UpCommand
{
    public static Command Create(CliHost host)
    {
        Command command = new(
            "up", "Start the server: gRPC and HTTP/JSON on this machine, ledger in the data folder. Ctrl-C ends it in good order.");
        UpOptions options = UpOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(options, parsed, host, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, ParseResult parsed, CliHost host, CancellationToken cancellation)
    {
        DataFolder folder = options.Place.Folder(parsed, host);
        bool insecure = parsed.GetValue(options.Insecure);
        string keyFile = parsed.GetValue(options.Keys) ?? folder.KeyFile;
        ServerPlan plan = Plan(options, parsed, host, folder, keyFile);
        ServerPlan.EnsureFree("--grpc", parsed.GetValue(options.Grpc)!);
        ServerPlan.EnsureFree("--http", parsed.GetValue(options.Http)!);
        Directory.CreateDirectory(folder.Path);
        if (!insecure) EnsureKey(folder, keyFile, host);

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using ServerProcess server = ServerProcess.Start(plan, host);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await server.WaitUntilReadyAsync(plan.Http, parsed.GetValue(options.TlsCertificate), stop.Token);
            host.Error.WriteLine($"settlement: serving gRPC on {plan.Grpc.Authority}, HTTP/JSON on {plan.Http.Authority}");
            if (parsed.GetValue(options.Sample))
            {
                using Connection connection = new(plan.Grpc, insecure ? null : AgencyKey(folder, host));
                await new SampleRun(connection, host).RunAsync(stop.Token);
                if (parsed.GetValue(options.Exit)) return ExitCode.Ok;
            }

            host.Error.WriteLine("settlement: serving; Ctrl-C ends");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end before all was done: the server is ending, its exit code is ours.
        }

        return await server.WaitForExitAsync(CancellationToken.None);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true; // we end when the server has ended
            stop.Cancel();
            server.RequestStop();
        }
    }

    private static ServerPlan Plan(UpOptions options, ParseResult parsed, CliHost host, DataFolder folder, string keyFile)
    {
        string grpc = parsed.GetValue(options.Grpc)!;
        string http = parsed.GetValue(options.Http)!;
        string? certificate = parsed.GetValue(options.TlsCertificate) is { } file ? Full(file) : null;
        bool postgres = options.Place.IsPostgres(parsed);
        string[] ledger = postgres ? ["--Ledger:Provider=postgres"] : ["--Ledger:Provider=sqlite", $"--Ledger:Path={folder.LedgerFile}"];
        return new ServerPlan
        {
            Program = ServerPlan.FindProgram(host),
            Grpc = ServerPlan.Callable(grpc, certificate is not null),
            Http = ServerPlan.Callable(http, certificate is not null),
            Environment = postgres
                ? new Dictionary<string, string> { ["Ledger__ConnectionString"] = parsed.GetValue(options.Place.ConnectionString)! }
                : [],
            Arguments =
            [
                .. ledger,
                $"--Gateway:GrpcAddress={grpc}",
                $"--Gateway:HttpAddress={http}",
                $"--Gateway:KeyFile={Path.GetFullPath(keyFile)}",
                $"--Gateway:Insecure={(parsed.GetValue(options.Insecure) ? "true" : "false")}",
                $"--Policies:Directory={Path.Combine(host.Root, "policies")}",
                .. certificate is null ? Array.Empty<string>()
                    : [$"--Gateway:Tls:CertificateFile={certificate}", $"--Gateway:Tls:KeyFile={Full(parsed.GetValue(options.TlsKey)!)}"],
                .. parsed.GetValue(options.ClientAuthority) is { } authority
                ? [$"--Gateway:Tls:ClientCaFile={Full(authority)}"]
                : Array.Empty<string>(),
            ],
        };
    }

    private static string Full(string file) =>
        File.Exists(file) ? Path.GetFullPath(file) : throw new CliException(ExitCode.Usage, $"{file}: there is no such file");

    private static void EnsureKey(DataFolder folder, string keyFile, CliHost host)
    {
        try
        {
            if (!folder.EnsureAgencyKey(keyFile, host.Clock.GetUtcNow())) return;
        }
        catch (InvalidDataException error)
        {
            throw new CliException(ExitCode.Environment, error.Message, error);
        }

        host.Error.WriteLine(
            $"settlement: no key existed: made an agency key, hashed in {keyFile}, its text in {folder.AgencyKeyFile} (mode 600).");
        host.Error.WriteLine(
            $"settlement: commands with the same data folder find it by themselves; curl: -H \"Authorization: Bearer $(cat {folder.AgencyKeyFile})\"");
    }

    private static string AgencyKey(DataFolder folder, CliHost host) =>
        host.Environment(ClientOptions.KeyVariable) is { Length: > 0 } variable
            ? variable
            : folder.ReadAgencyKey() ?? throw new CliException(ExitCode.Environment,
                $"the sample needs an agency key: put its text into {ClientOptions.KeyVariable}, or remove the key file to have one made");
}
