using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using Settlement.Ledger;
using Settlement.Tests.Support;
using Settlement.Torture.History;
using Settlement.Torture.Relaying;
using Settlement.Torture.Serving;

namespace Settlement.Torture.Faults;

/// <summary>Strikes the planned faults at their moments, each until its end, and writes down when its cause was taken away.</summary>
internal sealed class Nemesis(Stage stage, HistoryFile history)
{
    private const int StormConnections = 300;
    private const int Breath = 20;
    private static readonly TimeSpan LongestBreath = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BreathStep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowStop = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan SlowGo = TimeSpan.FromMilliseconds(40);
    private int striking;
    private int struck;

    /// <summary>Faults under way now.</summary>
    public int Striking => Volatile.Read(ref striking);

    /// <summary>Faults that have ended.</summary>
    public int Struck => Volatile.Read(ref struck);

    /// <summary>
    /// Strikes them in order until the time is over. Between one and the next some changes must be acknowledged, or a while pass: faults
    /// that hit what is down already teach nothing, and how fast things come up again depends on the machine. What is left of a plan when
    /// the time is over is not struck. Returns when the last has ended and what it struck runs again.
    /// </summary>
    /// <exception cref="SiloEndedException">A silo ended by itself.</exception>
    /// <exception cref="InvalidOperationException">Something does not come up again.</exception>
    public async Task StrikeAsync(IReadOnlyList<PlannedFault> plan, TimeSpan duration)
    {
        long begin = history.Now;
        TimeSpan late = TimeSpan.Zero;
        TimeSpan before = TimeSpan.MinValue;
        Dictionary<string, Task> lanes = [];
        foreach (PlannedFault fault in plan)
        {
            if (fault.At != before) await BreatheAsync();
            before = fault.At;
            await lanes.GetValueOrDefault(fault.Lane, Task.CompletedTask);
            TimeSpan wait = fault.At + late - Passed();
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            else late = Passed() - fault.At;
            if (Passed() > duration) break;
            foreach (Task failed in lanes.Values.Where(static lane => lane.IsFaulted)) await failed;
            lanes[fault.Lane] = Task.Run(() => StrikeAsync(fault));
        }

        await Task.WhenAll(lanes.Values);

        TimeSpan Passed() => TimeSpan.FromMicroseconds(history.Now - begin);
    }

    private async Task BreatheAsync()
    {
        long acknowledged = history.Acknowledged + Breath;
        long until = history.Now + (long)LongestBreath.TotalMicroseconds;
        while (history.Acknowledged < acknowledged && history.Now < until) await Task.Delay(BreathStep);
    }

    private async Task StrikeAsync(PlannedFault fault)
    {
        long began = history.Now;
        bool told = false;
        Interlocked.Increment(ref striking);
        stage.MustAllRun();
        await DoAsync(fault, Ended);
        Ended();
        Interlocked.Decrement(ref striking);

        void Ended()
        {
            if (told) return;
            told = true;
            history.Add(new Struck(fault.Kind, fault.Lane, fault.Silo, began, history.Now));
            Interlocked.Increment(ref struck);
        }
    }

