using System.CommandLine;
using System.Runtime.InteropServices;
using Settlement.Cli.Client;
using Settlement.Cli.Cluster;

namespace Settlement.Cli.Commands;

/// <summary><c>cluster</c>: several silos behind a proxy on one ledger; <c>cluster restart</c>; <c>cluster proxy-config</c>.</summary>
internal static class ClusterCommand
{
    public static Command Create(CliHost host)
    {
        Command command = new(
            "cluster",
            "Start several silos on one PostgreSQL ledger with nginx in front, all on this machine. Ctrl-C ends them all in good order.")
        {
            Restart(host),
            ProxyConfig(host),
        };
        ClusterOptions options = ClusterOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(ClusterPlan.Of(options, parsed), host, cancellation));
        return command;
    }

    private static Command Restart(CliHost host)
    {
        Option<string?> data = ClusterOptions.DataOption();
        data.Description = "Folder of the running cluster, as it said when it started.";
        data.Required = true;
        Command command = new("restart", "Restart the silos of a running cluster one after the other, under load.") { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            await ControlSocket.AskAsync(ClusterPlan.SocketIn(new DataFolder(parsed.GetValue(data)!)), host.Out.WriteLine, cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command ProxyConfig(CliHost host)
    {
        Argument<string[]> silos = new("SILO") { Description = "Each silo as HOST:GRPC_PORT:HTTP_PORT.", Arity = ArgumentArity.OneOrMore };
        Option<string> grpc = Text("--grpc", "Where nginx listens for gRPC.", "ADDRESS", "5080");
        Option<string> http = Text("--http", "Where nginx listens for HTTP/JSON.", "ADDRESS", "5081");
        Option<string> log = Text("--log", "File of failed requests.", "FILE", "/dev/stdout");
        Command command = new("proxy-config", "Print the nginx configuration for silos that run elsewhere.") { silos, grpc, http, log };
        command.SetAction(parsed =>
        {
            host.Out.Write(ProxyConfiguration.Of(
                parsed.GetValue(grpc)!, parsed.GetValue(http)!, parsed.GetValue(log)!, [.. parsed.GetValue(silos)!.Select(Parse)]));
            return ExitCode.Ok;
        });
        return command;

        static Option<string> Text(string name, string description, string help, string fallback) =>
            new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => fallback };
    }

    private static ProxiedSilo Parse(string text) => text.Split(':') is [{ Length: > 0 } name, { } grpc, { } http]
        && ushort.TryParse(grpc, out _) && ushort.TryParse(http, out _)
        ? new ProxiedSilo($"{name}:{grpc}", $"{name}:{http}")
        : throw new CliException(ExitCode.Usage, $"SILO '{text}' is not HOST:GRPC_PORT:HTTP_PORT, for example silo-1:5080:5081");

    private static async Task<int> RunAsync(ClusterPlan plan, CliHost host, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            plan.EnsureFree();
            Prepare(plan, host);
            await using RunningCluster cluster = new(plan, host);
            try
            {
                await cluster.StartAsync(stop.Token);
                await using ControlSocket control = new(plan.ControlSocket, (say, ending) => cluster.RestartAsync(say, ending));
                Describe(plan, cluster, host);
                string failed = await cluster.WaitForFailureAsync(stop.Token);
                throw new CliException(
                    ExitCode.Environment, $"{failed} ended although nobody asked it to: its own words are above; stopped the others");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                host.Error.WriteLine("settlement: stopping: proxy, silos, database");
            }
        }
        finally
        {
            if (!plan.IsKept) Directory.Delete(plan.Folder.Path, recursive: true);
        }

        host.Error.WriteLine("settlement: stopped");
        return ExitCode.Ok;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true; // we end when the children have ended
            stop.Cancel();
        }
    }

    private static void Prepare(ClusterPlan plan, CliHost host)
    {
        Directory.CreateDirectory(plan.Folder.Path);
        // Database and proxy may run as another user: they must come through to their own folders, and read nothing on the way.
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plan.Folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        if (plan.Insecure) return;
        try
        {
            plan.Folder.EnsureAgencyKey(plan.Folder.KeyFile, host.Clock.GetUtcNow());
        }
        catch (InvalidDataException error)
        {
            throw new CliException(ExitCode.Environment, error.Message, error);
        }
    }

    private static void Describe(ClusterPlan plan, RunningCluster cluster, CliHost host)
    {
        string database = plan.Connection is null
            ? $"127.0.0.1:{plan.PostgresPort}, data in {plan.PostgresFolder}"
            : "as given by --connection";
        Say($"nginx       gRPC {plan.Grpc}, HTTP/JSON {plan.Http}");
        for (int number = 0; number < plan.Silos; number++)
        {
            ProxiedSilo silo = plan.Proxied[number];
            Say($"  silo-{number + 1}    gRPC {silo.Grpc}, HTTP/JSON {silo.Http}, process {cluster.ProcessOf(number)}");
        }

        Say($"PostgreSQL  {database}");
        Say($"folder      {plan.Folder.Path}{(plan.IsKept ? "" : " (thrown away at the end)")}");
        Say("try:");
        foreach (string sample in (string[])["register", "settle"])
        {
            string path = sample == "register" ? "Enrolment/Register" : "Settlement/Settle";
            string key = plan.Insecure ? "" : $"-H \"Authorization: Bearer $(cat {plan.Folder.AgencyKeyFile})\" ";
            Say($"  curl {key}-d @samples/{sample}.json {Serving.ServerPlan.Callable(plan.Http)}v1/{path}");
        }

        Say($"  ./settlement account 210100198506151238 --server {Serving.ServerPlan.Callable(plan.Grpc)} --data {plan.Folder.Path}");
        Say($"  ./settlement audit --ledger postgres --connection '{Shown(plan, cluster)}'");
        Say($"  ./settlement cluster restart --data {plan.Folder.Path}    # the silos one after the other, under load");
        Say("serving; Ctrl-C ends all");

        void Say(string line) => host.WriteErrorLine($"settlement: {line}");
    }

    // A connection string that was given may hold a password.
    private static string Shown(ClusterPlan plan, RunningCluster cluster) => plan.Connection is null ? cluster.Connection : "...";
}
