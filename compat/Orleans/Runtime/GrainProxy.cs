using System.Diagnostics;

namespace Orleans.Runtime;

/// <summary>Base of the generated references: sends requests and gives the caller its task.</summary>
internal abstract class GrainProxy(ActivationDirectory directory, string key) : GrainReference(directory, key)
{
    private Activation? _activation;

    /// <summary>Calls a method without a result.</summary>
    public Task SendVoid(PlainRequest request)
    {
        if (request.Token.IsCancellationRequested) return Task.FromCanceled(request.Token);
        if (Refusal() is { } refusal) return Task.FromException(refusal);
        Deliver(request);
        return request.Result;
    }

    /// <summary>Calls a method with a result.</summary>
    public Task<TResult> SendValue<TResult>(ValueRequest<TResult> request)
    {
        if (request.Token.IsCancellationRequested) return Task.FromCanceled<TResult>(request.Token);
        if (Refusal() is { } refusal) return Task.FromException<TResult>(refusal);
        Deliver(request);
        return request.Result;
    }

    /// <summary>A silo that stops takes calls from its own grains only, so that they can end in order.</summary>
    private SiloUnavailableException? Refusal()
    {
        var silo = Directory.Silo;
        return silo.IsRunning || (silo.IsStopping && Activation.OnThread is not null) ? null : silo.Refusal();
    }

    private void Deliver(Request request)
    {
        // Never inside a turn of another grain: depth stays bounded, and no turn waits inside another.
        var mayRunHere = Activation.OnThread is null;
        if (Directory.Silo.PropagatesActivities) request.Activity = Activity.Current;
        var activation = _activation ??= Directory.Get(Key);
        Delivery delivery;
        while ((delivery = activation.Receive(request, mayRunHere)) == Delivery.Gone) _activation = activation = Directory.Get(Key);
        if (delivery == Delivery.Queued || !request.IsSettled) Directory.Silo.Pending.Add(request);
    }
}