    private Task DoAsync(PlannedFault fault, Action ended) => fault.Kind switch
    {
        FaultKind.KillSilo or FaultKind.KillAllSilos => KillSiloAsync(fault.Silo!.Value, fault.For, ended),
        FaultKind.PauseSilo =>
            BetweenAsync(fault.For, stage.Silos[fault.Silo!.Value].PauseAsync, stage.Silos[fault.Silo!.Value].ResumeAsync),
        FaultKind.KillDatabase => KillDatabaseAsync(fault.For, ended),
        FaultKind.KillBackend => stage.Server!.KillOneAsync((int)fault.At.TotalMilliseconds),
        FaultKind.PauseDatabase => BetweenAsync(fault.For, stage.Server!.PauseAsync, stage.Server!.ResumeAsync),
        FaultKind.EndSessions => EndSessionsAsync(),
        FaultKind.LockLedger => stage.Server is null ? LockFileAsync(fault.For) : LockTableAsync(fault.For),
        FaultKind.KillFrontProxy => stage.Front.KillAsync(fault.For, ended),
        FaultKind.KillBackProxy => stage.Back!.KillAsync(fault.For, ended),
        FaultKind.CutClients => OnLinkAsync(stage.Front, fault, "hold", "open"),
        FaultKind.LoseAnswers => OnLinkAsync(stage.Front, fault, "mute", "reset"),
        FaultKind.DelayClients => OnLinkAsync(stage.Front, fault, $"delay {fault.For.Milliseconds % 400}", "open"),
        FaultKind.ResetClients => OnLinkAsync(stage.Front, fault, "refuse", "open"),
        FaultKind.CutLedger => OnLinkAsync(stage.Back!, fault, "hold", "open"),
        FaultKind.LoseCommits => OnLinkAsync(stage.Back!, fault, "mute", "reset"),
        FaultKind.DelayLedger => OnLinkAsync(stage.Back!, fault, $"delay {fault.For.Milliseconds % 200}", "open"),
        FaultKind.ResetLedger => OnLinkAsync(stage.Back!, fault, "refuse", "open"),
        FaultKind.IsolateSilo or FaultKind.ScatterSilos or FaultKind.BlipPeers => BetweenSilosAsync(fault, "hold", "hold", "open"),
        FaultKind.DeafenSilo => BetweenSilosAsync(fault, "deafen", "mute", "open"),
        FaultKind.MuteSilo => BetweenSilosAsync(fault, "mute", "deafen", "reset"),
        FaultKind.DelayPeers =>
            BetweenSilosAsync(fault, $"delay {fault.For.Milliseconds % 400}", $"delay {fault.For.Milliseconds % 400}", "open"),
        FaultKind.ResetPeers => BetweenSilosAsync(fault, "refuse", "refuse", "open"),
        FaultKind.ConnectionStorm => StormAsync(stage.Front.Ports[fault.Silo!.Value], fault.For),
        FaultKind.FillDisk => FillDiskAsync(fault.For, ended),
        FaultKind.StallDisk => BetweenAsync(fault.For, stage.Disk!.FreezeAsync, stage.Disk!.ThawAsync),
        FaultKind.SlowDisk => SlowDiskAsync(fault.For),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "No such fault."),
    };

    private async Task KillSiloAsync(int silo, TimeSpan down, Action ended)
    {
        await stage.Silos[silo].KillAsync();
        await Task.Delay(down);
        ended();
        await stage.Silos[silo].StartAsync();
    }

    private async Task KillDatabaseAsync(TimeSpan down, Action ended)
    {
        await stage.Server!.StopAsync(PostgresStop.Immediate);
        await Task.Delay(down);
        ended();
        await stage.StartDatabaseAsync();
    }

    private static async Task BetweenAsync(TimeSpan length, Func<Task> begin, Func<Task> end)
    {
        await begin();
        await Task.Delay(length);
        await end();
    }

    private static Task OnLinkAsync(Relay relay, PlannedFault fault, string begin, string end) =>
        BetweenAsync(fault.For, () => relay.SayAsync(fault.Silo!.Value, begin), () => relay.SayAsync(fault.Silo!.Value, end));

    private Task BetweenSilosAsync(PlannedFault fault, string toSilo, string fromSilo, string end) => BetweenAsync(
        fault.For, () => stage.Links!.CutAsync(fault.Silo!.Value, toSilo, fromSilo), () => stage.Links!.HealAsync(fault.Silo!.Value, end));

    private async Task EndSessionsAsync() => await PostgresServer.TerminateConnectionsAsync(stage.Ledger.ConnectionString);

    /// <summary>As a migration or a forgotten session of an operator would.</summary>
    private async Task LockTableAsync(TimeSpan length)
    {
        await using NpgsqlConnection connection = new(
            new NpgsqlConnectionStringBuilder(stage.Ledger.ConnectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlCommand command = new("LOCK TABLE ledger.entry IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        await Task.Delay(length);
    }

    /// <summary>As a backup that copies the file would.</summary>
    private async Task LockFileAsync(TimeSpan length)
    {
        await using SqliteConnection connection = new(
            new SqliteConnectionStringBuilder { DataSource = stage.Ledger.Path, Pooling = false }.ToString());
        connection.Open();
        await using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        await Task.Delay(length);
    }

    private async Task FillDiskAsync(TimeSpan length, Action ended)
    {
        SmallDisk disk = stage.Disk!;
        await disk.FillAsync();
        await Task.Delay(length);
        disk.Empty();
        ended();
        // PostgreSQL ends by itself when its recovery finds no room.
        if (stage.Server is not null) await stage.StartDatabaseAsync();
    }

    private async Task SlowDiskAsync(TimeSpan length)
    {
        long until = history.Now + (long)length.TotalMicroseconds;
        while (history.Now < until)
        {
            await BetweenAsync(SlowStop, stage.Disk!.FreezeAsync, stage.Disk!.ThawAsync);
            await Task.Delay(SlowGo);
        }
    }

    private static async Task StormAsync(int port, TimeSpan length)
    {
        List<Socket> storm = [];
        try
        {
            for (int i = 0; i < StormConnections; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                storm.Add(socket);
                await socket.ConnectAsync("127.0.0.1", port);
                // A third says nothing, a third begins HTTP/2 and stops, a third talks nonsense.
                if (i % 3 > 0)
                    await socket.SendAsync(i % 3 == 1 ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray() : "nonsense\0\0\0"u8.ToArray());
            }

            await Task.Delay(length);
        }
        catch (SocketException)
        {
            // Another fault took the proxy away meanwhile: the storm is over.
        }
        finally
        {
            foreach (Socket socket in storm) socket.Dispose();
        }
    }
}
