using Settlement.Tests.Support;

namespace Settlement.Torture.Serving;

/// <summary>
/// A silo with its supervisor. One that the others of its cluster voted out, as they should when they do not hear of it, ends by itself and
/// is started again; that any other ends is a defect.
/// </summary>
internal sealed class KeptSilo : IAsyncDisposable
{
    // Orleans' own word, as it ends the process.
    private const string VotedOut = "I should be Dead according to the membership table";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly SiloProcess silo;
    private readonly int number;
    private readonly TimeSpan patience;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private Task watching = Task.CompletedTask;
    private bool down = true;
    private volatile SiloEndedException? defect;
    private int timesVotedOut;

    /// <summary>Keeps a silo that is not started yet.</summary>
    public KeptSilo(SiloProcess silo, int number, TimeSpan patience) => (this.silo, this.number, this.patience) = (silo, number, patience);

    /// <summary>How often the others voted it out.</summary>
    public int TimesVotedOut => Volatile.Read(ref timesVotedOut);

    /// <summary>Port on which its gateway listens.</summary>
    public int Port => new Uri(silo.Address).Port;

    /// <summary>Starts it for the first time: nothing is struck yet, so that a silo which ends says what is wrong here.</summary>
    public async Task BeginAsync()
    {
        await silo.StartAsync();
        down = false;
        watching = WatchAsync();
    }

    /// <summary>Kills it.</summary>
    /// <exception cref="SiloEndedException">It had ended by itself: no fault here does that to it.</exception>
    public async Task KillAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (!await IsVotedOutAsync()) await silo.KillAsync();
            down = true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Starts it after a kill. One that finds no ledger ends again, as it should, and is started again.</summary>
    public async Task StartAsync()
    {
        await turn.WaitAsync();
        try
        {
            await StartInTurnAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stops every thread of it, until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => silo.PauseAsync();

    /// <summary>Lets it go on.</summary>
    public Task ResumeAsync() => silo.ResumeAsync();

    /// <summary>Looks whether it has ended by itself.</summary>
    /// <exception cref="SiloEndedException">It has, and nobody had voted it out.</exception>
    public void MustBeSound()
    {
        if (defect is { } found) throw found;
    }

    /// <summary>Stops it in good order.</summary>
    /// <exception cref="SiloEndedException">It had ended by itself.</exception>
    public async Task StopAsync()
    {
        await StopWatchingAsync();
        if (defect is null) await LookAsync();
        MustBeSound();
        await silo.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopWatchingAsync();
        await silo.DisposeAsync();
        turn.Dispose();
        stopping.Dispose();
    }

    private async Task StopWatchingAsync()
    {
        await stopping.CancelAsync();
        await watching;
    }

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(Pause);
        try
        {
            while (defect is null && await timer.WaitForNextTickAsync(stopping.Token)) await LookAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task LookAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (!down && await IsVotedOutAsync()) await StartInTurnAsync();
        }
        catch (SiloEndedException ended)
        {
            defect = ended;
        }
        catch (Exception lasting) when (lasting is InvalidOperationException or OperationCanceledException or TimeoutException)
        {
            defect = new SiloEndedException($"Silo {number} was voted out and does not come up again: {lasting.Message}");
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Whether it has ended because the others voted it out.</summary>
    private async Task<bool> IsVotedOutAsync()
    {
        if (silo.IsRunning) return false;
        string words = await silo.LastWordsAsync();
        if (!words.Contains(VotedOut, StringComparison.Ordinal))
            throw new SiloEndedException($"Silo {number} ended by itself: {(words.Length > 0 ? words : "it said nothing")}");
        Interlocked.Increment(ref timesVotedOut);
        return true;
    }

    private async Task StartInTurnAsync()
    {
        down = true;
        using CancellationTokenSource waiting = new(patience);
        while (true)
        {
            try
            {
                await silo.StartAsync();
                down = false;
                return;
            }
            catch (InvalidOperationException) when (!waiting.IsCancellationRequested)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }
}

/// <summary>A silo ended that nobody had killed.</summary>
internal sealed class SiloEndedException(string message) : Exception(message);
