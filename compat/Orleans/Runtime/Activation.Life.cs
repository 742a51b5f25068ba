using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

/// <summary>Beginning and end of an activation. Both run as turns.</summary>
internal sealed partial class Activation
{
    /// <summary>
    /// Takes over the requests of an activation that has ended. Only before the activation is known to others, and <see cref="Begin"/> must
    /// follow.
    /// </summary>
    public void Inherit(List<Request> requests)
    {
        _state = State.Activating;
        foreach (var request in requests)
        {
            request.Owner = this;
            _requests.Add(request);
        }
    }

    /// <summary>Starts the activation.</summary>
    public void Begin() => StartTurn(static state => _ = ((Activation)state!).ActivateAsync());

    private async Task ActivateAsync()
    {
        var limit = new CancellationTokenSource(Silo.Collection.ActivationTimeout, Silo.Time);
        try
        {
            lock (Gate) _activating = limit;
            _scope = Silo.Services.CreateAsyncScope();
            var states = _directory.Class.StatesOf(this);
            GrainInstance = _directory.Class.Create(_scope.Value.ServiceProvider, states);
            foreach (var state in states) await state.ReadStateAsync().WaitAsync(limit.Token);
            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            Silo.Log.ActivationFailed(exception, GrainId);
            await FinishAsync(exception);
            return;
        }
        finally
        {
            lock (Gate) _activating = null;
            limit.Dispose();
        }

        bool ended;
        lock (Gate)
        {
            _lastUse = Silo.Heartbeat.Now;
            ended = _state == State.Deactivating;
            if (!ended) _state = State.Valid;
        }

        if (ended) await DeactivateAsync(callGrain: false);
    }

    private async Task DeactivateAsync(bool callGrain)
    {
        StopTimers();
        if (callGrain && GrainInstance is IGrainBase grain)
        {
            try
            {
                using var limit = new CancellationTokenSource(Silo.Collection.DeactivationTimeout, Silo.Time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _deactivationToken);
                await grain.OnDeactivateAsync(_reason, both.Token).WaitAsync(both.Token);
            }
            catch (Exception exception)
            {
                Silo.Log.DeactivationFailed(exception, GrainId);
            }
        }

        await FinishAsync(failure: null);
    }

    private async Task FinishAsync(Exception? failure)
    {
        StopTimers();
        await DisposeInstanceAsync();
        List<Request> refused;
        Activation? successor;
        TaskCompletionSource? deactivated;
        lock (Gate)
        {
            var waiting = _requests.TakeAll();
            var (moving, rest) = failure is null && !Silo.IsStopping ? Split(waiting) : ([], waiting);
            refused = rest;
            successor = _directory.Replace(this, moving);
            _state = State.Gone;
            deactivated = _deactivated;
        }

        deactivated?.TrySetResult();
        successor?.Begin();
        foreach (var request in refused) request.Reject(failure ?? Refusal());
    }

    /// <summary>Parts the requests that may go to a successor from the others.</summary>
    private (List<Request> Moving, List<Request> Refused) Split(List<Request> waiting)
    {
        var moving = new List<Request>(waiting.Count);
        var rest = new List<Request>();
        foreach (var request in waiting)
        {
            if (request.IsAnswered) continue;
            var moves = !request.IsLocal && ++request.Forwards <= Silo.Messaging.MaxForwardCount;
            (moves ? moving : rest).Add(request);
        }

        return (moving, rest);
    }

    private OrleansMessageRejectionException Refusal() => Silo.IsStopping
        ? new SiloUnavailableException($"The silo is stopping: {GrainId} takes no more calls.")
        : new OrleansMessageRejectionException($"{GrainId} was deactivated again and again before it could take the call: {_reason}");

    private void StopTimers()
    {
        HashSet<GrainTimer>? timers;
        lock (Gate)
        {
            timers = _timers;
            _timers = null;
        }

        if (timers is null) return;
        foreach (var timer in timers) timer.Dispose();
    }

    private async ValueTask DisposeInstanceAsync()
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else if (GrainInstance is IDisposable disposable) disposable.Dispose();
            if (_scope is { } scope) await scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }
    }
}
