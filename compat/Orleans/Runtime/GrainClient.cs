namespace Orleans.Runtime;

/// <summary>The factory of references; in one process it is the client as well.</summary>
internal sealed class GrainClient(Silo silo) : IClusterClient
{
    public IServiceProvider ServiceProvider => silo.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        if (grainClassNamePrefix is not null)
            throw new NotSupportedException("A prefix of the grain class name needs the real Orleans packages (Stack=packages).");
        return (TGrainInterface)(object)silo.BindingOf(typeof(TGrainInterface)).Reference(primaryKey);
    }
}

/// <summary>A grain interface in one silo: its generated reference and the activations behind it.</summary>
internal sealed class GrainBinding(ActivationDirectory directory, Func<ActivationDirectory, string, GrainProxy> create)
{
    public GrainProxy Reference(string key) => create(directory, key);
}
