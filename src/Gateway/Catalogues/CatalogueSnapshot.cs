using Microsoft.Extensions.Logging;
using Orleans;
using Settlement.Catalogues;
using Settlement.Contract;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Catalogues;

/// <summary>
/// The catalogue as this gateway holds it: read whole when it is first asked for, then only what came behind it, in the background every
/// <see cref="Fresh"/> while it is used. One unused for <see cref="Stale"/> is read before it is used.
/// </summary>
/// <remarks>When it cannot be read, what was read last stays in force, as it does of the registry of facilities.</remarks>
public sealed class CatalogueSnapshot(IGrainFactory grains, TimeProvider time, ILogger<CatalogueSnapshot> log)
{
    /// <summary>How long the catalogue is used without a look at what was imported.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>After how long it is no longer used before it was asked: an import holds everywhere within this time.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);

    private const long Never = long.MinValue;
    private readonly MedicalCatalogue catalogue = new();
    private readonly Lock gate = new();
    private Task? reading;
    private long readAt = Never;
    private int recorded;

    /// <summary>The catalogue, with all that was imported through this gateway, and through others up to <see cref="Stale"/> ago.</summary>
    /// <exception cref="RefusalException">CATALOGUE_UNAVAILABLE: it was never read, and cannot be.</exception>
    public async ValueTask<MedicalCatalogue> GetAsync()
    {
        long at = Volatile.Read(ref readAt);
        TimeSpan age = at == Never ? Stale : time.GetElapsedTime(at);
        if (age >= Stale || catalogue.Newest < Volatile.Read(ref recorded)) await ReadOnceAsync();
        else if (age >= Fresh) _ = ReadOnceAsync();
        return catalogue;
    }

    /// <summary>Asks the catalogue's writer.</summary>
    /// <exception cref="RefusalException">CATALOGUE_UNAVAILABLE.</exception>
    internal async Task<T> AskAsync<T>(Func<ICatalogueGrain, Task<T>> question)
    {
        try
        {
            return await question(grains.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key));
        }
        catch (Exception error) when (error is not RefusalException)
        {
            log.CatalogueUnavailable(error);
            throw new RefusalException(new RefusalInfo(
                RefusalCodes.CatalogueUnavailable,
                "The catalogue cannot be read or written now; whether a row was recorded is told by sending it again.",
                "医保目录暂时无法访问，请稍后重试。"));
        }
    }

    /// <summary>A version was recorded through this gateway: whoever asks next sees it.</summary>
    internal void Note(int version)
    {
        lock (gate) recorded = Math.Max(recorded, version);
    }

    private Task ReadOnceAsync()
    {
        lock (gate) return reading is { IsCompleted: false } ? reading : reading = ReadAsync();
    }

    private async Task ReadAsync()
    {
        await Task.Yield(); // whoever begins it holds the gate
        try
        {
            while ((await AskAsync(writer => writer.ReadAfter(catalogue.Newest))).Value.Versions is { Count: > 0 } next)
            {
                foreach (CatalogueVersion version in next) catalogue.Add(version);
            }
        }
        catch (RefusalException) when (Volatile.Read(ref readAt) != Never)
        {
            // Logged. Asked again after a while, not by every message.
        }

        Volatile.Write(ref readAt, time.GetTimestamp());
    }
}
