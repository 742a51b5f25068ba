using Orleans;
using Orleans.Runtime;

namespace Settlement.Contract;

public interface ILifeGrain : IGrainWithStringKey
{
    /// <summary>The number of this activation among those of its key, from 1.</summary>
    Task<int> Activation();

    Task Leave();

    /// <summary>Asks for deactivation, then works on until the test lets go.</summary>
    Task LeaveButStayBusy();

    /// <summary>Asks for deactivation by way of the grain context.</summary>
    Task LeaveByContext();

    Task DelayDeactivation(TimeSpan delay);
}

public sealed class LifeGrain(Observer observer, IGrainContext context) : Grain, ILifeGrain
{
    private string _key = "";
    private bool _active;
    private int _number;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = this.GetPrimaryKeyString();
        _number = observer.Count($"activating {_key}") + 1;
        observer.Report($"activating {_key}");
        await Task.Yield();
        _active = true;
        observer.Report($"activated {_key}");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        observer.Report($"deactivating {_key} {reason.ReasonCode}");
        _active = false;
        await Task.Yield();
        observer.Report($"deactivated {_key}");
    }

    public Task<int> Activation()
    {
        if (!_active) throw new InvalidOperationException("A call ran outside the life of its activation.");
        return Task.FromResult(_number);
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task LeaveButStayBusy()
    {
        DeactivateOnIdle();
        observer.Report($"leaving {_key}");
        await observer.Until($"let go {_key}");
        observer.Report($"left {_key}");
    }

    public Task LeaveByContext()
    {
        if (context.GrainId != this.GetGrainId()) throw new InvalidOperationException("The context is another grain's.");
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "The test asked for it."));
        return Task.CompletedTask;
    }

    Task ILifeGrain.DelayDeactivation(TimeSpan delay)
    {
        DelayDeactivation(delay);
        return Task.CompletedTask;
    }
}

public interface IUnwillingGrain : IGrainWithStringKey
{
    Task Ping();
}

/// <summary>Fails to activate the first time.</summary>
public sealed class UnwillingGrain(Observer observer) : Grain, IUnwillingGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = $"tried {this.GetPrimaryKeyString()}";
        var tried = observer.Count(name);
        observer.Report(name);
        return tried == 0 ? Task.FromException(new InvalidDataException("The record is torn.")) : Task.CompletedTask;
    }

    public Task Ping() => Task.CompletedTask;
}

public interface IPassiveGrain : IGrainWithStringKey
{
    Task<string> Key();

    Task<string> Ask(string other);
}

/// <summary>Calls another grain of its class.</summary>
public sealed class PassiveGrain : Grain, IPassiveGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public async Task<string> Ask(string other) =>
        $"{this.GetPrimaryKeyString()} asked {await GrainFactory.GetGrain<IPassiveGrain>(other).Key()}";
}

public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer with a tick after each pause, until so many ticks have been.</summary>
    Task Start(int ticks);

    Task<bool> TicksWereAlone();

    /// <summary>Starts a timer whose first tick fails.</summary>
    Task StartFailing();
}

public sealed class TimerGrain(Observer observer) : Grain, ITimerGrain
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);
    private IGrainTimer? _timer;
    private int _ticks;
    private int _inside;
    private bool _alone = true;

    public async Task Start(int ticks)
    {
        _inside++;
        var scheduler = TaskScheduler.Current;
        _timer = this.RegisterGrainTimer(
            async (wanted, token) =>
            {
                if (++_inside != 1 || TaskScheduler.Current != scheduler || token.IsCancellationRequested) _alone = false;
                await Task.Yield();
                _inside--;
                if (++_ticks < wanted) return;
                _timer!.Dispose();
                observer.Report($"ticked {this.GetPrimaryKeyString()}");
            },
            ticks,
            new GrainTimerCreationOptions(TimeSpan.Zero, s_pause));

        // The timer is due at once, but this call has not ended.
        for (var i = 0; i < 100; i++) await Task.Yield();
        _inside--;
    }

    public Task<bool> TicksWereAlone() => Task.FromResult(_alone);

    public Task StartFailing()
    {
        this.RegisterGrainTimer(
            () =>
            {
                observer.Report($"tick {++_ticks} {this.GetPrimaryKeyString()}");
                if (_ticks == 1) throw new InvalidOperationException("This tick fails.");
                return Task.CompletedTask;
            },
            new() { DueTime = TimeSpan.Zero, Period = s_pause });
        return Task.CompletedTask;
    }
}
