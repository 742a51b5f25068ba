namespace Orleans;

/// <summary>Gives references to grains. A reference needs no grain to be active, and no call is made.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain with this key.</summary>
    /// <exception cref="ArgumentException">No grain class, or more than one, implements the interface; or the key is blank.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;
}

/// <summary>The way from outside of grains to grains.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the client; in a silo those of the host.</summary>
    IServiceProvider ServiceProvider { get; }
}
