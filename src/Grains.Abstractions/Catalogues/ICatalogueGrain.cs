using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Refusals;

namespace Settlement.Catalogues;

/// <summary>The one writer of the catalogue, by <see cref="Key"/>.</summary>
[Alias("settlement.catalogue")]
public interface ICatalogueGrain : IGrainWithStringKey
{
    /// <summary>The grain's key.</summary>
    const string Key = "catalogue";

    /// <summary>Records a row that the gateway has checked, and answers when it is durable; the same again is answered as before.</summary>
    [Alias("record")]
    Task<Reply<CatalogueVersion>> Record(Immutable<CatalogueRow> row);

    /// <summary>The next versions behind one, as many as are stored together; none: it is the newest.</summary>
    [Alias("read-after")]
    Task<Immutable<CatalogueSegment>> ReadAfter(int version);

    /// <summary>One version that was recorded.</summary>
    [Alias("read")]
    Task<Immutable<CatalogueVersion>> Read(int version);
}
