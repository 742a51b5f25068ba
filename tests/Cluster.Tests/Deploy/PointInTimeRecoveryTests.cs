using System.Diagnostics;
using Npgsql;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests.Deploy;

/// <summary>
/// The recipe of <c>deploy/backup</c> as an operator runs it: archive, base backup, disaster, recovery to a point, audit.
/// </summary>
public sealed class PointInTimeRecoveryTests(ITestOutputHelper output)
{
    private static readonly string Scripts = Path.Combine(DeployFolder.Root, "backup");

    [Fact]
    public async Task A_ledger_is_recovered_to_a_point_and_the_audit_finds_nothing()
    {
        string folder = Scratch();
        string archive = Directory.CreateDirectory(Path.Combine(folder, "archive")).FullName;
        Own(folder);
        await using PostgresServer server = await PostgresServer.StartAsync(
            "wal_level=replica", "archive_mode=on", $"archive_command={Path.Combine(Copied(folder), "archive-wal")} %p %f {archive}");
        string database = await server.CreateDatabaseAsync();
        string[] ledger = ["Ledger:Provider=postgres", $"Ledger:ConnectionString={database}", "Gateway:Insecure=true"];

        List<(long, Ledger.LedgerHash)> kept;
        string baseBackup;
        await using (TestSilo silo = await TestSilo.StartAsync(ledger))
        {
            await SettleAsync(silo, 0, 20);
            baseBackup = (
                await RunAsync(
                folder, "base-backup", Path.Combine(folder, "base"), "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "settlement"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
            await SettleAsync(silo, 20, 20);
            kept = await Audits.FingerprintAsync(silo);
            await PostgresServer.ExecuteAsync(database, "SELECT pg_create_restore_point('before the disaster')");
            await SettleAsync(silo, 40, 20);
            await PostgresServer.ScalarAsync(database, "SELECT pg_switch_wal()");
            await WaitUntilAsync(
                database, "SELECT NOT EXISTS (SELECT FROM pg_ls_dir('pg_wal/archive_status') AS name WHERE name LIKE '%.ready')");
        }

        await server.StopAsync(PostgresStop.Immediate);
        string data = Path.Combine(folder, "data");
        await RunAsync(folder, "restore", baseBackup, archive, data, "--name", "before the disaster");
        Assert.Contains("nothing is overwritten", await FailAsync(folder, "restore", baseBackup, archive, data, "--end"));
        await using RestoredServer restored = await RestoredServer.StartAsync(data, server.Port);

        await WaitUntilAsync(database, "SELECT NOT pg_is_in_recovery()");
        // Pooled connections of this process are to the server that is gone.
        NpgsqlConnection.ClearAllPools();
        await using TestSilo recovered = await TestSilo.StartAsync(ledger);
        Assert.Equal(kept, await Audits.FingerprintAsync(recovered));
        await Audits.AssertSoundAsync(recovered);
        output.WriteLine($"{kept.Count} entries recovered; those after the point are gone");
        // It goes on: what was lost is sent again by those who never heard of it.
        await SettleAsync(recovered, 40, 20);
        await Audits.AssertSoundAsync(recovered);
    }

    [Fact]
    public async Task The_archive_keeps_what_it_has()
    {
        string folder = Scratch();
        Own(folder);
        string segment = Path.Combine(folder, "segment");
        await File.WriteAllTextAsync(segment, "one");
        await RunAsync(folder, "archive-wal", segment, "0001", folder);
        await RunAsync(folder, "archive-wal", segment, "0001", folder); // asked again after a crash
        await File.WriteAllTextAsync(segment, "two");

        Assert.Contains("other content", await FailAsync(folder, "archive-wal", segment, "0001", folder));
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(folder, "0001")));
    }

    private static async Task SettleAsync(TestSilo silo, int first, int count)
    {
        for (int person = first; person < first + count; person++)
        {
            await silo.Enrolment.RegisterAsync(Requests.Register($"P{person}"));
            await silo.Settlement.SettleAsync(Requests.Settle($"P{person}", $"r{person}", Requests.Inpatient(4_000_000 + person)));
        }
    }

    private static async Task WaitUntilAsync(string database, string condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
        while (await PostgresServer.ScalarAsync(database, condition) is not true) await pause.WaitForNextTickAsync(patience.Token);
    }

    private static string Scratch() => Directory.CreateTempSubdirectory("settlement-pitr-").FullName;

    /// <summary>The scripts where the server's user can read them; a checkout may stand in a closed folder.</summary>
    private static string Copied(string folder)
    {
        string scripts = Path.Combine(folder, "scripts");
        if (Directory.Exists(scripts)) return scripts;
        Directory.CreateDirectory(scripts);
        foreach (string script in Directory.GetFiles(Scripts)) File.Copy(script, Path.Combine(scripts, Path.GetFileName(script)));
        return scripts;
    }

    private static void Own(string folder)
    {
        Copied(folder);
        if (Environment.IsPrivilegedProcess) Tool.Run("chown", "-R", "postgres", folder);
    }

    private static async Task<string> RunAsync(string folder, string script, params string[] arguments)
    {
        (int code, string said) = await StartAsync(folder, script, arguments);
        return code == 0 ? said : throw new InvalidOperationException($"{script} ended with {code}:\n{said}");
    }

    private static async Task<string> FailAsync(string folder, string script, params string[] arguments)
    {
        (int code, string said) = await StartAsync(folder, script, arguments);
        Assert.NotEqual(0, code);
        return said;
    }

    private static async Task<(int Code, string Said)> StartAsync(string folder, string script, string[] arguments)
    {
        (string program, string[] all) = PostgresServer.AsOrdinaryUser(Path.Combine(Copied(folder), script), arguments);
        ProcessStartInfo start = new(program, all) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(PostgresServer.ProgramPath("pg_basebackup"))}:{start.Environment["PATH"]}";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await errors + output);
    }

    /// <summary>A server on a folder that <c>restore</c> laid out.</summary>
    private sealed class RestoredServer(string data) : IAsyncDisposable
    {
        public static Task<RestoredServer> StartAsync(string data, int port)
        {
            Control(data, "start", "-w", "-t", "60", "-l", Path.Combine(data, "server.log"), "-o",
                $"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c max_connections=200");
            return Task.FromResult(new RestoredServer(data));
        }

        public ValueTask DisposeAsync()
        {
            Control(data, "stop", "-w", "-m", "immediate");
            return ValueTask.CompletedTask;
        }

        private static void Control(string data, string verb, params string[] arguments)
        {
            (string program, string[] all) = PostgresServer.AsOrdinaryUser(
                PostgresServer.ProgramPath("pg_ctl"), [verb, "-D", data, .. arguments]);
            // Without pipes: the server would hold them open for as long as it lives.
            using Process process = Process.Start(new ProcessStartInfo(program, all) { WorkingDirectory = "/" })!;
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
