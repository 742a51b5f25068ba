namespace Settlement.Catalogues;

/// <summary>What one version of the catalogue says.</summary>
/// <param name="Value">Of an entry the number of its class, of a share basis points, of a limit fen a unit.</param>
/// <param name="Version">The version.</param>
public readonly record struct CatalogueValue(long Value, int Version);

/// <summary>What the catalogue says of a code on a day in a region; null where it says nothing.</summary>
/// <param name="Class">Class, as a number of <c>FeeLine.Class</c>.</param>
/// <param name="Share">Self-pay share in basis points.</param>
/// <param name="Limit">Price limit in fen a unit.</param>
public readonly record struct CatalogueFinding(CatalogueValue? Class, CatalogueValue? Share, CatalogueValue? Limit);
