using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of grain classes. Instances are made by the runtime only, one per activation.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly Activation? _activation;

    /// <summary>Binds the instance to the activation being started on this thread, if any.</summary>
    protected Grain() => _activation = Activation.OnThread;

    /// <inheritdoc/>
    public IGrainContext GrainContext => Owner;

    /// <summary>Gives references to other grains.</summary>
    protected IGrainFactory GrainFactory => Owner.Silo.Client;

    /// <summary>The services of this activation; scoped services live as long as the activation.</summary>
    protected internal IServiceProvider ServiceProvider => Owner.ActivationServices;

    private Activation Owner => _activation
        ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process and no runtime was specified.");

    /// <inheritdoc cref="IGrainBase.OnActivateAsync"/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync"/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the activation when the running calls are done. Waiting and later calls go to a new activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps the activation from idle collection for a while; zero or less takes an earlier wish back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Owner.DelayDeactivation(timeSpan);
}
