using System.Diagnostics;
using Settlement.Cli.Serving;

namespace Settlement.Cli.Cluster;

/// <summary>PostgreSQL, silos and proxy, started in this order and stopped in the other.</summary>
internal sealed class RunningCluster(ClusterPlan plan, CliHost host) : IAsyncDisposable
{
    // After its restart the proxy still leaves a silo aside for a while: the next one waits until the first is back.
    private static readonly TimeSpan BackInTheRing = ProxyConfiguration.Aside + TimeSpan.FromSeconds(0.5);

    private readonly ServerProcess?[] silos = new ServerProcess?[plan.Silos];
    private readonly SemaphoreSlim restarting = new(1);
    private OwnPostgres? postgres;
    private OwnProxy? proxy;
    private volatile int leaving = -1;

    /// <summary>The ledger's connection string.</summary>
    public string Connection => plan.Connection ?? postgres!.ConnectionString;

    /// <summary>Number of a silo's process.</summary>
    public int ProcessOf(int number) => silos[number]!.Id;

    /// <summary>Starts everything, and waits until each part is ready before the next.</summary>
    /// <exception cref="CliException">A part did not start.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (plan.Connection is null)
            postgres = await OwnPostgres.StartAsync(plan.PostgresFolder, plan.PostgresPort, host, Prefixed("postgres"), cancellation);
        // The first makes or migrates the schema and the others find it there.
        await StartSiloAsync(0, cancellation);
        await Task.WhenAll(Enumerable.Range(1, plan.Silos - 1).Select(number => StartSiloAsync(number, cancellation)));
        string configuration = ProxyConfiguration.Of(plan.Grpc, plan.Http, Path.Combine(plan.ProxyFolder, "failures.log"), plan.Proxied);
        proxy = await OwnProxy.StartAsync(plan.ProxyFolder, configuration, host, Prefixed("proxy"), cancellation);
    }

    /// <summary>Waits until a part ends that nobody asked to.</summary>
    /// <returns>What ended, and with which code.</returns>
    public async Task<string> WaitForFailureAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Ended() is { } name) return name;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    }

    /// <summary>Restarts the silos, one after the other: drain, finish, start again, and be taken back by the proxy.</summary>
    /// <param name="say">Takes each step.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    /// <exception cref="CliException">A silo did not come back.</exception>
    public async Task RestartAsync(Action<string> say, CancellationToken cancellation)
    {
        if (!await restarting.WaitAsync(0, cancellation)) throw new CliException(ExitCode.Refused, "a restart is under way already");
        try
        {
            for (int number = 0; number < plan.Silos; number++)
            {
                long begin = Stopwatch.GetTimestamp();
                leaving = number;
                bool inOrder = await silos[number]!.StopAsync();
                TimeSpan drained = Stopwatch.GetElapsedTime(begin);
                await silos[number]!.DisposeAsync();
                await StartSiloAsync(number, cancellation);
                leaving = -1;
                await Task.Delay(BackInTheRing, cancellation);
                Tell($"{ClusterPlan.NameOf(number)}: {(inOrder ? "drained" : "did not end in time and was killed")} after {drained.TotalSeconds:0.0} s, "
                    + $"back after {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s");
            }
        }
        finally
        {
            leaving = -1; // a silo that did not come back is one that ended
            restarting.Release();
        }

        void Tell(string line)
        {
            say(line);
            host.WriteErrorLine($"settlement: {line}");
        }
    }

    /// <summary>Stops everything: the proxy answers what is under way, the silos finish, the database goes last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (proxy is not null) await proxy.DisposeAsync();
        await Task.WhenAll(silos.OfType<ServerProcess>().Select(silo => silo.DisposeAsync().AsTask()));
        if (postgres is not null) await postgres.DisposeAsync();
        restarting.Dispose();
    }

    private async Task StartSiloAsync(int number, CancellationToken cancellation)
    {
        ServerPlan silo = plan.Silo(number, Connection, host);
        silos[number] = ServerProcess.Start(silo, Prefixed(ClusterPlan.NameOf(number)), ownSession: true);
        await silos[number]!.WaitUntilReadyAsync(silo.Http, certificateFile: null, cancellation);
    }

    private string? Ended()
    {
        if (postgres is { Process.HasExited: true }) return "PostgreSQL";
        if (proxy is { Process.HasExited: true }) return "the proxy";
        for (int number = 0; number < silos.Length; number++)
        {
            if (number != leaving && silos[number] is { HasExited: true }) return ClusterPlan.NameOf(number);
        }

        return null;
    }

    private Action<string> Prefixed(string name) => line => host.WriteErrorLine($"{name} | {line}");
}
